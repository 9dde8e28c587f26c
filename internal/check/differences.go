package check

import (
	"fmt"
	"mime"
	"strings"
)

// Difference is where two targets answered one step differently, in one sentence.
type Difference struct{ Step, What string }

func (d Difference) String() string { return d.Step + ": " + d.What }

// Differences says where two targets answered the same steps differently: in
// status, content type or the shape of their JSON, one a step. Two
// servers that do not do the same work are not comparable, and the reader of a
// comparison must know. Visits that failed are not compared.
func Differences(a, b Visit) []Difference {
	for _, v := range []Visit{a, b} {
		if _, failed := v.Failed(); failed || v.Err != nil {
			return nil
		}
	}
	byStep := map[string]Answer{}
	for _, answer := range b.Answers {
		byStep[answer.Step] = answer
	}
	var out []Difference
	for _, first := range last(a.Answers) {
		second, ok := byStep[first.Step]
		if !ok {
			out = append(out, Difference{first.Step, fmt.Sprintf("only %s has this step", a.Target)})
			continue
		}
		if d := answerDifferences(a.Target, first, b.Target, second); len(d) > 0 {
			out = append(out, Difference{first.Step, strings.Join(d, "; ")})
		}
	}
	return out
}

func answerDifferences(nameA string, a Answer, nameB string, b Answer) []string {
	var out []string
	if a.Status != b.Status {
		out = append(out, fmt.Sprintf("%s answers %d, %s %d", nameA, a.Status, nameB, b.Status))
	}
	typeA, typeB := mediaType(a), mediaType(b)
	if typeA != typeB {
		return append(out, fmt.Sprintf("%s answers with %s, %s with %s", nameA, typeA, nameB, typeB))
	}
	shapeA, okA := shapeOf(a.Body)
	shapeB, okB := shapeOf(b.Body)
	if okA && okB {
		out = append(out, shapeDifferences(nameA, shapeA, nameB, shapeB)...)
	}
	return out
}

func mediaType(a Answer) string {
	if len(a.Body) == 0 {
		return "no body"
	}
	media, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		return "no content type"
	}
	return media
}

// last are the answers without those behind which their step was asked once more:
// how often that was is chance.
func last(answers []Answer) []Answer {
	var out []Answer
	for i, a := range answers {
		if i+1 == len(answers) || answers[i+1].Again == "" {
			out = append(out, a)
		}
	}
	return out
}

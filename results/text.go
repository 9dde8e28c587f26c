package results

import (
	"iter"
	"reflect"
	"strings"
	"time"

	"taskbench/internal/source"
)

// quoting are the keys of what a document quotes of commands, servers, tools and
// their answers. Names, hashes and encoded histograms are not among them.
var quoting = map[string]bool{
	"url": true, "start": true, "reset": true, "warnings": true, "notes": true, "refused": true, "overridden": true, "what": true, "hint": true,
	"error": true, "missing": true, "body": true, "argv": true, "text": true, "title": true, "stderr": true,
}

// Redact puts every text that a document quotes through hide, in place.
func (d *Document) Redact(hide func(string) string) {
	mapText(reflect.ValueOf(d).Elem(), "", func(key, text string) string {
		if quoting[key] || key == "file" && strings.Contains(text, "://") { // a scenario that was made of URLs
			return hide(text)
		}
		return text
	})
}

// printable makes every text of a document safe to show. What must be a name is
// judged afterwards.
func (d *Document) printable() {
	mapText(reflect.ValueOf(d).Elem(), "", func(_, text string) string { return source.Printable(text) })
}

// quotes reports whether a document holds anything of an answer.
func (d *Document) quotes() bool {
	for _, m := range d.Scenarios {
		if m.Refused != "" {
			return true
		}
		for _, t := range m.Trials {
			for _, s := range t.Steps {
				if s.Example != nil {
					return true
				}
			}
		}
	}
	return false
}

// mapText puts every string below v through f, with the key of the field it
// stands in.
func mapText(v reflect.Value, key string, f func(key, text string) string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			mapText(v.Elem(), key, f)
		}
	case reflect.Struct:
		for key, field := range fields(v) {
			mapText(field, key, f)
		}
	case reflect.Slice:
		if k := v.Type().Elem().Kind(); k == reflect.String || k == reflect.Struct || k == reflect.Pointer {
			for i := range v.Len() {
				mapText(v.Index(i), key, f)
			}
		}
	case reflect.Map:
		mapKeys(v, key, f)
	case reflect.String:
		v.SetString(f(key, v.String()))
	}
}

// mapKeys puts a map's keys through f; its values are numbers.
func mapKeys(v reflect.Value, key string, f func(key, text string) string) {
	for _, k := range v.MapKeys() {
		if text := f(key, k.String()); text != k.String() {
			value := v.MapIndex(k)
			v.SetMapIndex(k, reflect.Value{})
			v.SetMapIndex(reflect.ValueOf(text), value)
		}
	}
}

// fields are the fields of a struct that JSON knows, by their keys.
func fields(v reflect.Value) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if !yield(key, v.Field(i)) {
				return
			}
		}
	}
}

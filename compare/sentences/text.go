package sentences

import (
	"reflect"

	"taskbench/compare/finding"
)

var findingType = reflect.TypeFor[finding.Finding]()

// WithTexts is a copy of what was found whose findings have their sentences,
// for JSON. What holds no findings is shared with the original.
func WithTexts[T any](v T) T {
	return told(reflect.ValueOf(v)).Interface().(T)
}

// told copies a value with the sentences of the findings in it.
func told(v reflect.Value) reflect.Value {
	if !holds(v.Type(), nil) {
		return v
	}
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(told(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		}
		for i := range v.Len() {
			out.Index(i).Set(told(v.Index(i)))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(told(v.Field(i)))
			}
		}
		if f, ok := out.Interface().(finding.Finding); ok {
			f.Text = Of(f)
			out.Set(reflect.ValueOf(f))
		}
	}
	return out
}

// holds reports whether values of a type may have findings in them; above are
// the types that it is asked within.
func holds(t reflect.Type, above []reflect.Type) bool {
	for _, a := range above {
		if a == t {
			return false
		}
	}
	above = append(above, t)
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return holds(t.Elem(), above)
	case reflect.Struct:
		if t == findingType {
			return true
		}
		for i := range t.NumField() {
			if t.Field(i).IsExported() && holds(t.Field(i).Type, above) {
				return true
			}
		}
	}
	return false
}

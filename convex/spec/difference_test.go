package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// declared is a spec of public functions, each given as its path, type, arguments and result.
func declared(t *testing.T, functions ...[4]string) *Spec {
	t.Helper()
	var entries []string
	for _, f := range functions {
		entries = append(entries, fmt.Sprintf(`{"identifier":%q,"functionType":%q,"visibility":{"kind":"public"},"args":%s,"returns":%s}`, f[0], f[1], f[2], f[3]))
	}
	s, warnings, err := Parse([]byte("[" + strings.Join(entries, ",") + "]"))
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	return s
}

func TestDifferences(t *testing.T) {
	const none, word, either, other = `{"type":"object","value":{}}`, `{"type":"string"}`,
		`{"type":"union","value":[{"type":"string"},{"type":"null"}]}`, `{"type":"union","value":[{"type":"null"},{"type":"string"}]}`
	optional := `{"type":"object","value":{"a":{"fieldType":{"type":"string"},"optional":true}}}`
	required := strings.Replace(optional, "true", "false", 1)
	first := declared(t, [4]string{"a:same", "Query", optional, either}, [4]string{"a:gone", "Query", none, "null"}, [4]string{"b:kind", "Query", none, word},
		[4]string{"b:both", "Mutation", optional, word}, [4]string{"c:result", "Action", none, "null"})
	second := declared(t, [4]string{"a:same", "Query", optional, other}, [4]string{"a:new", "Query", none, "null"}, [4]string{"b:kind", "Mutation", none, word},
		[4]string{"b:both", "Mutation", required, either}, [4]string{"c:result", "Action", none, word})
	var got []string
	for _, d := range Differences(first, second) {
		got = append(got, d.String())
	}
	want := []string{"a:gone (removed)", "a:new (added)", "b:both (arguments)", "b:both (result)", "b:kind (kind)", "c:result (result)"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if d := Differences(first, first); len(d) != 0 {
		t.Errorf("a spec differs from itself: %v", d)
	}
	real := parsed(t, "function-spec.json")
	if d := Differences(real, real.Public()); len(d) != 0 {
		t.Errorf("internal functions count: %v", d)
	}
}

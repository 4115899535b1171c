package spec

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"convexgateway/convex"
)

// recorded is one call of a function, and what a real backend answered.
type recorded struct {
	name string
	path string
	args json.RawMessage
	text string // of the error; empty for a success
}

// recordings reads the calls of a file of recorded transcripts whose function is known.
func recordings(t *testing.T, name string, known *Spec) (calls []recorded) {
	t.Helper()
	content, err := os.ReadFile("../../dev/deployment/testdata/golden/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Steps []struct {
				Case   string
				HTTP   struct{ Body string }
				Expect struct{ Body string }
			}
		}
	}
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		for _, step := range c.Steps {
			var sent struct {
				Path string
				Args json.RawMessage
			}
			var answer struct{ ErrorMessage string }
			body := placeholder.ReplaceAllString(step.Expect.Body, "0")
			if json.Unmarshal([]byte(step.HTTP.Body), &sent) != nil || json.Unmarshal([]byte(body), &answer) != nil {
				continue // what is no JSON, or has a placeholder for a long text, is a matter of values
			}
			path, err := convex.ParsePath(sent.Path)
			if err == nil && known.Find(path) != nil && step.Case != "dup keys" { // which the gateway refuses on purpose
				calls = append(calls, recorded{step.Case, sent.Path, sent.Args, answer.ErrorMessage})
			}
		}
	}
	return calls
}

// placeholder is a bare number in a recorded answer.
var placeholder = regexp.MustCompile(`<(time|ts|serverTs):\d+>`)

// field finds in the deployment's text the field that it names.
func field(text string) string {
	path := ""
	if m := regexp.MustCompile(`(?:^|\n|\.)Path: \.?(\S+)`).FindStringSubmatch(text); m != nil {
		path = strings.TrimSuffix(m[1], ".values()")
	}
	m := regexp.MustCompile("(?:required|extra) field `([^`]*)`").FindStringSubmatch(text)
	switch {
	case m == nil:
		return path
	case path == "":
		return m[1]
	default:
		return path + "." + m[1]
	}
}

// What a real backend refused because of its validators is refused, at the field that it named or below, and what it took is taken. Which
// table an id belongs to is not known here.
func TestCheck_recorded(t *testing.T) {
	real := parsed(t, "function-spec.json")
	own := parsed(t, "golden-functions.json")
	checked := 0
	for _, file := range []struct {
		name  string
		known *Spec
	}{{"args_validation", own}, {"args_required", own}, {"args_required", real}, {"sample_app", real}, {"values_encoded", real}, {"values_json", real}, {"values_top", real}, {"echo", real}, {"http_query", real}, {"http_mutation", real}} {
		for _, call := range recordings(t, file.name, file.known) {
			if strings.Contains(call.text, "but it is defined as") {
				continue // arguments come after the kind
			}
			canonical, err := convex.CanonicalArguments(call.args)
			if err != nil {
				if call.text == "" {
					t.Errorf("%s, %s: %s was taken, and is no arguments: %v", file.name, call.name, call.args, err)
				}
				continue
			}
			checked++
			f := function(t, file.known, call.path)
			m := Check(f.Args, canonical)
			refused := strings.Contains(call.text, "ArgumentValidationError") && !strings.Contains(call.text, "Found ID")
			switch {
			case !refused && m != nil:
				t.Errorf("%s, %s: %s was taken, and is refused: %v", file.name, call.name, call.args, m)
			case refused && m == nil:
				t.Errorf("%s, %s: %s was refused, and is taken: %s", file.name, call.name, call.args, call.text)
			case refused && !strings.HasPrefix(m.Field, field(call.text)):
				t.Errorf("%s, %s: %s is refused at %s: %s", file.name, call.name, call.args, m.Field, call.text)
			}
		}
	}
	if checked < 250 {
		t.Errorf("only %d calls were checked", checked)
	}
}

// Everything that functions of a real backend declared can be described.
func TestCheck_described(t *testing.T) {
	var want []string
	for f := range parsed(t, "shapes.json").All() {
		m := Check(f.Args, []byte(`"x"`))
		if f.Args != Any && m == nil {
			t.Errorf("%s takes a string as its arguments", f.Path)
		} else if m != nil && !slices.Contains(want, m.Error()) {
			want = append(want, m.Error())
		}
	}
	if !slices.Equal(want, []string{"want an object, not a string"}) {
		t.Error(want)
	}
}

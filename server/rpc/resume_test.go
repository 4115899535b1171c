package rpc

import (
	"testing"

	"convexgateway/convex"
)

func TestResumeTokenIdentifiesOneResult(t *testing.T) {
	t.Parallel()
	path, _ := convex.ParsePath("a:b")
	other, _ := convex.ParsePath("a:c")
	inv := Invocation{Path: path, Args: []byte(`{}`)}
	value := &convex.Result{Value: []byte(`5`), Timestamp: 1}
	tokens := map[[16]byte]string{}
	for name, token := range map[string][16]byte{
		"value":             resumeHash(convex.Identity{}, inv, value),
		"other value":       resumeHash(convex.Identity{}, inv, &convex.Result{Value: []byte(`6`)}),
		"other identity":    resumeHash(convex.Identity{1}, inv, value),
		"other path":        resumeHash(convex.Identity{}, Invocation{Path: other, Args: inv.Args}, value),
		"other arguments":   resumeHash(convex.Identity{}, Invocation{Path: path, Args: []byte(`{"a":1}`)}, value),
		"redacted error":    resumeHash(convex.Identity{}, inv, &convex.Result{Err: &convex.FunctionError{Data: []byte(`5`)}}),
		"error":             resumeHash(convex.Identity{}, inv, &convex.Result{Err: &convex.FunctionError{Message: "5"}}),
		"error without all": resumeHash(convex.Identity{}, inv, &convex.Result{Err: &convex.FunctionError{}}),
	} {
		if twin := tokens[token]; twin != "" {
			t.Errorf("%s and %s have one token", name, twin)
		}
		tokens[token] = name
	}
	later := resumeHash(convex.Identity{}, inv, &convex.Result{Value: []byte(`5`), Timestamp: 2})
	if tokens[later] != "value" {
		t.Error("the read time changes the hash")
	}
	inv.Format = JSONFormat
	if tokens[resumeHash(convex.Identity{}, inv, value)] != "value" {
		t.Error("the format changes the hash")
	}
}

func FuzzParseResumeToken(f *testing.F) {
	f.Add("")
	f.Add("!")
	f.Add("AQ")
	f.Add("_w")
	f.Add(resumeToken{hash: [16]byte{1, 2}, readTime: 1 << 63}.String())
	f.Add(resumeToken{hash: [16]byte{1, 2}, readTime: 1, journal: "sealed"}.String())
	f.Fuzz(func(t *testing.T, text string) {
		token, err := parseResumeToken(text)
		if err != nil {
			if token != (resumeToken{}) {
				t.Fatal("an error, and a token")
			}
			return
		}
		again, err := parseResumeToken(token.String())
		if err != nil || again != token {
			t.Fatalf("%v became %v, %v", token, again, err)
		}
	})
}

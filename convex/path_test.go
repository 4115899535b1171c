package convex

import (
	"strings"
	"testing"
)

func TestParsePath(t *testing.T) {
	valid := []struct{ text, canonical, short string }{
		{"messages:list", "messages.js:list", "messages:list"},
		{"messages.js:list", "messages.js:list", "messages:list"},
		{"messages", "messages.js:default", "messages"},
		{"messages:default", "messages.js:default", "messages"},
		{"foo/bar:baz", "foo/bar.js:baz", "foo/bar:baz"},
		{"a.b/c:d", "a.b/c.js:d", "a.b/c.js:d"},
		{".a.js:x", ".a.js:x", ".a.js:x"},
		{"values.js.js:echo", "values.js.js:echo", "values.js.js:echo"},
		{"_x/a1:_y", "_x/a1.js:_y", "_x/a1:_y"},
		{strings.Repeat("a", 61) + ":f", strings.Repeat("a", 61) + ".js:f", strings.Repeat("a", 61) + ":f"},
	}
	for _, tt := range valid {
		p, err := ParsePath(tt.text)
		if err != nil {
			t.Errorf("ParsePath(%q): %v", tt.text, err)
			continue
		}
		if p.Canonical() != tt.canonical || p.String() != tt.short {
			t.Errorf("ParsePath(%q) = %q, %q; want %q, %q", tt.text, p.Canonical(), p.String(), tt.canonical, tt.short)
		}
		if again, err := ParsePath(p.String()); err != nil || again != p {
			t.Errorf("ParsePath(%q) does not read its own short form back: %v, %v", tt.text, again, err)
		}
	}
	for _, text := range []string{
		"", ":", "m:", ":f", "a.b:c", "my-file:x", "x.ts:y", "/a:b", "./a:b", "../a:b", "a:b:c", "m:1x", "m:__", "a//b:c",
		"a/:c", "a/../b:c", "...:x", "é:x", "m:é", "m: f", "__:f", strings.Repeat("a", 62) + ":f", "m:" + strings.Repeat("f", 65),
	} {
		if p, err := ParsePath(text); err == nil {
			t.Errorf("ParsePath(%q) = %v, want an error", text, p)
		}
	}
}

// Paths that the deployment takes and that can never run, whether their module exists or not. Each fails as an internal error,
// which over the socket ends it for everybody: recorded from convex-local-backend 94a42c3: http_paths.json, ws_query_paths.json.
func TestPathsThatNeverRun(t *testing.T) {
	for _, text := range []string{"a.b.js:c", "x/a.b.js:c", "nested/a.b.js:get", "a..js:x", "..a.js:x", ".a.b.js:x", "a.b.js", "__:x", "__.js:x", "x/__:y", "..js:x"} {
		if p, err := ParsePath(text); err == nil {
			t.Errorf("ParsePath(%q) = %v, want an error", text, p)
		}
	}
}

func TestPathParts(t *testing.T) {
	p := mustPath(t, "users/admin.js:grant")
	if p.Module() != "users/admin" || p.Function() != "grant" || p.IsZero() || !(Path{}).IsZero() {
		t.Errorf("module %q, function %q", p.Module(), p.Function())
	}
}

func FuzzParsePath(f *testing.F) {
	for _, text := range []string{"messages:list", "messages", "a.b.js:c", "foo/bar.js:baz", "a:b:c", "", "...:x", "é:x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePath(text)
		if err != nil {
			return
		}
		for _, form := range []string{p.String(), p.Canonical()} {
			if again, err := ParsePath(form); err != nil || again != p {
				t.Errorf("%q is %+v, whose form %q is %+v, %v", text, p, form, again, err)
			}
		}
		if n := len(p.Canonical()); n > len(text)+len(".js:default") {
			t.Errorf("%q has grown to %d bytes", text, n)
		}
	})
}

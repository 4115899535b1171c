package convex

import (
	"strings"
	"testing"
)

func TestPathPatterns(t *testing.T) {
	t.Parallel()
	patterns, err := ParsePathPatterns([]string{"catalog:*", "flags.js:list", "admin/*:get*", "*:public_*", "pages:default"})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"catalog:list": true, "catalog:default": true, "catalog": true, "catalog.js:list": true, "catalogs:list": false, "a/catalog:list": false,
		"flags:list": true, "flags.js:list": true, "flags:lists": false, "flags:List": false,
		"admin/users:getAll": true, "admin/users:get": true, "admin/users:forget": false, "admin/users/deep:get": false, "admin:get": false,
		"other:public_list": true, "a/other:public_list": false, "pages": true, "pages:list": false,
	} {
		path, err := ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := patterns.Match(path); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if path, _ := ParsePath("catalog:list"); (PathPatterns{}).Match(path) {
		t.Error("no patterns match")
	}
}

func TestPathPatterns_refused(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"":             "has no function",
		"catalog":      "module:*",
		"*":            "module:*",
		"catalog:":     "function name is empty",
		":list":        "module is missing",
		"catalog:li-t": "function name has a character",
		"cata log:*":   "module has a character",
		"[a-z]:list":   "module has a character",
		"/catalog:*":   "must not start with /",
		"a//b:*":       "empty segment",
		"catalog:*,":   "function name has a character",
	} {
		_, err := ParsePathPatterns([]string{"flags:list", pattern})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", pattern, err)
		}
	}
}

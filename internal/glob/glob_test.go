package glob

import (
	"regexp"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "anything:at/all", true},
		{"messages:list", "messages:list", true},
		{"messages:list", "messages:lists", false},
		{"messages:*", "messages:list", true},
		{"messages:*", "messages:", true},
		{"messages:*", "xmessages:list", false},
		{"*:list", "a/b:list", true},
		{"*:list", "a/b:lists", false},
		{"a*b*c", "abc", true},
		{"a*b*c", "aXbYbZc", true},
		{"a*b*c", "acb", false},
		{"ab*ba", "aba", false}, // the parts may not overlap
		{"user_**", "user_ada", true},
		{"USER_*", "user_ada", false},
		{".*", "x", false}, // no regular expression
	} {
		if got := Match(test.pattern, test.text); got != test.want {
			t.Errorf("Match(%q, %q) = %v", test.pattern, test.text, got)
		}
	}
	if MatchAny(nil, "a") || !MatchAny([]string{"b", "a*"}, "a") {
		t.Error("MatchAny is not that of any")
	}
}

// A pattern matches what the regular expression matches that says the same.
func FuzzMatch(f *testing.F) {
	f.Add("a*b*c", "aXbYc")
	f.Add("ab*ba", "aba")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 100 {
			t.Skip("the regular expression is slow")
		}
		same := regexp.MustCompile(`(?s)^` + strings.ReplaceAll(regexp.QuoteMeta(strings.ToValidUTF8(pattern, "")), `\*`, ".*") + `$`)
		if got, want := Match(strings.ToValidUTF8(pattern, ""), strings.ToValidUTF8(text, "")), same.MatchString(strings.ToValidUTF8(text, "")); got != want {
			t.Errorf("Match(%q, %q) = %v", pattern, text, got)
		}
	})
}

package main

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
)

func TestCountPassed(t *testing.T) {
	totals := map[string]*regexp.Regexp{}
	for _, s := range suites {
		totals[s.name] = s.passed
	}
	for _, test := range []struct {
		suite, output string
		want          int
	}{
		{"js", "✔ pass 7 (1ms)\nℹ tests 39\nℹ pass 39\nℹ fail 0\n", 39},
		{"js", "ℹ tests 0\nℹ pass 0\n", 0},
		{"python", "....\nRan 16 tests in 0.8s\n\nOK\n", 16},
		{"python", "Ran 0 tests in 0.0s\n", 0},
		{"rust", "test result: ok. 0 passed; 0 failed\ntest result: ok. 8 passed; 0 failed\n", 8},
		{"frames", "    18 client Connect\n94 frames, all right\n25 frames in testdata\n", 119},
		{"frames", "", 0},
	} {
		got, err := countPassed(totals[test.suite], []byte(test.output))
		if got != test.want || (err == nil) != (test.want > 0) {
			t.Errorf("%s %q: %d, %v", test.suite, test.output, got, err)
		}
	}
}

func TestSuite_run(t *testing.T) {
	ran := func(command ...string) suite {
		return suite{name: "test", dir: ".", commands: [][]string{command}, passed: regexp.MustCompile(`(\d+) passed`)}
	}
	for _, test := range []struct {
		suite   suite
		want    int
		failure string
	}{
		{ran("sh", "-c", `case $DEPLOYMENT_URL in http://127.0.0.1:*) echo 2 passed;; esac`), 2, ""},
		{ran("sh", "-c", "true"), 0, "no test ran"},
		{ran("sh", "-c", "echo 2 passed; exit 1"), 0, "exit status 1"},
		{ran("no-such-command"), 0, "not found"},
	} {
		var out bytes.Buffer
		got, err := test.suite.run(context.Background(), t.TempDir(), &out)
		if got != test.want || (err == nil) != (test.failure == "") || err != nil && !strings.Contains(err.Error(), test.failure) {
			t.Errorf("%v: %d, %v", test.suite.commands, got, err)
		}
	}
}

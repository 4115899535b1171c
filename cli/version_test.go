package cli

import (
	"bytes"
	"regexp"
	"testing"
)

func TestVersion(t *testing.T) {
	t.Setenv("CONVEXGATEWAY_VERSION", "true") // a usual name in templates of containers, which is no flag
	for _, line := range []string{"version", "--version", "-version"} {
		var stdout, stderr bytes.Buffer
		if err := run(t.Context(), []string{line}, &stdout, &stderr); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if !regexp.MustCompile(`^convexgateway \S+, commit \S+( with changes)?, go1\.\S+( X:\S+)?\n$`).MatchString(stdout.String()) || stderr.Len() != 0 {
			t.Errorf("%s prints %q, %q", line, stdout.String(), stderr.String())
		}
	}
}

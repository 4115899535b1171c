package app

import (
	"strings"
	"testing"
)

func TestConsole(t *testing.T) {
	c := newConsole(nil)
	c.Debug("a", int64(1))
	c.Info([]any{1.5, "x"})
	c.Log()
	c.Warn(map[string]any{"k": nil})
	c.Error(3)
	want := []string{`[DEBUG] 'a' 1n`, `[INFO] [ 1.5, 'x' ]`, `[LOG] `, "[WARN] {\n  k: null\n}", `[ERROR] 3`}
	for i, line := range *c.lines {
		if line != want[i] {
			t.Errorf("line %d: %s, want %s", i, line, want[i])
		}
	}
}

func TestConsole_limits(t *testing.T) {
	c := newConsole(nil)
	for range 2 * maxLogLines {
		c.Log("x")
	}
	lines := *c.lines
	if len(lines) != maxLogLines || lines[maxLogLines-1] != "[ERROR] Log overflow (maximum 256). Remaining log lines omitted." {
		t.Errorf("%d lines, the last is %s", len(lines), lines[len(lines)-1])
	}
	c = newConsole(nil)
	c.Log(strings.Repeat("é", maxLogLineLen))
	if line := (*c.lines)[0]; !strings.HasSuffix(line, "é (truncated due to length)") || len(line) > maxLogLineLen+len("[LOG]  (truncated due to length)") {
		t.Errorf("a line of %d bytes", len(line))
	}
}

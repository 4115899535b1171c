package app

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"convexgateway/convex"
)

// Limits of log lines: get-convex/convex-backend crates/common/src/log_lines.rs, crates/isolate/src/environment/helpers.
const (
	maxLogLines   = 256
	maxLogLineLen = 32_768
)

// Console collects a run's log lines. One goroutine uses it.
type Console struct{ lines *[]string }

func newConsole() Console { return Console{lines: &[]string{}} }

// Debug writes a line at level DEBUG: the arguments in turn, strings in single quotes, everything else as encoded JSON.
// (Convex shows other values as JavaScript's console does.)
func (c Console) Debug(args ...any) { c.write("DEBUG", args) }

// Info writes a line at level INFO; see Debug.
func (c Console) Info(args ...any) { c.write("INFO", args) }

// Log writes a line at level LOG; see Debug.
func (c Console) Log(args ...any) { c.write("LOG", args) }

// Warn writes a line at level WARN; see Debug.
func (c Console) Warn(args ...any) { c.write("WARN", args) }

// Error writes a line at level ERROR; see Debug.
func (c Console) Error(args ...any) { c.write("ERROR", args) }

func (c Console) write(level string, args []any) {
	switch {
	case len(*c.lines) < maxLogLines-1:
		*c.lines = append(*c.lines, "["+level+"] "+logText(args))
	case len(*c.lines) == maxLogLines-1:
		*c.lines = append(*c.lines, fmt.Sprintf("[ERROR] Log overflow (maximum %d). Remaining log lines omitted.", maxLogLines))
	}
}

func logText(args []any) string {
	shown := make([]string, len(args))
	for i, arg := range args {
		shown[i] = logValue(arg)
	}
	text := strings.Join(shown, " ")
	if len(text) <= maxLogLineLen {
		return text
	}
	end := maxLogLineLen
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + " (truncated due to length)"
}

func logValue(value any) string {
	if text, ok := value.(string); ok {
		return "'" + text + "'"
	}
	if encoded, err := convex.Encode(value); err == nil {
		return string(encoded)
	}
	return fmt.Sprint(value)
}

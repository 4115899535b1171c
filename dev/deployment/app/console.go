package app

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
)

// Limits of log lines: get-convex/convex-backend crates/common/src/log_lines.rs, crates/isolate/src/environment/helpers.
const (
	maxLogLines   = 256
	maxLogLineLen = 32_768
)

// Console collects a run's log lines. One goroutine uses it.
type Console struct {
	lines *[]string
	inspector
}

func newConsole(order call.KeyOrder) Console { return Console{&[]string{}, inspector{order}} }

// Debug writes a line at level DEBUG: the arguments in turn, as JavaScript's console shows them.
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
		*c.lines = append(*c.lines, "["+level+"] "+c.logText(args))
	case len(*c.lines) == maxLogLines-1:
		*c.lines = append(*c.lines, fmt.Sprintf("[ERROR] Log overflow (maximum %d). Remaining log lines omitted.", maxLogLines))
	}
}

func (c Console) logText(args []any) string {
	shown := make([]string, len(args))
	for i, arg := range args {
		shown[i] = c.show(arg, 0)
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

// nearLimit reports whether a size is so near to its limit that the deployment warns of it.
func nearLimit(actual, limit int) bool { return actual*5 > limit*4 }

// warnOfLimits adds the deployment's own warnings.
func (c Console) warnOfLimits(args, result int, tx *store.Transaction) {
	if nearLimit(args, maxArgs) {
		c.warn("Large size of the function arguments (actual: %d bytes, limit: %d bytes).", args, maxArgs)
	}
	if tx != nil {
		for _, warning := range tx.Warnings() {
			c.warn("%s", warning)
		}
	}
	if nearLimit(result, maxResult) {
		c.warn("Large size of the function return value (actual: %d bytes, limit: %d bytes).", result, maxResult)
	}
}

func (c Console) warn(format string, args ...any) {
	*c.lines = append(*c.lines, "[WARN] "+fmt.Sprintf(format, args...))
}

package cli

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

// logFlags are the flags of the log.
type logFlags struct {
	LogFormat string `enum:"text,json" default:"text" group:"Logs" help:"Form of the logs on stderr: text or json."`
	LogLevel  string `enum:"debug,info,warn,error" default:"info" group:"Logs" help:"Least severe level that is logged: debug, info, warn or error."`
}

// logger returns a logger that writes to w. Call flush in the end.
func (f logFlags) logger(w io.Writer) (logger *slog.Logger, flush func()) {
	var level slog.Level
	_ = level.UnmarshalText([]byte(f.LogLevel)) // one of the enum
	lines, options := &logLines{to: w}, &slog.HandlerOptions{Level: level}
	handler := slog.Handler(slog.NewTextHandler(lines, options))
	if f.LogFormat == "json" {
		handler = slog.NewJSONHandler(lines, options)
	}
	return slog.New(promptHandler{handler, lines}), lines.flush
}

// logLines buffers the lines of a log and writes many at once, so that calls do not wait for the disk or pipe one by one. A
// line is written linePause after the first in the buffer, warnings and errors at once. Safe for concurrent use.
type logLines struct {
	to io.Writer

	mu    sync.Mutex
	lines []byte
	timer *time.Timer // runs flush; nil before the first line
}

const (
	linePause = 50 * time.Millisecond
	maxLines  = 64 << 10 // bytes in the buffer
)

// Write implements [io.Writer]. It never fails: there is no other place to report an error.
func (l *logLines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case len(l.lines)+len(line) > maxLines:
		l.write()
	case len(l.lines) > 0:
	case l.timer == nil:
		l.timer = time.AfterFunc(linePause, l.flush)
	default:
		l.timer.Reset(linePause)
	}
	l.lines = append(l.lines, line...)
	return len(line), nil
}

// flush writes the buffer.
func (l *logLines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write()
}

func (l *logLines) write() {
	if len(l.lines) > 0 {
		_, _ = l.to.Write(l.lines)
		l.lines = l.lines[:0]
	}
}

// promptHandler is a handler on logLines that flushes after each warning and error.
type promptHandler struct {
	slog.Handler
	lines *logLines
}

// Handle implements [slog.Handler].
func (h promptHandler) Handle(ctx context.Context, record slog.Record) error {
	err := h.Handler.Handle(ctx, record)
	if record.Level >= slog.LevelWarn {
		h.lines.flush()
	}
	return err
}

// WithAttrs implements [slog.Handler].
func (h promptHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return promptHandler{h.Handler.WithAttrs(attrs), h.lines}
}

// WithGroup implements [slog.Handler].
func (h promptHandler) WithGroup(name string) slog.Handler {
	return promptHandler{h.Handler.WithGroup(name), h.lines}
}

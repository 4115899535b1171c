package cli

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestLogLines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		lines := &logLines{to: &out}
		logger := slog.New(promptHandler{slog.NewTextHandler(lines, nil), lines}).With("a", 1)
		written := func(want int, when string) {
			t.Helper()
			synctest.Wait()
			lines.mu.Lock()
			defer lines.mu.Unlock()
			if got := strings.Count(out.String(), "\n"); got != want {
				t.Errorf("%s: %d lines are out, want %d", when, got, want)
			}
		}
		logger.Info("one")
		logger.Info("two")
		written(0, "at first")
		time.Sleep(linePause) //nolint:forbidigo // the bubble's clock
		written(2, "after the pause")
		logger.Info("three")
		logger.WithGroup("g").Warn("four")
		written(4, "after a warning")
		logger.Info("five")
		logger.Info(strings.Repeat("x", maxLines))
		written(5, "when too much waits")
		lines.flush()
		written(6, "at the end")
		time.Sleep(2 * linePause) //nolint:forbidigo // the bubble's clock
		written(6, "later")
		if !strings.Contains(out.String(), "msg=three a=1\n") {
			t.Errorf("an attribute is lost: %.300s", out.String())
		}
	})
}

package limit

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Of many refusals a caller's first have lines of their own, and the others one line a minute; so have those of very many callers.
func TestRefusalsAreSummed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		r := NewRefusals(LogSums(slog.New(slog.NewTextHandler(&log, nil))))
		add := func(caller string, times int) (lines int) {
			for range times {
				if r.Add(caller, "OVERLOADED") {
					lines++
				}
			}
			return lines
		}
		if lines := add("ada", 1_000); lines != linesOfCaller {
			t.Errorf("%d lines", lines)
		}
		if lines := add("bob", 3); lines != 3 {
			t.Errorf("%d lines of another caller", lines)
		}
		for i := range 2 * maxRefusals {
			add(fmt.Sprint("address ", i), 1)
		}
		time.Sleep(sumEvery) //nolint:forbidigo // the bubble's clock
		synctest.Wait()
		want := []string{"caller=ada reason=OVERLOADED more_times=940", fmt.Sprintf("caller=others more_times=%d", maxRefusals+2)}
		for _, text := range want {
			if !strings.Contains(log.String(), text) {
				t.Errorf("the log has not %q", text)
			}
		}
		if lines := strings.Count(log.String(), "\n"); lines != len(want) {
			t.Errorf("%d lines: %s", lines, log.String())
		}
		log.Reset()
		if lines := add("ada", 100); lines != linesOfCaller {
			t.Errorf("%d lines in the next minute", lines)
		}
		r.Close()
		if !strings.Contains(log.String(), "caller=ada reason=OVERLOADED more_times=40") {
			t.Errorf("at the end: %s", log.String())
		}
		if !(*Refusals)(nil).Add("ada", "OVERLOADED") {
			t.Error("without sums a line is left out")
		}
	})
}

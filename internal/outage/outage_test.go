package outage

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// lines is a log without times.
func logLines() (*slog.Logger, *bytes.Buffer) {
	var log bytes.Buffer
	return slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})), &log
}

func pass(d time.Duration) { time.Sleep(d) } //nolint:forbidigo // the bubble's clock

// An outage ends with a success and some quiet, or with a minute of quiet; until then there is one sum a minute.
func TestSumsOfAnOutage(t *testing.T) {
	for name, tt := range map[string]struct {
		script func(*Log)
		want   []string
	}{
		"one": {func(o *Log) {
			o.Happened("n", 1)
			pass(time.Hour)
		}, []string{"WARN 1"}},
		"two outages": {func(o *Log) {
			o.Happened("n", 1)
			o.Succeeded()
			pass(settleAfter + time.Millisecond)
			o.Happened("n", 2)
			o.Succeeded()
		}, []string{"WARN 1", "WARN 2"}},
		"a sum at the end": {func(o *Log) {
			o.Happened("n", 1)
			o.Happened("n", 2)
			o.Happened("n", 3)
			o.Succeeded()
			pass(settleAfter)
		}, []string{"WARN 1", "INFO times=2 3"}},
		"now and then a success": {func(o *Log) {
			for n := range 31 { // 30 s
				o.Succeeded()
				o.Happened("n", n)
				pass(time.Second)
			}
		}, []string{"WARN 0"}},
		"now and then a success, for minutes": {func(o *Log) {
			for n := range 150 {
				o.Succeeded()
				o.Happened("n", n)
				pass(time.Second + time.Millisecond)
			}
			pass(time.Hour)
		}, []string{"WARN 0", "INFO times=59 59", "INFO times=60 119", "INFO times=30 149"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log, text := logLines()
				o := &Log{Logger: log, Level: slog.LevelWarn, Message: "fault"}
				tt.script(o)
				synctest.Wait()
				want := ""
				for _, line := range tt.want {
					level, rest, _ := strings.Cut(line, " ")
					i := strings.LastIndex(rest, " ") + 1
					want += "level=" + level + " msg=fault " + rest[:i] + "n=" + rest[i:] + "\n"
				}
				if text.String() != want {
					t.Errorf("got\n%swant\n%s", text, want)
				}
				o.Logger = slog.New(slog.DiscardHandler)
				o.Close()
			})
		})
	}
}

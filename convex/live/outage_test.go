package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// lines is a log without times.
func lines() (*slog.Logger, *bytes.Buffer) {
	var log bytes.Buffer
	return slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})), &log
}

// A deployment out of reach is one warning, however many sessions try to reach it, and how often.
func TestOutageIsOneWarning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, text := lines()
		var attempts atomic.Int32
		refused := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			attempts.Add(1)
			return nil, errors.New("connection refused")
		}}
		c, err := New("http://deployment.test", Options{Logger: log, HTTPClient: &http.Client{Transport: refused}})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 40 {
			subscribe(t, c, credential(fmt.Sprint(i), 1, time.Hour), "a:a")
		}
		time.Sleep(16 * time.Second)
		synctest.Wait()
		if got := text.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, `level=WARN msg="cannot reach the deployment" error=`) {
			t.Errorf("after 16 s:\n%s", got)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		sum := fmt.Sprintf(`level=INFO msg="cannot reach the deployment" times=%d error=`, attempts.Load()-1)
		if got := text.String(); attempts.Load() < 100 || strings.Count(got, "\n") != 2 || !strings.Contains(got, sum) {
			t.Errorf("no %s in\n%s", sum, got)
		}
	})
}

// An outage ends with a success and some quiet, or with a minute of quiet; until then there is one sum a minute.
func TestSumsOfAnOutage(t *testing.T) {
	for name, tt := range map[string]struct {
		script func(*outage)
		want   []string
	}{
		"one": {func(o *outage) {
			o.happened("n", 1)
			time.Sleep(time.Hour)
		}, []string{"WARN 1"}},
		"two outages": {func(o *outage) {
			o.happened("n", 1)
			o.succeeded()
			time.Sleep(settleAfter + time.Millisecond)
			o.happened("n", 2)
			o.succeeded()
		}, []string{"WARN 1", "WARN 2"}},
		"a sum at the end": {func(o *outage) {
			o.happened("n", 1)
			o.happened("n", 2)
			o.happened("n", 3)
			o.succeeded()
			time.Sleep(settleAfter)
		}, []string{"WARN 1", "INFO times=2 3"}},
		"now and then a success": {func(o *outage) {
			for n := range 31 { // 30 s
				o.succeeded()
				o.happened("n", n)
				time.Sleep(time.Second)
			}
		}, []string{"WARN 0"}},
		"now and then a success, for minutes": {func(o *outage) {
			for n := range 150 {
				o.succeeded()
				o.happened("n", n)
				time.Sleep(time.Second + time.Millisecond)
			}
			time.Sleep(time.Hour)
		}, []string{"WARN 0", "INFO times=59 59", "INFO times=60 119", "INFO times=30 149"}},
	} {
		bubble(t, name, func(t *testing.T) {
			log, text := lines()
			o := &outage{logger: log, level: slog.LevelWarn, message: "fault"}
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
			o.logger = slog.New(slog.DiscardHandler)
			o.close()
		})
	}
}

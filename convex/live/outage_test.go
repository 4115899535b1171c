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

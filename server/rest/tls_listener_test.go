package rest

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/memnet"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
	"convexgateway/server/rpc"
)

// flakyListener fails now and then, as one does without file descriptors.
type flakyListener struct {
	net.Listener
	failures int // that are left
}

var errNoFiles = errors.New("too many open files")

func (l *flakyListener) Accept() (net.Conn, error) {
	if l.failures > 0 {
		l.failures--
		return nil, errNoFiles
	}
	return l.Listener.Accept()
}

// Handshakes that do not end are cut after 10 s, and at once by Close; others go on meanwhile.
func TestHandshakesThatDoNotEnd(t *testing.T) {
	for _, begun := range []string{"", "\x16", "\x16\x03\x01\x00\xff", "\x16\x03\x01\x00\xff\x01\x00\x00\xfb\x03\x03"} {
		for _, closed := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				logs := &bytes.Buffer{}
				h := &Handler{Options: Options{Limits: &call.Limits{}, Logger: slog.New(slog.NewTextHandler(logs, nil))}}
				raw := memnet.Listen()
				l := h.TLSListener(raw, &tls.Config{MinVersion: tls.VersionTLS12})
				ended := make(chan error)
				go func() {
					_, err := l.Accept()
					ended <- err
				}()
				conn, err := raw.Dial(t.Context(), "", "")
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.WriteString(conn, begun)
				began, want := time.Now(), handshakeTimeout
				if closed {
					want = 0
					synctest.Wait()
					_ = l.Close()
				}
				_, _ = io.Copy(io.Discard, conn)
				if took := time.Since(began); took != want {
					t.Errorf("%q: cut after %v", begun, took)
				}
				_ = conn.Close()
				synctest.Wait()
				_ = l.Close()
				if err := <-ended; !errors.Is(err, net.ErrClosed) {
					t.Errorf("Accept: %v", err)
				}
				if logged := bytes.Contains(logs.Bytes(), []byte("handshake")); logged == closed {
					t.Errorf("%q, closed %v: logged %s", begun, closed, logs)
				}
			})
		}
	}
}

// Clients whose handshakes fail do not fill the log.
func TestFailedHandshakesAreSummed(t *testing.T) {
	for _, sent := range []string{"", "\x16\x03\x01\x00\x01\xff", "\x15\x03\x01\x00\x02\x02\x28", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"} {
		synctest.Test(t, func(t *testing.T) {
			logs := &bytes.Buffer{}
			logger := slog.New(slog.NewTextHandler(logs, nil))
			refusals := limit.NewRefusals(limit.LogSums(logger))
			raw := memnet.Listen()
			l := (&Handler{Options: Options{Log: &rpc.CallLog{Logger: logger, Refusals: refusals}, Logger: logger, Limits: &call.Limits{Refusals: refusals}}}).TLSListener(raw, &tls.Config{MinVersion: tls.VersionTLS12})
			const clients = 200
			for range clients {
				conn, err := raw.Dial(t.Context(), "", "")
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.WriteString(conn, sent)
				_ = conn.Close()
				synctest.Wait()
			}
			_ = l.Close()
			refusals.Close()
			if lines := bytes.Count(logs.Bytes(), []byte("\n")); lines == 0 || lines > clients/2 {
				t.Errorf("%q: %d lines", sent, lines)
			}
		})
	}
}

// Errors of Accept that pass end nothing.
func TestErrorsOfAcceptPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &Handler{Options: Options{Limits: &call.Limits{}, Logger: slog.New(slog.DiscardHandler)}}
		l := h.TLSListener(&flakyListener{memnet.Listen(), 3}, &tls.Config{MinVersion: tls.VersionTLS12})
		for range 3 {
			if _, err := l.Accept(); !errors.Is(err, errNoFiles) {
				t.Error(err)
			}
		}
		_ = l.Close()
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

package connlimit_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"convexgateway/server/connlimit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The limit is that of all listeners together, and a connection that ends makes room.
func TestLimitOfTwoListeners(t *testing.T) {
	var logs bytes.Buffer
	limit := &connlimit.Limit{Max: 2, Logger: slog.New(slog.NewTextHandler(&logs, nil))}
	first, second := listen(t, limit), listen(t, limit)
	a, b := first.connect(t), second.connect(t)
	refused := first.dial(t)
	done := make(chan struct{})
	go func() { defer close(done); _, _ = first.Accept() }() // refuses, and waits for the next
	if _, err := refused.Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "reset") {
		t.Errorf("over the limit: %v", err)
	}
	if limit.Open() != 2 || limit.Refused() != 1 {
		t.Errorf("%d open, %d refused", limit.Open(), limit.Refused())
	}
	_ = a.Close()
	_ = a.Close() // counts once
	third := second.connect(t)
	if limit.Open() != 2 {
		t.Errorf("%d open after one has ended", limit.Open())
	}
	_ = b.Close()
	_ = third.Close()
	_ = first.Close()
	<-done
	if strings.Count(logs.String(), "connections are refused") != 1 {
		t.Errorf("logs %s", &logs)
	}
}

type listener struct{ net.Listener }

func listen(t *testing.T, limit *connlimit.Limit) listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return listener{limit.Listener(l)}
}

func (l listener) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// connect dials and returns the accepted end.
func (l listener) connect(t *testing.T) net.Conn {
	t.Helper()
	l.dial(t)
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

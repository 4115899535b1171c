package memnet_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"

	"convexgateway/internal/memnet"
)

func TestHTTPOverMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := memnet.Listen()
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })}
		done := make(chan error, 1)
		go func() { done <- server.Serve(l) }()
		client := l.HTTPClient()
		resp, err := client.Get("http://anywhere/")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if string(body) != "hello" || err != nil || len(l.Dials) != 1 {
			t.Errorf("%q, %v, %d dials", body, err, len(l.Dials))
		}
		_ = server.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
		if _, err := client.Get("http://anywhere/"); err == nil {
			t.Error("a closed listener takes connections")
		}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

func TestDialEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := memnet.Listen().Dial(ctx, "", ""); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

package convex

import (
	"net/http"
	"testing"
	"testing/synctest"

	"convexgateway/internal/leaktest"
	"convexgateway/internal/memnet"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// serve runs an HTTP server on a network of its own until the test ends.
func serve(t *testing.T, handler http.Handler) *memnet.Listener {
	t.Helper()
	l := memnet.Listen()
	server := &http.Server{Handler: handler}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	return l
}

func mustPath(tb testing.TB, text string) Path {
	tb.Helper()
	p, err := ParsePath(text)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// bubble runs a subtest with time of its own.
func bubble(t *testing.T, name string, f func(*testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

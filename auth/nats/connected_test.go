package nats

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// An exchange reports whether it has a connection, from the start and after the server has gone.
func TestConnected(t *testing.T) {
	t.Parallel()
	url, stop := startNATS(t, server.Options{})
	r := join(t, Config{URL: url})
	await := func(want bool) {
		t.Helper()
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for end := time.Now().Add(deadline); r.Connected() != want; <-tick.C {
			if time.Now().After(end) {
				t.Fatalf("connected is not %v", want)
			}
		}
	}
	await(true)
	stop()
	await(false)
}

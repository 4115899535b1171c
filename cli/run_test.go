package cli

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"convexgateway/internal/freeport"
	"convexgateway/internal/leaktest"
	"convexgateway/internal/natstest"
)

// openings is what commands of a test may open, and must close.
type openings struct {
	*leaktest.State
	broker *server.Server
	args   []string // of every command: the ports, and the exchange
}

// noteOpenings prepares commands with log, traces and exchange. Its tests are not parallel.
func noteOpenings(t *testing.T) *openings {
	t.Helper()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
	broker, ports := natstest.Start(t), []string{freeport.Addr(), freeport.Addr(), freeport.Addr()}
	return &openings{leaktest.Note(t, ports...), broker, []string{
		"--grpc-addr", ports[0], "--http-addr", ports[1], "--admin-addr", ports[2], "--nats-url", broker.ClientURL(),
	}}
}

func (o *openings) check(t *testing.T, when string) {
	t.Helper()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections() // the sync client's
	o.Check(when)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); o.broker.NumClients() > 0; <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("%s: %d connections to NATS with %d subscriptions are left", when, o.broker.NumClients(), o.broker.NumSubscriptions())
		}
	}
}

// A command that cannot start closes what it has opened, whatever it is that fails.
func TestFailedStartLeavesNothing(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct{ line, want string }{
		{"OTEL_EXPORTER_OTLP_PROTOCOL=x serve --convex-url http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_PROTOCOL"},
		{"OTEL_RESOURCE_ATTRIBUTES=x serve --convex-url http://127.0.0.1:1", "OTEL_RESOURCE_ATTRIBUTES"},
		{"serve --convex-url http://127.0.0.1:1 --nats-creds /nonexistent", "--nats-creds"},
		{"serve --convex-url http://127.0.0.1:1 --session-renewal", "--session-renewal"},
		{"serve --convex-url http://127.0.0.1:1 --http-addr {taken}", "--http-addr"},
		{"serve --convex-url http://127.0.0.1:1 --grpc-addr {taken}", "--grpc-addr"},
		{"OTEL_EXPORTER_OTLP_PROTOCOL=x dev", "OTEL_EXPORTER_OTLP_PROTOCOL"},
		{"dev --nats-creds /nonexistent", "--nats-creds"},
		{"dev --deployment-addr {taken}", "--deployment-addr"},
		{"dev --deployment-addr 127.0.0.1:0 --http-addr {taken}", "--http-addr"},
		{"dev --deployment-addr 127.0.0.1:0 --admin-addr {taken}", "--admin-addr"},
		{"dev --deployment-addr 127.0.0.1:0 --grpc-addr {taken}", "--grpc-addr"},
	} {
		t.Run(c.line, func(t *testing.T) {
			opened := noteOpenings(t)
			args := strings.Fields(strings.ReplaceAll(c.line, "{taken}", taken.Addr().String()))
			if name, value, set := strings.Cut(args[0], "="); set {
				t.Setenv(name, value)
				args = args[1:]
			}
			var stdout, stderr bytes.Buffer
			err := run(t.Context(), append(args[:1:1], append(opened.args, args[1:]...)...), &stdout, &stderr)
			if code := exitCode(err, &stderr); code != 2 || !strings.Contains(err.Error(), c.want) {
				t.Errorf("exit code %d, %v", code, err)
			}
			opened.check(t, "after the error")
		})
	}
}

// A command that has run closes what it has opened.
func TestStopLeavesNothing(t *testing.T) {
	for _, line := range []string{"dev --deployment-addr 127.0.0.1:0", "serve --convex-url http://127.0.0.1:1"} {
		t.Run(line, func(t *testing.T) {
			opened := noteOpenings(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			args := strings.Fields(line)
			var stderr bytes.Buffer
			if err := run(ctx, append(args[:1:1], append(opened.args, args[1:]...)...), writerFunc(cancel), &stderr); err != nil {
				t.Errorf("%v\n%s", err, &stderr)
			}
			opened.check(t, "after the stop")
		})
	}
}

// writerFunc is called for each text that a command prints.
type writerFunc func()

func (f writerFunc) Write(p []byte) (int, error) {
	f()
	return len(p), nil
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"convexgateway/bench/floor"
	"convexgateway/bench/upstream"
	"convexgateway/bench/wire"
	"convexgateway/dev/deployment"
)

// serveArg makes the command run one of its own servers, or the attackers: `bench serve-for-bench NAME [ARGUMENT]`. The
// argument is the URL of the upstream, or the JSON of a load.Attack.
const serveArg = "serve-for-bench"

// ready is the line that such a server prints when it serves, as JSON.
type ready struct {
	floor.Addresses
	URL    string `json:"url,omitempty"`
	Issuer string `json:"issuer,omitempty"`
}

// serve serves until stdin ends: that is when the process that started this one ends, however it does.
func serve(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := start(ctx, args[0], append(args, "")[1])
	if err != nil {
		return err
	}
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s\n", line)
	_, err = io.Copy(io.Discard, stdin)
	return err
}

func start(ctx context.Context, name, argument string) (ready, error) {
	switch name {
	case "upstream":
		return startUpstream()
	case "attack":
		return ready{}, startAttack(ctx, argument)
	case "deployment":
		d, err := deployment.Start(ctx, deployment.Config{Addr: "127.0.0.1:0", Controls: true})
		if err != nil {
			return ready{}, err
		}
		return ready{URL: d.URL(), Issuer: d.IssuerURL()}, nil
	default:
		addresses, err := floor.Start(ctx, name, argument)
		return ready{Addresses: addresses}, err
	}
}

func startUpstream() (ready, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return ready{}, err
	}
	s := &http.Server{Handler: upstream.New(wire.NewUpdate(1, wire.QuerySize)), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }()
	return ready{URL: "http://" + l.Addr().String()}, nil
}

package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
	"time"

	"convexgateway/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "profiled:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to do
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	cfg := server.Config{DrainPeriod: -1}
	var up server.Upstream
	var level slog.Level
	flags := flag.NewFlagSet("profiled", flag.ContinueOnError)
	flags.StringVar(&up.ConvexURL, "convex-url", "", "")
	flags.StringVar(&cfg.GRPCAddr, "grpc-addr", "", "")
	flags.StringVar(&cfg.HTTPAddr, "http-addr", "", "")
	flags.DurationVar(&cfg.Linger, "linger", server.DefaultLinger, "")
	flags.IntVar(&cfg.MaxConnections, "max-connections", server.DefaultMaxConnections, "")
	flags.IntVar(&cfg.MaxConnectionsPerAddress, "max-connections-per-address", 0, "")
	flags.IntVar(&cfg.MaxStreamsPerCaller, "max-streams-per-caller", 0, "")
	flags.IntVar(&cfg.MaxUpstreamSockets, "max-upstream-sockets", server.DefaultMaxUpstreamSockets, "")
	flags.BoolVar(&cfg.RequireAuth, "require-auth", false, "")
	flags.TextVar(&level, "log-level", slog.LevelInfo, "")
	flags.Func("clerk-issuer", "", func(url string) error { up.Issuers = append(up.Issuers, url); return nil })
	if err := flags.Parse(args[1:]); err != nil { // args[0] is serve
		return err
	}
	if cfg.Linger == 0 {
		cfg.Linger = -1 // none
	}
	cfg.MaxStreamsPerCaller = cmp.Or(cfg.MaxStreamsPerCaller, -1)
	cfg.MaxConnections, cfg.MaxConnectionsPerAddress = cmp.Or(cfg.MaxConnections, -1), cmp.Or(cfg.MaxConnectionsPerAddress, -1)
	cfg.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	s, err := server.New(cfg, up)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	profiles := &http.Server{Handler: profiler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = profiles.Serve(l) }()
	defer func() { _ = profiles.Close() }()
	fmt.Fprintf(stdout, "gRPC %s, REST %s, deployment %s pprof %s\n", s.GRPCAddr(), s.HTTPAddr(), up.ConvexURL, l.Addr())
	return s.Serve(ctx)
}

func profiler() http.Handler {
	var profile bytes.Buffer
	mux := http.NewServeMux()
	mux.HandleFunc("POST /start", func(w http.ResponseWriter, _ *http.Request) {
		profile.Reset()
		if err := pprof.StartCPUProfile(&profile); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
		}
	})
	mux.HandleFunc("POST /stop", func(w http.ResponseWriter, _ *http.Request) {
		pprof.StopCPUProfile()
		_, _ = w.Write(profile.Bytes())
	})
	return mux
}

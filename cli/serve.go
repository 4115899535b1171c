package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"convexgateway/server"
)

var errNoDeployment = errors.New("--convex-url (CONVEX_URL) is missing")

// serveCommand runs the gateway alone.
type serveCommand struct {
	ConvexURL string `env:"CONVEX_URL" placeholder:"URL" group:"Addresses" help:"The deployment, for instance https://happy-animal-123.convex.cloud. Required."`
	clerkFlags
	runFlags
}

// AfterApply implements kong's hook: it sets the default that serve and dev do not share.
func (c *serveCommand) AfterApply() error {
	if c.AdminAddr == "" {
		c.AdminAddr, c.adminOptional = "127.0.0.1:9090", true
	}
	return nil
}

// Run serves until the context ends.
func (c *serveCommand) Run(rc runContext) error {
	if c.PrintConfig {
		return printConfig(rc.stdout, rc.parsed)
	}
	if c.ConvexURL == "" {
		return usageError{errNoDeployment}
	}
	upstream, err := c.upstream(c.ConvexURL)
	if err != nil {
		return usageError{err}
	}
	return c.run(rc, func(cfg server.Config) error { return serve(rc, cfg, upstream, &c.keyFlags) })
}

// serve runs a gateway until the context ends.
func serve(rc runContext, cfg server.Config, upstream server.Upstream, keys *keyFlags) error {
	limitMemory(cfg.Logger, memlimit.FromCgroup)
	s, err := server.New(cfg, upstream)
	if err != nil {
		return usageError{byFlags(err)}
	}
	fmt.Fprintf(rc.stdout, "gRPC %s, REST %s, deployment %s\n", s.GRPCAddr(), s.HTTPAddr(), upstream.ConvexURL)
	if len(upstream.Issuers)+len(upstream.OtherIssuers) == 0 && cfg.Services == "" {
		cfg.Logger.Warn("no --clerk-issuer: every token will be refused, and all callers are anonymous")
	}
	if !cfg.AcceptsRequestIDs() {
		cfg.Logger.Info("no --cluster-key: request ids are refused, and tickets are good on this replica only")
	}
	defer reloadOnHangup(s.Reload)()
	defer inBackground(rc.ctx, newKeyFile(keys, s.ReplaceClusterKeys, cfg.Logger).follow)()
	return s.Serve(rc.ctx)
}

// limitMemory sets the memory limit of the garbage collector to nine tenths of the container's, unless GOMEMLIMIT sets one.
// Without a container's limit it changes nothing.
func limitMemory(logger *slog.Logger, container memlimit.Provider) {
	if os.Getenv("GOMEMLIMIT") == "" {
		_ = os.Unsetenv("GOMEMLIMIT") // Go ignores an empty variable; the library does not
	}
	limit, err := memlimit.Set(memlimit.WithRatio(0.9), memlimit.WithProvider(container))
	switch {
	case err == nil && limit > 0 && limit < math.MaxInt64:
		logger.Info("memory limit", "bytes", limit)
	case err != nil && !errors.Is(err, memlimit.ErrNoLimit) && !errors.Is(err, memlimit.ErrNoCgroup) && !errors.Is(err, memlimit.ErrCgroupsNotSupported):
		logger.Warn("the container's memory limit cannot be read", "error", err)
	}
}

// inBackground runs f until stop is called.
func inBackground(ctx context.Context, f func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); f(ctx) }()
	return func() { cancel(); <-done }
}

package cli

import (
	"errors"
	"fmt"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"convexgateway/server"
)

var errNoDeployment = errors.New("--convex-url (CONVEX_URL) is missing")

// serveCommand runs the gateway alone.
type serveCommand struct {
	ConvexURL string `env:"CONVEX_URL" placeholder:"URL" group:"Addresses" help:"The deployment, for instance https://happy-animal-123.convex.cloud. Required."`
	clerkFlags
	gatewayFlags
	replicaFlags
	logFlags
	printFlag
}

// AfterApply sets the defaults that are not the same for all commands.
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
	cfg := c.config()
	logger, flush := c.logger(rc.stderr)
	defer flush()
	cfg.Logger = logger
	limitMemory(logger, memlimit.FromCgroup)
	upstream, err := c.upstream(c.ConvexURL)
	if err != nil {
		return usageError{err}
	}
	stopTracing, err := startTracing(rc.ctx, &cfg)
	if err != nil {
		return usageError{err}
	}
	defer stopTracing()
	leave, err := c.join(&cfg)
	if err != nil {
		return usageError{err}
	}
	defer leave()
	s, err := server.New(cfg, upstream)
	if err != nil {
		return usageError{byFlags(err)}
	}
	fmt.Fprintf(rc.stdout, "gRPC %s, REST %s, deployment %s\n", s.GRPCAddr(), s.HTTPAddr(), c.ConvexURL)
	if len(upstream.Issuers)+len(upstream.OtherIssuers) == 0 {
		logger.Warn("no --clerk-issuer: every token will be refused, and all callers are anonymous")
	}
	return s.Serve(rc.ctx)
}

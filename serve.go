package main

import (
	"errors"
	"fmt"

	"convexgateway/server"
)

// serveCommand runs the gateway alone.
type serveCommand struct {
	ConvexURL string `env:"CONVEX_URL" placeholder:"URL" group:"Addresses" help:"The deployment, for instance https://happy-animal-123.convex.cloud. Required."`
	clerkFlags
	server.Config
	logFlags
}

// Run serves until the context ends.
func (c *serveCommand) Run(rc runContext) error {
	if c.ConvexURL == "" {
		return usageError{errors.New("--convex-url (CONVEX_URL) is missing")}
	}
	limitMemory(c.logger(rc.stderr))
	upstream, err := c.upstream(c.ConvexURL)
	if err != nil {
		return usageError{err}
	}
	c.Logger = c.logger(rc.stderr)
	if c.AdminAddr == "" {
		c.AdminAddr, c.AdminOptional = "127.0.0.1:9090", true
	}
	s, err := server.New(c.Config, upstream)
	if err != nil {
		return usageError{err}
	}
	fmt.Fprintf(rc.stdout, "gRPC %s, REST %s, deployment %s\n", s.GRPCAddr(), s.HTTPAddr(), c.ConvexURL)
	if len(upstream.Issuers)+len(upstream.OtherIssuers) == 0 {
		c.Logger.Warn("no --clerk-issuer: every token will be refused, and all callers are anonymous")
	}
	return s.Serve(rc.ctx)
}

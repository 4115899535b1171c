package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"golang.org/x/sync/errgroup"

	"convexgateway/dev/deployment"
	convexapp "convexgateway/examples/convex-app"
	"convexgateway/server"
)

// devCommand runs a development deployment and a gateway in front of it, with settings that `serve` has, too.
type devCommand struct {
	DeploymentAddr string `default:"127.0.0.1:3210" group:"Addresses" help:"Where the development deployment is served. Port 0 picks a free one."`
	trustFlags
	runFlags
}

// AfterApply implements kong's hook: it sets the defaults that serve and dev do not share.
func (c *devCommand) AfterApply() error {
	c.Console = true
	if c.AdminAddr == "" {
		c.AdminAddr = "127.0.0.1:0"
	}
	return nil
}

// Run serves until the context ends.
func (c *devCommand) Run(rc runContext) error {
	if c.PrintConfig {
		return printConfig(rc.stdout, rc.parsed)
	}
	if _, _, err := net.SplitHostPort(c.DeploymentAddr); err != nil {
		return usageError{fmt.Errorf("--deployment-addr: %q is not host:port", c.DeploymentAddr)}
	}
	return c.run(rc, func(cfg server.Config) error { return c.serve(rc, cfg) })
}

// serve runs the deployment and the gateway. The deployment is closed after the gateway, whose calls under way need it.
func (c *devCommand) serve(rc runContext, cfg server.Config) error {
	others, err := c.trusted()
	if err != nil {
		return usageError{err}
	}
	services, err := newDevServices(&cfg)
	if err != nil {
		return usageError{fmt.Errorf("--service-issuer, --service-issuer-key-file: %w", err)}
	}
	providers := []deployment.Provider{services.provider()}
	for _, issuer := range others {
		providers = append(providers, providerOf(issuer))
	}
	d, err := deployment.Start(context.WithoutCancel(rc.ctx), deployment.Config{Addr: c.DeploymentAddr, Trusted: providers, Logger: cfg.Logger})
	if err != nil {
		return usageError{fmt.Errorf("--deployment-addr: %w", err)}
	}
	defer func() { _ = d.Close() }()
	if cfg.ServicesText, err = services.text(d.IssuerURL()); err != nil {
		return err
	}
	cfg.LocalHosts = true
	if len(cfg.ClusterKeys) == 0 {
		cfg.ClusterKeys = server.Keys{server.NewKey()} // for as long as the deployment, in memory, has what was sealed or recorded
	}
	cfg.APIFiles = convexapp.API()
	cfg.LoopbackOrigins = len(cfg.AllowedOrigins) == 0
	cfg.ConsoleTokens = func(_ context.Context, user string) (string, error) {
		return d.Token(deployment.TokenRequest{User: user})
	}
	s, err := server.New(cfg, server.Upstream{
		ConvexURL: d.URL(), Issuers: []string{d.IssuerURL()}, OtherIssuers: others,
		ClerkSecretKey: d.SecretKey(), ClerkAPIURL: d.ClerkAPIURL(),
		WebhookSecrets: []string{d.WebhookSecret()}, ClerkInstanceIDs: []string{d.ClerkInstanceID()},
	})
	if err != nil {
		return usageError{byFlags(err)}
	}
	if c.TLSCert == "" { // the deployment might not trust the certificate
		d.SetWebhookURL("http://" + s.HTTPAddr() + "/webhooks/clerk")
	}
	group, ctx := errgroup.WithContext(rc.ctx)
	group.Go(func() error { return s.Serve(ctx) })
	group.Go(func() error {
		if s.WaitReady(ctx) == nil {
			printWelcome(rc.stdout, d, s, services, c.TLSCert != "")
		}
		return nil
	})
	if err := group.Wait(); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// printWelcome prints the addresses, and commands to try.
func printWelcome(w io.Writer, d *deployment.Deployment, s *server.Server, services devServices, tls bool) {
	scheme, plaintext, insecure := "http", " -plaintext", ""
	if tls {
		scheme, plaintext, insecure = "https", " -insecure", " -k"
	}
	text := welcome
	if services.key != "" {
		text += welcomeService
	}
	fmt.Fprint(w, strings.NewReplacer(
		"{deployment}", d.URL(), "{issuer}", d.IssuerURL(), "{grpc}", s.GRPCAddr(), "{rest}", scheme+"://"+s.HTTPAddr(),
		"{admin}", s.AdminAddr(), "{plaintext}", plaintext, "{k}", insecure, "{service}", devService, "{key}", services.key,
	).Replace(text+welcomeEnd))
}

const welcome = `
Convex Gateway is ready.

  gRPC        {grpc}
  REST        {rest}
  console     {rest}/
  deployment  {deployment}   (development, in memory)
  metrics     http://{admin}/metrics
  issuer      {issuer}

Watch a query (leave it running):
  curl -N{k} -H 'Accept: text/event-stream' '{rest}/v1/subscribe?path=messages:list'
  grpcurl{plaintext} -d '{"path":"messages:list"}' {grpc} convexgateway.v1.FunctionService/Subscribe

Send a message:
  curl -s{k} {rest}/v1/mutate -d '{"path":"messages:send","args":{"body":"hello"}}'
  grpcurl{plaintext} -d '{"path":"messages:send","args":{"body":"hello"}}' {grpc} convexgateway.v1.FunctionService/Mutate

The same by the routes of the app's own contract, which check arguments:
  curl -s{k} {rest}/v1/functions/messages/send -d '{"body":"hello"}'
  curl -N{k} -H 'Accept: text/event-stream' {rest}/v1/functions/messages/list

Sign in as ada, and ask who you are:
  TOKEN=$(curl -s {deployment}/dev/token -d '{"user":"ada","ttl":"10m"}' | sed 's/.*"token":"\([^"]*\)".*/\1/')
  curl -s{k} -H "Authorization: Bearer $TOKEN" {rest}/v1/query -d '{"path":"users:me"}'
  grpcurl{plaintext} -H "authorization: Bearer $TOKEN" {grpc} convexgateway.v1.AuthService/AuthState
`

const welcomeService = `
Follow a query as the service {service}, by its API key; and ask who it is when it acts for ada:
  curl -N{k} -H 'Accept: text/event-stream' -H 'Authorization: Bearer {key}' '{rest}/v1/subscribe?path=messages:list'
  curl -s{k} -H 'Authorization: Bearer {key}' -H 'X-On-Behalf-Of: user_ada' {rest}/v1/query -d '{"path":"users:me"}'
`

const welcomeEnd = `
Stop with Ctrl-C.
`

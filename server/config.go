package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"

	"convexgateway/auth"
	"convexgateway/auth/lease"
)

// Config is what a gateway can be told, apart from where it stands (Upstream). The tags are those of the command line:
// every flag `--x-y` also reads the environment variable CONVEXGATEWAY_X_Y.
type Config struct {
	GRPCAddr    string `name:"grpc-addr" default:"127.0.0.1:50051" group:"Addresses" help:"Where gRPC is served. Port 0 picks a free one."`
	HTTPAddr    string `name:"http-addr" default:"127.0.0.1:8080" group:"Addresses" help:"Where REST is served. The same as --grpc-addr: both share one port."`
	AdminAddr   string `name:"admin-addr" placeholder:"HOST:PORT" group:"Addresses" help:"Where metrics (/metrics) and profiles (/debug/pprof) are served, without a lock. By default 127.0.0.1:9090 if that is free, and in dev any free port; off: nowhere."`
	TLSCert     string `name:"tls-cert" placeholder:"FILE" group:"Addresses" help:"PEM certificate chain for both ports, read again when it changes. Without it both are plain text."`
	TLSClientCA string `name:"tls-client-ca" placeholder:"FILE" group:"Addresses" help:"PEM certificates that must have signed those of clients. Without it clients need none."`
	TLSKey      string `name:"tls-key" placeholder:"FILE" group:"Addresses" help:"PEM private key of --tls-cert."`

	Console bool `name:"console" group:"Addresses" help:"Serve the console, a page that runs functions and follows queries, at / of REST. dev always does."`

	RequireAuth         bool     `name:"require-auth" group:"Signing in" help:"Refuse calls without a token. By default they are anonymous: Convex functions may be public."`
	AuthorizedParties   []string `name:"authorized-parties" placeholder:"ORIGIN" group:"Signing in" help:"Origins that a token's azp claim may name. Calls from browsers then need one that matches theirs."`
	AllowMachineTokens  bool     `name:"allow-machine-tokens" group:"Signing in" help:"Accept Clerk's machine-to-machine tokens in JWT form whose audience is the deployment's."`
	RefuseImpersonation bool     `name:"refuse-impersonation" group:"Signing in" help:"Refuse tokens of an actor who impersonates a user."`
	SessionRenewal      bool     `name:"session-renewal" group:"Signing in" help:"Mint the next token of every session with open streams, so that they last as long as the session. Needs Clerk's secret key."`
	AllowTemplateTokens bool     `name:"allow-template-tokens" group:"Signing in" help:"Accept tokens of a Clerk JWT template, which have no session id and so cannot be revoked."`

	TicketKey       TicketKey `name:"ticket-key" placeholder:"BASE64" group:"Browsers" help:"Secret that seals one-time tickets of streams, 32 bytes in base64, the same for all replicas. By default made up at the start."`
	AllowedOrigins  []string  `name:"allowed-origins" placeholder:"ORIGIN" group:"Browsers" help:"Origins whose pages may call from a browser. By default none; in dev, those of loopback hosts."`
	LoopbackOrigins bool      `kong:"-" json:"-"` // pages of loopback hosts may call, too

	MaxRequestBytes     int           `name:"max-request-bytes" default:"${maxRequestBytes}" group:"Limits" help:"Largest request message or body, in bytes."`
	MaxCallsPerSecond   int           `name:"max-calls-per-second" default:"0" group:"Limits" help:"Calls a second that a user, or the address of anonymous callers, may make, in bursts of as many. 0: no limit."`
	MaxStreams          int           `name:"max-streams" default:"200000" group:"Limits" help:"Open streams in all. 0: no limit."`
	MaxConnections      int           `name:"max-connections" default:"100000" group:"Limits" help:"Connections of clients in all. 0: no limit."`
	MaxUpstreamSockets  int           `name:"max-upstream-sockets" default:"20000" group:"Limits" help:"Sockets to the deployment, of which each signed-in identity with open streams has one. 0: no limit."`
	TrustedProxies      []string      `name:"trusted-proxies" placeholder:"NETWORK" group:"Limits" help:"Addresses or networks of proxies whose X-Forwarded-For tells the caller's address."`
	MaxStreamsPerCaller int           `name:"max-streams-per-caller" default:"0" group:"Limits" help:"Open streams a user, or the address of anonymous callers, may have. 0: no limit."`
	Linger              time.Duration `name:"linger" default:"5s" group:"Limits" help:"How long a query is kept live for the next subscriber after its last one."`
	RefreshGrace        time.Duration `name:"refresh-grace" default:"10s" group:"Signing in" help:"How long a stream with a refresh key waits, silent, for a token after its own expired."`
	FailFastAfter       time.Duration `name:"fail-fast-after" default:"10s" group:"Limits" help:"How long a session may be without its deployment before new streams and mutations on it end UNAVAILABLE at once."`
	UpstreamPatience    time.Duration `name:"upstream-patience" default:"5m" group:"Limits" help:"How long a stream waits for a deployment out of reach before it ends UNAVAILABLE."`
	UpstreamCompression bool          `name:"upstream-compression" group:"Limits" help:"Compress the sockets to the deployment: fewer bytes, more CPU and memory for each signed-in session."`
	DrainPeriod         time.Duration `name:"drain-period" default:"5s" group:"Limits" help:"Over how long the ends of open streams are spread when the gateway stops, so that their clients do not all come back at once."`
	MaxConnectionAge    time.Duration `name:"max-connection-age" default:"0s" group:"Limits" help:"How long a connection and its streams may last, give or take a tenth, before clients are asked to connect again, perhaps to another replica. 0: for ever."`
	DrainTimeout        time.Duration `name:"drain-timeout" default:"8s" group:"Limits" help:"How long calls may take to end when the gateway stops."`

	// ConsoleTokens signs users of the console in by their names; its errors are shown to them. nil: they bring tokens.
	ConsoleTokens func(ctx context.Context, user string) (token string, err error) `kong:"-" json:"-"`

	AdminOptional bool `kong:"-" json:"-"` // go on without an admin port if its address is taken

	Exchange lease.Exchange `kong:"-" json:"-"` // between replicas; nil: this is the only one
	Logger   *slog.Logger   `kong:"-" json:"-"` // nil: slog.Default()

	Traces trace.TracerProvider `kong:"-" json:"-"` // of calls; nil: none are made

	Clock func() time.Time `kong:"-" json:"-"` // by which tokens are accepted or not; nil: time.Now
}

// Upstream is the deployment that a gateway stands before, and whose tokens it takes.
type Upstream struct {
	ConvexURL string   // http(s)://host of the deployment
	Issuers   []string // Clerk issuers; without any issuer every token is refused, and all callers are anonymous

	OtherIssuers   []auth.Issuer // that the deployment knows
	ClerkPublicKey string        // PEM; "": the issuer is asked
	ClerkSecretKey string        // for Config.SessionRenewal; a secret
	ClerkAPIURL    string        // "": Clerk's own
	WebhookSecrets []string      // of Clerk's webhooks; none: they are not listened to. Secrets
}

// DefaultMaxRequestBytes leaves room for arguments of 16 MiB in Convex's own measure, in most encodings.
const DefaultMaxRequestBytes = 20 << 20

// Validate names the first setting that is wrong, as its flag.
func (c Config) Validate() error {
	for _, addr := range []struct{ flag, value string }{
		{"--grpc-addr", c.GRPCAddr}, {"--http-addr", c.HTTPAddr}, {"--admin-addr", c.AdminAddr},
	} {
		if addr.flag == "--admin-addr" && (addr.value == "" || addr.value == noAdmin) {
			continue
		}
		if _, _, err := net.SplitHostPort(addr.value); err != nil {
			return fmt.Errorf("%s: %q is not host:port", addr.flag, addr.value)
		}
	}
	for _, party := range c.AuthorizedParties {
		if !strings.Contains(party, "://") {
			return fmt.Errorf("--authorized-parties: %q is not an origin (https://host)", party)
		}
	}
	for _, origin := range c.AllowedOrigins {
		if err := checkOrigin(origin); err != nil {
			return fmt.Errorf("--allowed-origins: %w", err)
		}
	}
	if _, err := c.TicketKey.bytes(); err != nil {
		return fmt.Errorf("--ticket-key: %w", err)
	}
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("--tls-cert and --tls-key: one is set without the other")
	case c.MaxRequestBytes < 1<<10:
		return errors.New("--max-request-bytes: must be at least 1024")
	case c.MaxCallsPerSecond < 0:
		return errors.New("--max-calls-per-second: must not be negative")
	case c.MaxStreams < 0:
		return errors.New("--max-streams: must not be negative")
	case c.MaxConnections < 0:
		return errors.New("--max-connections: must not be negative")
	case c.MaxUpstreamSockets < 0:
		return errors.New("--max-upstream-sockets: must not be negative")
	case c.MaxStreamsPerCaller < 0:
		return errors.New("--max-streams-per-caller: must not be negative")
	case c.RefreshGrace < 0 || c.RefreshGrace > 30*time.Second:
		return errors.New("--refresh-grace: must be from 0s to 30s")
	case c.Linger < 0:
		return errors.New("--linger: must not be negative")
	case c.FailFastAfter <= 0:
		return errors.New("--fail-fast-after: must be positive")
	case c.UpstreamPatience <= 0:
		return errors.New("--upstream-patience: must be positive")
	case c.TLSClientCA != "" && c.TLSCert == "":
		return errors.New("--tls-client-ca: needs --tls-cert and --tls-key")
	case c.DrainPeriod < 0 || c.DrainPeriod >= c.DrainTimeout && c.DrainPeriod > 0 && c.DrainTimeout > 0:
		return errors.New("--drain-period: must be shorter than --drain-timeout")
	case c.MaxConnectionAge < 0:
		return errors.New("--max-connection-age: must not be negative")
	case c.DrainTimeout <= 0:
		return errors.New("--drain-timeout: must be positive")
	}
	return nil
}

// tls loads the certificate of both ports; nil means plain text.
func (c Config) tls(logger *slog.Logger) (*tls.Config, error) {
	if c.TLSCert == "" {
		return nil, nil
	}
	pair, err := newKeyPair(c.TLSCert, c.TLSKey, logger)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert and --tls-key: %w", err)
	}
	t := &tls.Config{GetCertificate: pair.get, MinVersion: tls.VersionTLS12}
	if c.TLSClientCA != "" {
		if t.ClientCAs, err = clientCertificates(c.TLSClientCA); err != nil {
			return nil, fmt.Errorf("--tls-client-ca: %w", err)
		}
		t.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return t, nil
}

// onePort reports whether gRPC and REST share a port.
func (c Config) onePort() bool {
	_, port, _ := net.SplitHostPort(c.GRPCAddr)
	return c.GRPCAddr == c.HTTPAddr && port != "0"
}

package cli

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"

	"convexgateway/auth"
	"convexgateway/auth/clerk"
	"convexgateway/auth/nats"
	"convexgateway/cli/doctor"
	"convexgateway/server"
)

const description = "Serves a Convex deployment over gRPC, REST, NDJSON and server-sent events. Every flag --x-y also reads the " +
	"environment variable CONVEXGATEWAY_X_Y; flags win."

// defaults are values that flags are documented with.
var defaults = map[string]string{
	"logLevel": "info", "maxRequestBytes": strconv.Itoa(server.DefaultMaxRequestBytes), "clerkAPIURL": clerk.DefaultAPIURL,
	"natsSubject": nats.DefaultSubject, "quiet": doctor.DefaultQuiet.String(),
}

// commands is the command line: one documented struct for flags and environment.
type commands struct {
	Dev   devCommand   `cmd:"" help:"Run everything on this machine, with no account and no settings: a development deployment with a sample app, its token issuer, and the gateway in front of them."`
	Serve serveCommand `cmd:"" help:"Run the gateway in front of a real deployment."`

	Doctor doctorCommand `cmd:"" help:"Try out the settings of serve, before or while it runs: deployment, issuers, keys, clock, NATS, certificate, ports, and the proxy in front. Ends with exit code 1 if a check fails."`

	PrintVersion versionCommand `cmd:"" name:"version" help:"Print version, commit and Go version."`
	Version      versionFlag    `env:"-" help:"Print version, commit and Go version."`
}

// logFlags say how to log.
type logFlags struct {
	LogFormat string `enum:"text,json" default:"text" group:"Logs" help:"Form of the logs on stderr: text or json."`
	LogLevel  string `enum:"debug,info,warn,error" default:"${logLevel}" group:"Logs" help:"Least severe level that is logged: debug, info, warn or error."`
}

// logger logs to w; flush must be called in the end.
func (f logFlags) logger(w io.Writer) (logger *slog.Logger, flush func()) {
	var level slog.Level
	_ = level.UnmarshalText([]byte(f.LogLevel)) // one of the enum
	lines, options := &logLines{to: w}, &slog.HandlerOptions{Level: level}
	handler := slog.Handler(slog.NewTextHandler(lines, options))
	if f.LogFormat == "json" {
		handler = slog.NewJSONHandler(lines, options)
	}
	return slog.New(promptHandler{handler, lines}), lines.flush
}

// clerkFlags say whose tokens are taken.
type clerkFlags struct {
	ClerkIssuer         []string `env:"CLERK_FRONTEND_API_URL,CLERK_JWT_ISSUER_DOMAIN" placeholder:"URL" group:"Signing in" help:"Clerk's Frontend API URL, which issues the tokens. Several may be given."`
	ClerkPublishableKey string   `env:"CLERK_PUBLISHABLE_KEY" placeholder:"pk_…" group:"Signing in" help:"Clerk's publishable key; names the issuer if --clerk-issuer does not."`
	ClerkSecretKey      string   `env:"CLERK_SECRET_KEY" secret:"" placeholder:"sk_…" group:"Signing in" help:"Clerk's secret key, for --session-renewal."`
	ClerkAPIURL         string   `name:"clerk-api-url" env:"CLERK_API_URL" default:"${clerkAPIURL}" placeholder:"URL" group:"Signing in" help:"Clerk's Backend API, for --session-renewal."`
	ClerkJWTKey         string   `name:"clerk-jwt-key" env:"CLERK_JWT_KEY" placeholder:"PEM" group:"Signing in" help:"Clerk's JWT public key in PEM. With it no keys are fetched from the issuer, and a rotation needs a restart."`
	TrustedIssuers      []string `sep:";" placeholder:"ISSUER" group:"Signing in" help:"Other issuers whose tokens the deployment takes, as 'https://issuer application=ID', or for a customJwt provider 'https://issuer jwks=URL [algorithm=ES256] [application=ID]'. Several are separated by ;."`
	ClerkWebhookSecret  []string `env:"CLERK_WEBHOOK_SIGNING_SECRET" secret:"" placeholder:"whsec_…" group:"Signing in" help:"Signing secret of Clerk's webhooks, which end the streams of revoked sessions. While it is being rotated, both."`
}

// upstream is the deployment at a URL, and what is known of its issuers.
func (f clerkFlags) upstream(convexURL string) (server.Upstream, error) {
	up := server.Upstream{
		ConvexURL: convexURL, ClerkPublicKey: f.ClerkJWTKey,
		ClerkSecretKey: f.ClerkSecretKey, ClerkAPIURL: f.ClerkAPIURL, WebhookSecrets: f.ClerkWebhookSecret,
	}
	var err error
	if up.Issuers, err = f.issuers(); err != nil {
		return up, err
	}
	for _, text := range f.TrustedIssuers {
		issuer, err := auth.ParseIssuer(text)
		if err != nil {
			return up, fmt.Errorf("--trusted-issuers: %w", err)
		}
		up.OtherIssuers = append(up.OtherIssuers, issuer)
	}
	return up, nil
}

// issuers are the issuers given, or the one that the publishable key names. None: nobody can sign in.
func (f clerkFlags) issuers() ([]string, error) {
	if len(f.ClerkIssuer) > 0 || f.ClerkPublishableKey == "" {
		return f.ClerkIssuer, nil
	}
	issuer, err := issuerOf(f.ClerkPublishableKey)
	if err != nil {
		return nil, fmt.Errorf("--clerk-publishable-key: %w", err)
	}
	return []string{issuer}, nil
}

// issuerOf reads the host out of a publishable key: pk_test_ or pk_live_, then base64 of the host and a $. Source:
// clerk/javascript packages/shared/src/keys.ts.
func issuerOf(key string) (string, error) {
	bad := errors.New("not a Clerk publishable key (pk_test_… or pk_live_…)")
	encoded, found := strings.CutPrefix(key, "pk_test_")
	if !found {
		if encoded, found = strings.CutPrefix(key, "pk_live_"); !found {
			return "", bad
		}
	}
	decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
	host, ended := strings.CutSuffix(string(decoded), "$")
	if err != nil || !ended || !strings.Contains(host, ".") || strings.ContainsAny(host, "$_/ ") {
		return "", bad
	}
	return "https://" + host, nil
}

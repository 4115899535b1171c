package cli

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"convexgateway/server"
)

// accessFlags say which credentials are accepted, whatever their issuer.
type accessFlags struct {
	RequireAuth         bool     `name:"require-auth" group:"Signing in" help:"Refuse calls without a token. By default they are anonymous: Convex functions may be public."`
	PublicFunctions     []string `name:"public-functions" placeholder:"PATTERN" group:"Signing in" help:"Queries that run without their caller's identity, so that all callers share them: 'catalog:*,flags:list', where * matches any characters but / and :. A query that asks for the identity gets null."`
	AuthorizedParties   []string `name:"authorized-parties" placeholder:"ORIGIN" group:"Signing in" help:"Origins that a token's azp claim may name. Calls from browsers then need one that matches theirs."`
	AllowMachineTokens  bool     `name:"allow-machine-tokens" group:"Signing in" help:"Accept Clerk's machine-to-machine tokens in JWT form whose audience is the deployment's."`
	RefuseImpersonation bool     `name:"refuse-impersonation" group:"Signing in" help:"Refuse tokens of an actor who impersonates a user."`
	AllowReservedClaims bool     `name:"allow-reserved-claims" group:"Signing in" help:"Accept tokens with claims named subject, issuer or tokenIdentifier, which functions see in place of the token's own: their issuer decides then whom a caller passes for."`
	SessionRenewal      bool     `name:"session-renewal" group:"Signing in" help:"Mint the next token of every session with open streams, so that they last as long as the session. Needs Clerk's secret key."`
	AllowTemplateTokens bool     `name:"allow-template-tokens" group:"Signing in" help:"Accept tokens of a Clerk JWT template, which have no session id and so cannot be revoked."`
}

// set copies the flags into a Config.
func (f *accessFlags) set(c *server.Config) {
	c.RequireAuth, c.AuthorizedParties = f.RequireAuth, f.AuthorizedParties
	c.PublicFunctions = f.PublicFunctions
	c.AllowMachineTokens, c.AllowTemplateTokens = f.AllowMachineTokens, f.AllowTemplateTokens
	c.RefuseImpersonation, c.SessionRenewal = f.RefuseImpersonation, f.SessionRenewal
	c.AllowReservedClaims = f.AllowReservedClaims
}

// clerkFlags name the issuers whose tokens are accepted, and hold the secrets that they share with the gateway.
type clerkFlags struct {
	ClerkIssuer         []string `env:"CLERK_FRONTEND_API_URL,CLERK_JWT_ISSUER_DOMAIN" placeholder:"URL" group:"Signing in" help:"Clerk's Frontend API URL, which issues the tokens. Several may be given."`
	ClerkPublishableKey string   `env:"CLERK_PUBLISHABLE_KEY" placeholder:"pk_…" group:"Signing in" help:"Clerk's publishable key; names the issuer if --clerk-issuer does not."`
	ClerkSecretKey      string   `env:"CLERK_SECRET_KEY" secret:"" placeholder:"sk_…" group:"Signing in" help:"Clerk's secret key, for --session-renewal."`
	ClerkSecretKeyFile  string   `env:"CLERK_SECRET_KEY_FILE" placeholder:"FILE" group:"Signing in" help:"File with what --clerk-secret-key would be."`
	ClerkAPIURL         string   `name:"clerk-api-url" env:"CLERK_API_URL" default:"${clerkAPIURL}" placeholder:"URL" group:"Signing in" help:"Clerk's Backend API, for --session-renewal."`
	ClerkJWTKey         string   `name:"clerk-jwt-key" env:"CLERK_JWT_KEY" placeholder:"PEM" group:"Signing in" help:"Clerk's JWT public key in PEM. With it no keys are fetched from the issuer, and a rotation needs a restart."`
	ClerkInstanceID     []string `name:"clerk-instance-id" env:"CLERK_INSTANCE_ID" placeholder:"ins_…" group:"Signing in" help:"Ids of the Clerk instances whose webhooks are accepted. Without one, an event of any instance is, if its signature is right."`
	ClerkWebhookSecret  []string `env:"CLERK_WEBHOOK_SIGNING_SECRET" secret:"" placeholder:"whsec_…" group:"Signing in" help:"Signing secret of Clerk's webhooks, which end the streams of revoked sessions. While it is being rotated, both."`
	trustFlags
	ClerkWebhookSecretFile string `env:"CLERK_WEBHOOK_SIGNING_SECRET_FILE" placeholder:"FILE" group:"Signing in" help:"File with what --clerk-webhook-secret would be."`
}

// upstream returns the deployment at a URL with its issuers.
func (f clerkFlags) upstream(convexURL string) (server.Upstream, error) {
	up := server.Upstream{
		ConvexURL: convexURL, ClerkPublicKey: f.ClerkJWTKey,
		ClerkAPIURL: f.ClerkAPIURL, ClerkInstanceIDs: f.ClerkInstanceID,
	}
	var err error
	if up.ClerkSecretKey, err = flagOrFile("--clerk-secret-key", f.ClerkSecretKey, f.ClerkSecretKeyFile); err != nil {
		return up, err
	}
	if up.WebhookSecrets, err = f.webhookSecrets(); err != nil {
		return up, err
	}
	if up.Issuers, err = f.issuers(); err != nil {
		return up, err
	}
	up.OtherIssuers, err = f.trusted()
	return up, err
}

// webhookSecrets returns the signing secrets of webhooks, from the flag or from its file.
func (f clerkFlags) webhookSecrets() (secrets []string, err error) {
	text, err := flagOrFile("--clerk-webhook-secret", strings.Join(f.ClerkWebhookSecret, ","), f.ClerkWebhookSecretFile)
	if err != nil || text == "" {
		return nil, err
	}
	for secret := range strings.SplitSeq(text, ",") {
		secrets = append(secrets, strings.TrimSpace(secret))
	}
	return secrets, nil
}

// issuers returns --clerk-issuer or, without it, the issuer that the publishable key names. None: no token is accepted.
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

// issuerOf returns the issuer that a publishable key names: pk_test_ or pk_live_, then base64 of the host and a $. Source:
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

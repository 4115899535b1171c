package auth

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"convexgateway/auth/keys"
	"convexgateway/internal/loopback"
)

// Defaults of [Config].
const (
	DefaultApplicationID = "convex"
	DefaultMaxLifetime   = time.Hour
	// ServiceLifetime bounds the tokens of machines and of issuers other than Clerk, which are often valid for hours. A longer
	// MaxLifetime holds for them, too.
	ServiceLifetime = 24 * time.Hour
)

// Config configures a [ClerkVerifier]. Only Issuers or OtherIssuers is required.
type Config struct {
	// Issuers are the Clerk Frontend API URLs whose tokens are accepted, compared exactly with
	// the iss claim. https, or http on a loopback host; a trailing slash is dropped.
	Issuers []string
	// ApplicationID is the one audience a token must have; default "convex".
	ApplicationID string
	// AuthorizedParties are origins (scheme://host[:port]). If there are any, azp of a token of Clerk's users must
	// be one of them if it is present, and in a call from a browser (which has an Origin) azp must be
	// present and equal that origin. If there are none, azp is ignored.
	AuthorizedParties []string
	// AllowTemplateTokens accepts tokens from a JWT template. They have no session id, so a pending or revoked session is not
	// detected.
	AllowTemplateTokens bool
	// PublicKey is the only key, in PEM, of the only issuer; no keys are fetched then.
	PublicKey string
	// OtherIssuers are the accepted issuers other than Clerk.
	OtherIssuers []Issuer
	// AllowMachineTokens accepts Clerk's machine-to-machine tokens in JWT form, if their audience is right. Nothing
	// revokes them before they expire.
	AllowMachineTokens bool
	// RefuseImpersonation refuses tokens of an actor who impersonates the user.
	RefuseImpersonation bool
	// AllowReservedClaims accepts tokens with claims that replace issuer, subject or tokenIdentifier in what functions see:
	// their issuer decides then whom a caller pretends to be.
	AllowReservedClaims bool
	// MaxLifetime bounds exp-iat of users' tokens; default one hour.
	MaxLifetime time.Duration
	// DenyList, if set, is consulted on every call.
	DenyList *DenyList
	// Clock defaults to time.Now.
	Clock func() time.Time
	// HTTPClient fetches the signing keys; the default is a client of its own. Redirects to
	// another host are refused in any case.
	HTTPClient *http.Client
	// Logger defaults to slog.Default.
	Logger *slog.Logger
}

// normalized returns the config with its defaults, or an error with one line for each bad
// setting.
func (c Config) normalized() (Config, error) {
	var bad []error
	if len(c.Issuers)+len(c.OtherIssuers) == 0 {
		bad = append(bad, errors.New("issuers: at least one is needed"))
	}
	issuers := make([]string, 0, len(c.Issuers))
	for _, raw := range c.Issuers {
		issuer, err := normalizeIssuer(raw)
		if err != nil {
			bad = append(bad, err)
		} else if !slices.Contains(issuers, issuer) {
			issuers = append(issuers, issuer)
		}
	}
	c.Issuers = issuers
	bad = append(bad, c.checkOthers()...)
	for _, party := range c.AuthorizedParties {
		if err := checkOrigin(party); err != nil {
			bad = append(bad, err)
		}
	}
	if c.MaxLifetime < 0 {
		bad = append(bad, fmt.Errorf("max lifetime %v: must not be negative", c.MaxLifetime))
	}
	c.setDefaults()
	return c, errors.Join(bad...)
}

// checkOthers checks the issuers other than Clerk, and the fixed key.
func (c Config) checkOthers() (bad []error) {
	for i, other := range c.OtherIssuers {
		clash := func(earlier Issuer) bool { return earlier.URL == other.URL && !other.isApplicationOf(earlier) }
		if err := other.validate(); err != nil {
			bad = append(bad, err)
		} else if slices.Contains(c.Issuers, other.URL) || slices.ContainsFunc(c.OtherIssuers[:i], clash) {
			bad = append(bad, fmt.Errorf("issuer %q: given twice", other.URL))
		}
	}
	if c.PublicKey == "" {
		return bad
	}
	if len(c.Issuers) != 1 {
		bad = append(bad, errors.New("public key: it is that of exactly one Clerk issuer"))
	}
	if _, err := keys.ParsePEM(c.PublicKey); err != nil {
		bad = append(bad, fmt.Errorf("public key: %w", err))
	}
	return bad
}

func (c *Config) setDefaults() {
	if c.ApplicationID == "" {
		c.ApplicationID = DefaultApplicationID
	}
	if c.MaxLifetime == 0 {
		c.MaxLifetime = DefaultMaxLifetime
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
}

// maxServiceLifetime bounds the tokens of machines and of other issuers.
func (c *Config) maxServiceLifetime() time.Duration { return max(c.MaxLifetime, ServiceLifetime) }

// maxAnyLifetime bounds all tokens.
func (c *Config) maxAnyLifetime() time.Duration {
	if c.AllowMachineTokens || len(c.OtherIssuers) > 0 {
		return c.maxServiceLifetime()
	}
	return c.MaxLifetime
}

func normalizeIssuer(raw string) (string, error) {
	if strings.HasPrefix(raw, "pk_") {
		return "", errors.New("issuer: this is a publishable key, not a Frontend API URL")
	}
	if err := checkIssuerURL(raw); err != nil {
		return "", err
	}
	u, _ := url.Parse(raw)
	u.Host = strings.ToLower(u.Host)
	return strings.TrimRight(u.String(), "/"), nil
}

// checkIssuerURL accepts a URL that can be an iss claim and from which keys can be fetched safely.
func checkIssuerURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return fmt.Errorf("issuer %q: not a URL such as https://clerk.example.com", raw)
	}
	switch {
	case strings.Contains(u.Path, "/.well-known"):
		return fmt.Errorf("issuer %q: give the issuer itself, without /.well-known/…", raw)
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return fmt.Errorf("issuer %q: no user, query or fragment allowed", raw)
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("issuer %q: must begin with https://", raw)
	case u.Scheme == "http" && !loopback.IsHost(u.Hostname()):
		return fmt.Errorf("issuer %q: http is allowed on loopback hosts only, use https", raw)
	}
	return nil
}

func checkOrigin(party string) error {
	u, err := url.Parse(party)
	if err != nil || u.Scheme == "" || u.Host == "" || party != u.Scheme+"://"+u.Host || strings.Contains(party, "*") {
		return fmt.Errorf("authorized party %q: not an origin such as https://app.example.com", party)
	}
	return nil
}

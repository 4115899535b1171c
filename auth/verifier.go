package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/singleflight"

	"convexgateway/auth/keys"
	"convexgateway/internal/expiring"
)

// ExpiryMargin ends a token early, so that it does not expire on its way to Convex, which allows no leeway.
const ExpiryMargin = time.Second

const (
	// ClockLeeway is how far an issuer's clock may be ahead, at least for the tokens that are accepted.
	ClockLeeway = clockLeeway

	// clockLeeway is how far iat and nbf may lie ahead of the local clock. exp has none.
	clockLeeway = 5 * time.Second
	// streamMargin is what a new stream's token needs: with less, there is no time for a row.
	streamMargin = 2 * time.Second

	verifiedLimit = 10_000
)

// Verifier verifies a token and returns its caller. Errors are of type *Error. The context is that of the incoming
// call: from it a browser's origin is read, and whether the call is a stream. Safe for concurrent use.
type Verifier interface {
	Verify(ctx context.Context, token string) (*Identity, error)
}

// ClerkVerifier verifies the tokens of Clerk, and of the other issuers of the deployment, with their published keys.
type ClerkVerifier struct {
	parties  []string
	deny     *DenyList
	now      func() time.Time
	logger   *slog.Logger
	issuers  map[string]acceptedIssuer                   // by iss
	main     string                                      // the first Clerk issuer; empty without one
	verified *expiring.Map[[sha256.Size]byte, *Identity] // by hash of the whole token
	flights  singleflight.Group                          // verifications, by the same hash
	skew     *skewMeter
	close    func()
}

// NewClerkVerifier checks the configuration; its error has one line for each bad setting.
// Nothing is fetched before [ClerkVerifier.Prefetch] or the first token. Close it in the end.
func NewClerkVerifier(config Config) (*ClerkVerifier, error) {
	c, err := config.normalized()
	if err != nil {
		return nil, err
	}
	v := &ClerkVerifier{
		parties:  slices.Clone(c.AuthorizedParties),
		deny:     c.DenyList,
		now:      c.Clock,
		logger:   c.Logger,
		issuers:  make(map[string]acceptedIssuer, len(c.Issuers)+len(c.OtherIssuers)),
		verified: expiring.New[[sha256.Size]byte, *Identity](verifiedLimit),
	}
	if v.deny != nil {
		v.deny.cover(c.maxAnyLifetime())
	}
	client, done := keys.NewClient(c.HTTPClient)
	v.skew, v.close = measureSkew(client, c.Clock), done
	clerkRules := clerkRules{
		applicationID: c.ApplicationID, allowTemplates: c.AllowTemplateTokens, allowMachines: c.AllowMachineTokens,
		refuseImpersonation: c.RefuseImpersonation, maxLifetime: c.MaxLifetime, maxMachineLifetime: c.maxServiceLifetime(),
	}
	if len(c.Issuers) > 0 {
		v.main = c.Issuers[0]
	}
	for _, issuer := range c.Issuers {
		v.issuers[issuer] = acceptedIssuer{
			keys: clerkKeys(c, client, issuer), algorithms: []string{"RS256"}, rules: clerkRules, provider: openIDProvider, clerk: true,
			allowReserved: c.AllowReservedClaims, warned: &claimWarnings{},
		}
	}
	for _, other := range c.OtherIssuers {
		if same, ok := v.issuers[other.URL]; ok {
			same.addApplication(other.ApplicationID)
			continue
		}
		v.issuers[other.URL] = other.accepted(c, client)
	}
	return v, nil
}

// clerkKeys returns the keys of a Clerk issuer: those that it publishes, or the one that was configured.
func clerkKeys(c Config, client *http.Client, issuer string) keys.Source {
	if c.PublicKey != "" {
		if key, err := keys.ParsePEM(c.PublicKey); err == nil { // always: the configuration was checked
			return key
		}
	}
	return keys.OfClerk(issuer).Source(client, c.Clock, c.Logger)
}

// Ready reports whether the keys of the main issuer, which is the first Clerk issuer, were fetched at least once; without a
// Clerk issuer, those of any issuer. An outage of another issuer concerns its own tokens only.
func (v *ClerkVerifier) Ready() bool {
	if v.main != "" {
		return v.issuers[v.main].keys.Ready()
	}
	for _, issuer := range v.issuers {
		if issuer.keys.Ready() {
			return true
		}
	}
	return false
}

// KeyAge returns how long ago keys were fetched, for the issuer where that was longest ago; 0 if none were. They
// are fetched again about every 5 minutes, and expire after 6 hours.
func (v *ClerkVerifier) KeyAge() (age time.Duration) {
	now := v.now()
	for _, issuer := range v.issuers {
		if fetched := issuer.keys.FetchedAt(); !fetched.IsZero() {
			age = max(age, now.Sub(fetched))
		}
	}
	return age
}

// Prefetch fetches, until the verifier is ready, the keys of each issuer that has none yet. It returns as soon as it is ready,
// while slower fetches go on, or with an error that has one line for each fetch that failed; tokens of the other issuers are
// verified nevertheless, and the keys of these are fetched when a token needs them.
func (v *ClerkVerifier) Prefetch(ctx context.Context) error {
	if v.Ready() {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx) // of the waits; a fetch has a time limit of its own
	defer cancel()
	missing := 0
	fetched := make(chan error, len(v.issuers))
	for url, issuer := range v.issuers {
		if issuer.keys.Ready() {
			continue
		}
		missing++
		go func() {
			err := issuer.keys.Prefetch(ctx)
			if err != nil {
				err = fmt.Errorf("signing keys of %s: %w", url, err)
			}
			fetched <- err
		}()
	}
	var errs []error
	for range missing {
		if err := <-fetched; err != nil {
			errs = append(errs, err)
		}
		if v.Ready() {
			return nil
		}
	}
	return errors.Join(errs...)
}

// Close stops all fetches and waits for them. Tokens that need one fail from then on.
func (v *ClerkVerifier) Close() {
	for _, issuer := range v.issuers {
		issuer.keys.Close()
	}
	v.close()
}

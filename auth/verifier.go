package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"google.golang.org/grpc/metadata"
)

const (
	// clockLeeway is how far iat and nbf may lie ahead of the local clock. exp has none.
	clockLeeway = 5 * time.Second
	// expiryMargin ends a token early, so that it does not expire on its way to Convex, which
	// allows no leeway.
	expiryMargin = time.Second
	// streamMargin is what a new stream's token needs: with less, there is no time for a row.
	streamMargin = 2 * time.Second

	verifiedLimit = 10_000
)

// Verifier tells whose token this is. Errors are of type *Error. The context is that of the incoming
// call: from it a browser's origin is read, and whether the call is a stream. Safe for concurrent use.
type Verifier interface {
	Verify(ctx context.Context, token string) (*Identity, error)
}

// ClerkVerifier verifies Clerk session tokens, and the tokens of other issuers that are configured: locally, with the
// issuers' published keys.
type ClerkVerifier struct {
	parties             []string
	refuseImpersonation bool
	deny                *DenyList
	now                 func() time.Time
	logger              *slog.Logger
	trusted             []*trusted
	byIssuer            map[string]*trusted                  // by iss
	verified            *cache[[sha256.Size]byte, *Identity] // by hash of the whole token
	close               func()
}

// NewClerkVerifier checks the configuration; its error has one line for each bad setting.
// Nothing is fetched before [ClerkVerifier.Prefetch] or the first token. Close it in the end.
func NewClerkVerifier(config Config) (*ClerkVerifier, error) {
	c, err := config.normalized()
	if err != nil {
		return nil, err
	}
	v := &ClerkVerifier{
		parties:             slices.Clone(c.AuthorizedParties),
		refuseImpersonation: c.RefuseImpersonation,
		deny:                c.DenyList,
		now:                 c.Clock,
		logger:              c.Logger,
		byIssuer:            make(map[string]*trusted, len(c.Issuers)),
		verified:            newCache[[sha256.Size]byte, *Identity](verifiedLimit),
	}
	if v.deny != nil {
		v.deny.cover(c.longestLife())
	}
	client, done := keyClient(c.HTTPClient)
	v.close = done
	for _, issuer := range c.Issuers {
		v.trust(trustClerk(c, issuer, client), issuer)
	}
	for _, p := range c.Providers {
		if known := v.byIssuer[p.issuer()]; known != nil {
			known.addAudience(p.ApplicationID)
			continue
		}
		v.trust(trustProvider(c, p, client), p.spellings()...)
	}
	return v, nil
}

func (v *ClerkVerifier) trust(t *trusted, spellings ...string) {
	v.trusted = append(v.trusted, t)
	for _, iss := range spellings {
		v.byIssuer[iss] = t
	}
}

// keyClient returns the client that fetches keys, and what to call when it is done with.
func keyClient(given *http.Client) (client *http.Client, done func()) {
	own := http.Client{}
	done = func() {}
	if given != nil {
		own = *given
	} else {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		own.Transport, done = transport, transport.CloseIdleConnections
	}
	own.CheckRedirect = sameHostOnly
	return &own, done
}

// Ready reports whether the keys of every issuer were fetched at least once.
func (v *ClerkVerifier) Ready() bool {
	for _, t := range v.trusted {
		if !t.keys.ready() {
			return false
		}
	}
	return true
}

// Prefetch fetches the keys of all issuers. Its error has one line for each that failed;
// the verifier works nevertheless and tries again when a token needs the keys.
func (v *ClerkVerifier) Prefetch(ctx context.Context) error {
	errs := make([]error, 0, len(v.trusted))
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, t := range v.trusted {
		wg.Go(func() {
			if err := t.keys.prefetch(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, fmt.Errorf("signing keys of %s: %w", t.issuer, err))
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Close stops all fetches and waits for them. Tokens that need one fail from then on.
func (v *ClerkVerifier) Close() {
	for _, t := range v.trusted {
		t.keys.close()
	}
	v.close()
}

// Verify implements [Verifier]. A token that was verified before costs a hash and a look-up;
// time, origin and deny list are checked each time, and so is that its key is still published.
func (v *ClerkVerifier) Verify(ctx context.Context, raw string) (*Identity, error) {
	now := v.now()
	if len(raw) > maxTokenBytes {
		return nil, checkShape(raw) // not worth a hash
	}
	hash := sha256.Sum256([]byte(raw))
	if id, ok := v.recall(hash, now); ok {
		if err := v.admit(ctx, id, now); err != nil {
			return nil, err
		}
		return id, nil
	}
	id, err := v.verify(ctx, raw, now)
	if err != nil {
		return nil, err
	}
	if id.ActorSubject != "" {
		v.logger.Info("impersonation", "issuer", id.Issuer, "actor", id.ActorSubject, "identity_tag", id.Tag())
	}
	v.verified.put(hash, id, id.ExpiresAt.Add(-expiryMargin), now)
	return id, nil
}

// recall returns an identity that was verified before with a key that still counts.
func (v *ClerkVerifier) recall(hash [sha256.Size]byte, now time.Time) (*Identity, bool) {
	id, ok := v.verified.get(hash, now)
	if !ok {
		return nil, false
	}
	signer := id.cred.signer
	return id, v.byIssuer[id.Issuer].keys.peek(signer.KeyID, now) == signer
}

// verify does all the work. The signature comes before all claims but iss, which chooses the
// keys: nobody can probe the configuration with tokens of their own making.
func (v *ClerkVerifier) verify(ctx context.Context, raw string, now time.Time) (*Identity, *Error) {
	t, err := parseToken(raw)
	if err != nil {
		return nil, err
	}
	from, ok := v.byIssuer[t.issuer()]
	if !ok {
		return nil, NewError(ReasonIssuer, nil)
	}
	if !slices.Contains(from.algorithms, t.algorithm) {
		return nil, malformed("header", errors.New("alg is not one of this issuer"))
	}
	key, refusal, err := v.findKey(ctx, t, from, now)
	if err != nil {
		return nil, err
	}
	id, err := from.rules.identify(t)
	if err != nil {
		return nil, err
	}
	id.cred.signer = key
	if err := v.admit(ctx, id, now); err != nil {
		return nil, err
	}
	if refusal != nil { // all our own checks passed, but not the SDK's
		return nil, classify(refusal)
	}
	return id, nil
}

// findKey returns the key that signed the token, and what the SDK has against it apart from the signature.
func (v *ClerkVerifier) findKey(ctx context.Context, t *token, from *trusted, now time.Time) (key *clerk.JSONWebKey, refusal error, err *Error) {
	if key, err = from.keys.key(ctx, t.keyID, now); err != nil {
		return nil, nil, err
	}
	refusal = from.check(ctx, t, key, now)
	if errors.Is(refusal, errBadSignature) {
		if key = from.keys.rotated(ctx, key, now); key != nil {
			refusal = from.check(ctx, t, key, now)
		}
	}
	if errors.Is(refusal, errBadSignature) {
		return nil, nil, NewError(ReasonBadSignature, nil)
	}
	return key, refusal, nil
}

// admit checks what depends on more than the token: the time, where the call comes from, and
// whether the session was ended meanwhile.
func (v *ClerkVerifier) admit(ctx context.Context, id *Identity, now time.Time) *Error {
	ahead, left := now.Add(clockLeeway), id.ExpiresAt.Sub(now)
	switch {
	case left <= expiryMargin, left < streamMargin && isStream(ctx):
		return NewError(ReasonTokenExpired, nil)
	case id.IssuedAt.After(ahead), id.cred.notBefore.After(ahead):
		return NewError(ReasonTokenNotYetValid, nil)
	case !id.cred.active:
		return NewError(ReasonSessionPending, nil)
	case id.cred.clerk && !v.partyAllowed(ctx, id.cred.party):
		return NewError(ReasonAuthorizedParty, nil)
	case v.refuseImpersonation && id.ActorSubject != "":
		return NewError(ReasonImpersonation, nil)
	}
	if v.deny != nil {
		return v.deny.check(id, now)
	}
	return nil
}

// partyAllowed compares azp with the configured origins and with the call's own.
func (v *ClerkVerifier) partyAllowed(ctx context.Context, party string) bool {
	if len(v.parties) == 0 {
		return true
	}
	// grpcgateway-origin is what grpc-gateway makes of a browser's Origin header.
	for _, name := range []string{"grpcgateway-origin", "origin"} {
		for _, origin := range metadata.ValueFromIncomingContext(ctx, name) {
			if origin != party {
				return false
			}
		}
	}
	return party == "" || slices.Contains(v.parties, party)
}

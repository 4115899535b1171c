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

	clerksdk "github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/jwt"
	"github.com/go-jose/go-jose/v3"
	josejwt "github.com/go-jose/go-jose/v3/jwt"
	"google.golang.org/grpc/metadata"

	"convexgateway/internal/expiring"
)

// ExpiryMargin ends a token early, so that it does not expire on its way to Convex, which allows no leeway.
const ExpiryMargin = time.Second

const (
	// clockLeeway is how far iat and nbf may lie ahead of the local clock. exp has none.
	clockLeeway = 5 * time.Second
	// streamMargin is what a new stream's token needs: with less, there is no time for a row.
	streamMargin = 2 * time.Second

	verifiedLimit = 10_000
)

// Verifier tells whose token this is. Errors are of type *Error. The context is that of the incoming
// call: from it a browser's origin is read, and whether the call is a stream. Safe for concurrent use.
type Verifier interface {
	Verify(ctx context.Context, token string) (*Identity, error)
}

// ClerkVerifier verifies the tokens of Clerk, and of other issuers that the deployment knows: locally, with their
// published keys.
type ClerkVerifier struct {
	parties  []string
	deny     *DenyList
	now      func() time.Time
	logger   *slog.Logger
	issuers  map[string]trusted                          // by iss
	verified *expiring.Map[[sha256.Size]byte, *Identity] // by hash of the whole token
	underWay underWay
	skew     *skewWatch
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
		issuers:  make(map[string]trusted, len(c.Issuers)+len(c.OtherIssuers)),
		verified: expiring.New[[sha256.Size]byte, *Identity](verifiedLimit),
	}
	if v.deny != nil {
		v.deny.cover(c.longestLife())
	}
	client, done := keyClient(c.HTTPClient)
	v.skew, v.close = watchSkew(client, c.Clock), done
	clerkRules := clerkRules{
		applicationID: c.ApplicationID, allowTemplates: c.AllowTemplateTokens, allowMachines: c.AllowMachineTokens,
		refuseImpersonation: c.RefuseImpersonation, maxLifetime: c.MaxLifetime, machineLife: c.serviceLife(),
	}
	for _, issuer := range c.Issuers {
		v.issuers[issuer] = trusted{clerkKeys(c, client, issuer), []string{"RS256"}, clerkRules, true}
	}
	for _, other := range c.OtherIssuers {
		if known, ok := v.issuers[other.URL]; ok {
			known.addApplication(other.ApplicationID)
			continue
		}
		v.issuers[other.URL] = other.trust(c, client)
	}
	return v, nil
}

// clerkKeys are the keys of a Clerk issuer: those that it publishes, or the one that was given.
func clerkKeys(c Config, client *http.Client, issuer string) keySource {
	if c.PublicKey != "" {
		if key, err := parsePEMKey(c.PublicKey); err == nil { // as the configuration was checked
			return fixedKeys{only: key}
		}
	}
	fetch := func(ctx context.Context) (signingKeys, error) { return fetchKeys(ctx, client, issuer+jwksPath) }
	return newKeyCache(issuer, fetch, c.Clock, c.Logger)
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
	for _, issuer := range v.issuers {
		if !issuer.keys.ready() {
			return false
		}
	}
	return true
}

// KeyAge is how long ago keys were fetched, of the issuer where that was longest ago; 0 if there are none that were. They
// are fetched anew about every 5 minutes, and are of no use after 6 hours.
func (v *ClerkVerifier) KeyAge() (age time.Duration) {
	now := v.now()
	for _, issuer := range v.issuers {
		if fetched := issuer.keys.fetchedAt(); !fetched.IsZero() {
			age = max(age, now.Sub(fetched))
		}
	}
	return age
}

// Prefetch fetches the keys of all issuers. Its error has one line for each that failed;
// the verifier works nevertheless and tries again when a token needs the keys.
func (v *ClerkVerifier) Prefetch(ctx context.Context) error {
	errs := make([]error, 0, len(v.issuers))
	var mu sync.Mutex
	var wg sync.WaitGroup
	for url, issuer := range v.issuers {
		wg.Go(func() {
			if err := issuer.keys.prefetch(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, fmt.Errorf("signing keys of %s: %w", url, err))
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Close stops all fetches and waits for them. Tokens that need one fail from then on.
func (v *ClerkVerifier) Close() {
	for _, issuer := range v.issuers {
		issuer.keys.close()
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
		return v.readmit(ctx, id, now)
	}
	defer v.underWay.enter(ctx, hash)()
	if id, ok := v.recall(hash, now); ok {
		return v.readmit(ctx, id, now)
	}
	id, err := v.verifyApart(ctx, raw, now)
	if err != nil {
		return nil, err
	}
	if id.ActorSubject != "" {
		v.logger.InfoContext(ctx, "impersonation", "issuer", id.Issuer, "actor", id.ActorSubject, "identity_tag", id.Tag())
	}
	v.verified.Put(hash, id, id.ExpiresAt.Add(-ExpiryMargin), now)
	return id, nil
}

func (v *ClerkVerifier) readmit(ctx context.Context, id *Identity, now time.Time) (*Identity, error) {
	if err := v.admit(ctx, id, now); err != nil {
		return nil, err
	}
	return id, nil
}

// recall returns an identity that was verified before with a key that still counts.
func (v *ClerkVerifier) recall(hash [sha256.Size]byte, now time.Time) (*Identity, bool) {
	id, ok := v.verified.Get(hash, now)
	if !ok {
		return nil, false
	}
	signer := id.cred.signer
	return id, v.issuers[id.Issuer].keys.peek(signer.KeyID, now) == signer
}

// verifyApart verifies on a goroutine of its own: a stream, which may then wait for hours, would keep the stack that a
// signature takes. A panic is the caller's.
func (v *ClerkVerifier) verifyApart(ctx context.Context, raw string, now time.Time) (id *Identity, err *Error) {
	panicked := make(chan any)
	go func() {
		defer func() { panicked <- recover() }()
		id, err = v.verify(ctx, raw, now)
	}()
	if p := <-panicked; p != nil {
		panic(p)
	}
	return id, err
}

// verify does all the work. The signature comes before all claims but iss, which chooses the
// keys: nobody can probe the configuration with tokens of their own making.
func (v *ClerkVerifier) verify(ctx context.Context, raw string, now time.Time) (*Identity, *Error) {
	t, err := parseToken(raw)
	if err != nil {
		return nil, err
	}
	iss, _ := t.claims["iss"].(string)
	issuer, ok := v.issuers[iss]
	switch {
	case !ok:
		return nil, NewError(ReasonIssuer, nil)
	case !slices.Contains(issuer.algorithms, t.alg):
		return nil, malformed("header", errors.New("alg is not one of this issuer's"))
	}
	key, err := issuer.keys.key(ctx, t.keyID, now)
	if err != nil {
		return nil, err
	}
	refusal := v.checkSignature(ctx, t, iss, issuer, key)
	if errors.Is(refusal, errBadSignature) {
		if key = issuer.keys.rotated(ctx, key, now); key != nil {
			refusal = v.checkSignature(ctx, t, iss, issuer, key)
		}
	}
	if errors.Is(refusal, errBadSignature) {
		return nil, NewError(ReasonBadSignature, nil)
	}
	id, err := issuer.rules.identify(t)
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

// Texts of the SDK's own errors can hold claim values, so these stand for them.
var (
	errBadSignature = errors.New("bad signature")
	errSDKRefused   = errors.New("refused by clerk-sdk-go")
)

// checkSignature has the SDK verify one of Clerk's tokens with a key of its issuer, and go-jose those of others. The result
// is nil, errBadSignature, or, if the signature is good, one of go-jose's time errors or errSDKRefused.
func (v *ClerkVerifier) checkSignature(ctx context.Context, t *token, iss string, issuer trusted, key *clerksdk.JSONWebKey) error {
	switch {
	case key.Algorithm != t.alg:
		return errBadSignature
	case !issuer.clerk && signedBy(t.raw, key):
		return nil
	case !issuer.clerk:
		return errBadSignature
	}
	_, err := jwt.Verify(ctx, &jwt.VerifyParams{
		Token:    t.raw,
		JWK:      key,
		Clock:    clock(v.now),
		Leeway:   clockLeeway,
		ProxyURL: &iss, // makes the SDK compare the issuer exactly
	})
	for _, timing := range []error{josejwt.ErrExpired, josejwt.ErrNotValidYet, josejwt.ErrIssuedInTheFuture} {
		if errors.Is(err, timing) {
			return timing
		}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jose.ErrCryptoFailure), !signedBy(t.raw, key):
		return errBadSignature
	}
	return errSDKRefused
}

// signedBy makes sure that an error which is not about the signature came after it.
func signedBy(raw string, key *clerksdk.JSONWebKey) bool {
	jws, err := jose.ParseSigned(raw)
	if err == nil {
		_, err = jws.Verify(key.Key)
	}
	return err == nil
}

func classify(refusal error) *Error {
	switch {
	case errors.Is(refusal, josejwt.ErrExpired):
		return NewError(ReasonTokenExpired, refusal)
	case errors.Is(refusal, josejwt.ErrNotValidYet), errors.Is(refusal, josejwt.ErrIssuedInTheFuture):
		return NewError(ReasonTokenNotYetValid, refusal)
	}
	return NewError(ReasonMalformed, refusal)
}

type clock func() time.Time

func (c clock) Now() time.Time { return c() }

// admit checks what depends on more than the token: the time, where the call comes from, and
// whether the session was ended meanwhile.
func (v *ClerkVerifier) admit(ctx context.Context, id *Identity, now time.Time) *Error {
	ahead, left := now.Add(clockLeeway), id.ExpiresAt.Sub(now)
	switch {
	case left <= ExpiryMargin, left < streamMargin && isStream(ctx):
		return NewError(ReasonTokenExpired, nil)
	case id.IssuedAt.After(ahead), id.cred.notBefore.After(ahead):
		return NewError(ReasonTokenNotYetValid, nil)
	case !id.cred.active:
		return NewError(ReasonSessionPending, nil)
	case !id.cred.anyParty && !v.partyAllowed(ctx, id.cred.party):
		return NewError(ReasonAuthorizedParty, nil)
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

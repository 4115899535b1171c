package clerk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	clerksdk "github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/jwks"
	clerksession "github.com/clerk/clerk-sdk-go/v2/session"
	"golang.org/x/time/rate"

	"convexgateway/auth"
	"convexgateway/internal/loopback"
)

// Defaults and bounds of [API].
const (
	DefaultAPIURL    = "https://api.clerk.com/v1"
	DefaultAPIBudget = rate.Limit(50) // half of what Clerk allows a production instance

	callTimeout    = 5 * time.Second
	maxAnswerBytes = 64 << 10
	minExpiresIn   = 30 * time.Second // (clerk/openapi-specs bapi/2026-05-12.yml)
)

// APIConfig configures an [API]. Only SecretKey is required.
type APIConfig struct {
	// URL is that of Clerk's Backend API; default https://api.clerk.com/v1. Plain http is for
	// loopback hosts only.
	URL string
	// SecretKey is one of the instance whose tokens are accepted.
	SecretKey string
	// TokenLifetime is that of minted tokens, in whole seconds from 30 s; 0 is the default of the instance.
	TokenLifetime time.Duration
	// Budget is how many requests a second may be made; default 50, and 5 for a development instance. Clerk's own limit is per
	// instance: 100 a second, and a tenth of that for a development instance.
	Budget rate.Limit
	// HTTPClient replaces the client. In any case no redirect is followed, answers are at most 64 KiB, and requests end after
	// 5 s, unless it has a timeout of its own.
	HTTPClient *http.Client
}

// String hides the secret key.
func (c APIConfig) String() string { return "Clerk Backend API at " + c.URL }

// Format prints String for every verb.
func (c APIConfig) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// API is a client of Clerk's Backend API, for what the gateway needs: the next tokens of open sessions. It is a
// lease.Minter. Safe for concurrent use.
type API struct {
	sessions  *clerksession.Client
	keys      *jwks.Client
	expiresIn *int64 // seconds
	budget    *budget
	client    *http.Client
}

// NewAPI makes a client and sends nothing. An error names the setting and never contains
// the key.
func NewAPI(c APIConfig) (*API, error) {
	if c.URL == "" {
		c.URL = DefaultAPIURL
	}
	if c.Budget == 0 {
		c.Budget = defaultBudget(c)
	}
	if err := c.validate(); err != nil {
		return nil, err
	}
	client := boundedClient(c.HTTPClient)
	base := strings.TrimRight(c.URL, "/")
	// The SDK writes defaults into what it is given, so each client has a config of its own.
	config := func() *clerksdk.ClientConfig {
		return &clerksdk.ClientConfig{BackendConfig: clerksdk.BackendConfig{HTTPClient: client, URL: &base, Key: &c.SecretKey}}
	}
	a := &API{
		sessions: clerksession.NewClient(config()), keys: jwks.NewClient(config()),
		budget: newBudget(c.Budget), client: client,
	}
	if c.TokenLifetime > 0 {
		a.expiresIn = new(int64(c.TokenLifetime / time.Second))
	}
	return a, nil
}

// defaultBudget is half of what Clerk allows: development instances get a tenth.
func defaultBudget(c APIConfig) rate.Limit {
	if c.URL == DefaultAPIURL && strings.HasPrefix(c.SecretKey, "sk_test_") {
		return DefaultAPIBudget / 10
	}
	return DefaultAPIBudget
}

func (c APIConfig) validate() error {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("the API URL: not a URL such as " + DefaultAPIURL)
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback.IsHost(u.Hostname())):
		return errors.New("the API URL: must begin with https:// (http is for loopback hosts)")
	case !isSecretKey(c.SecretKey):
		return errors.New("the secret key: not of the form sk_test_… or sk_live_…")
	case c.Budget < 0:
		return errors.New("budget of Clerk's API: must not be negative")
	case c.TokenLifetime != 0 && c.TokenLifetime < minExpiresIn || c.TokenLifetime%time.Second != 0:
		return fmt.Errorf("lifetime of minted tokens %v: must be whole seconds and at least %v", c.TokenLifetime, minExpiresIn)
	}
	return nil
}

// isSecretKey also refuses characters that a header cannot have.
func isSecretKey(key string) bool {
	return auth.IsClerkID(key, "sk_test_") || auth.IsClerkID(key, "sk_live_")
}

// Close closes idle connections.
func (a *API) Close() { a.client.CloseIdleConnections() }

// String hides the secret key.
func (a *API) String() string { return "Clerk Backend API" }

// Format prints String for every verb.
func (a *API) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, a.String()) }

// Mint makes the next token of a session. An error is either an *[auth.Error], the reason why the session
// is over (or why the id is not valid), or an *[APIError], from which nothing follows about the session. An
// *APIError is an *auth.Error, too, of class Unavailable: [errors.As] finds it.
func (a *API) Mint(ctx context.Context, sessionID string) (token string, err error) {
	if !auth.IsClerkID(sessionID, "sess_") { // it becomes a part of a URL
		return "", auth.NewError(auth.ReasonMalformed, errors.New("not a session id"))
	}
	var minted *clerksdk.SessionToken
	failed := a.call(ctx, func(ctx context.Context) (err error) {
		minted, err = a.sessions.CreateToken(ctx, &clerksession.CreateTokenParams{ID: sessionID, ExpiresInSeconds: a.expiresIn})
		return err
	})
	switch {
	case failed == nil && minted.JWT != "":
		return minted.JWT, nil
	case failed == nil:
		return "", &APIError{Status: http.StatusOK, cause: errors.New("an answer without a token")}
	case failed.aboutSession():
		return "", a.mintError(ctx, sessionID, failed)
	}
	return "", failed
}

// mintError returns why a session gets no token. Clerk does not document the answer to a refused request for a token, so the
// status of the session decides.
func (a *API) mintError(ctx context.Context, sessionID string, refusal *APIError) error {
	var s *clerksdk.Session
	failed := a.call(ctx, func(ctx context.Context) (err error) {
		s, err = a.sessions.Get(ctx, sessionID)
		return err
	})
	switch {
	case failed == nil:
		if reason, over := sessionOver[s.Status]; over && s.ID == sessionID {
			return auth.NewError(reason, nil)
		}
		return refusal
	case failed.Status == http.StatusUnauthorized: // twice, whatever its code
		failed.KeyRefused = true
	case failed.unknownSession() && refusal.unknownSession():
		return auth.NewError(auth.ReasonSessionEnded, errors.New("no such session at Clerk"))
	}
	return failed
}

// sessionOver are the statuses in which a session must not be used
// (clerk/openapi-specs bapi/2026-05-12.yml, clerk/javascript packages/shared/src/types/session.ts).
var sessionOver = map[string]auth.Reason{
	"pending":   auth.ReasonSessionPending,
	"revoked":   auth.ReasonSessionRevoked,
	"ended":     auth.ReasonSessionEnded,
	"removed":   auth.ReasonSessionEnded,
	"replaced":  auth.ReasonSessionEnded,
	"expired":   auth.ReasonSessionExpired,
	"abandoned": auth.ReasonSessionExpired,
}

// KeyIDs returns the ids of the instance's signing keys. With a secret key of another instance every session
// is unknown, so check first that the issuer's keys are among these. Errors are
// *[APIError].
func (a *API) KeyIDs(ctx context.Context) ([]string, error) {
	var set *clerksdk.JSONWebKeySet
	failed := a.call(ctx, func(ctx context.Context) (err error) {
		set, err = a.keys.Get(ctx, &jwks.GetParams{})
		return err
	})
	if failed != nil {
		return nil, failed
	}
	ids := make([]string, 0, len(set.Keys))
	for _, key := range set.Keys {
		if key != nil { // null
			ids = append(ids, key.KeyID)
		}
	}
	return ids, nil
}

// call makes one request within the budget and classifies how it failed.
func (a *API) call(ctx context.Context, do func(context.Context) error) *APIError {
	if err := a.budget.wait(ctx); err != nil {
		return err
	}
	seen := &attempt{}
	err := do(context.WithValue(ctx, attemptKey{}, seen))
	if err == nil {
		return nil
	}
	failed := seen.failure(err)
	if failed.Status == http.StatusTooManyRequests {
		failed.retryAfter = cmp.Or(failed.retryAfter, defaultHold)
		a.budget.hold(failed.retryAfter)
	}
	return failed
}

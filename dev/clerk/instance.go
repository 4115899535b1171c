// Package clerk is a Clerk instance in memory, for tests and for development: an issuer of session tokens with its
// signing keys, the part of Clerk's Backend API that deals with sessions and machine tokens, and signed webhooks. It is an
// http.Handler, so that its users talk to it over real sockets:
//
//	clerk := devclerk.New(devclerk.Config{})
//	srv := httptest.NewServer(clerk)
//	clerk.SetURL(srv.URL)
//	sid := clerk.CreateSession("user_ada")
//	token, err := clerk.Mint(sid)
//
// Below the issuer's URL it serves
//
//	GET  /.well-known/openid-configuration, /.well-known/jwks.json
//	GET  /v1/jwks                                with the secret key, as all below
//	GET  /v1/sessions/{id}
//	POST /v1/sessions/{id}/tokens[/{template}]   {} or {"expires_in_seconds": 30…315360000}
//	POST /v1/sessions/{id}/revoke
//	DELETE /v1/users/{id}
//	POST /v1/users/{id}/ban
//	POST /v1/m2m_tokens                          with a machine's secret key
//	POST /v1/m2m_tokens/verify                   with either
//
// Names and shapes are those of Clerk's description of its API (clerk/openapi-specs bapi/2026-05-12.yml and
// webhooks/2025-04-15.yml). What Clerk leaves open is decided here: no token is minted for a session that is over (404, as
// for one that never was), a pending session's token says so in sts, a deleted user's sessions are gone.
//
// Each endpoint counts its requests and misbehaves when told to; see [Instance.Requests] and [Instance.Fail].
package clerk

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// DefaultTokenLifetime is how long Clerk's session tokens live.
const DefaultTokenLifetime = 60 * time.Second

// Config says what kind of instance to make. The zero value is usable; it needs [Instance.SetURL] before it issues tokens.
type Config struct {
	URL           string           // the issuer; may have a path, which all routes then begin with
	Clock         func() time.Time // nil: time.Now
	SecretKey     string           // of the Backend API; "": a random sk_test_…
	WebhookSecret string           // "": a random whsec_…; anything else must be whsec_ and base64
	WebhookURL    string           // where events go; "": nowhere
	TokenLifetime time.Duration    // of session tokens, in whole seconds; 0: DefaultTokenLifetime
	Key           *rsa.PrivateKey  // signs tokens; nil: made when first needed
	HTTPClient    *http.Client     // delivers webhooks; nil: one with a timeout of 5 s
}

// Instance is a Clerk instance. Any number of goroutines may use it.
type Instance struct {
	id         string
	now        func() time.Time
	secretKey  string
	webhookKey []byte // the key webhooks are signed with
	lifetime   time.Duration
	client     *http.Client
	routes     http.Handler

	mu            sync.Mutex
	url           *url.URL
	webhookURL    string
	key           signingKey
	sessions      map[string]*Session
	machines      map[string]Machine // by secret key
	machineTokens map[string]*machineToken
	requests      map[Endpoint]int
	troubles      map[Endpoint]*trouble
}

// New makes an instance without users. It panics on a URL or webhook secret that is none: both are the programmer's.
func New(cfg Config) *Instance {
	cfg.setDefaults()
	c := &Instance{
		id: "ins_" + randomHex(12), now: cfg.Clock, secretKey: cfg.SecretKey, webhookKey: decodeSecret(cfg.WebhookSecret),
		lifetime: cfg.TokenLifetime, client: cfg.HTTPClient, webhookURL: cfg.WebhookURL,
		sessions: map[string]*Session{}, machines: map[string]Machine{}, machineTokens: map[string]*machineToken{},
		requests: map[Endpoint]int{}, troubles: map[Endpoint]*trouble{},
	}
	c.key = signingKey{id: c.id, private: cfg.Key}
	c.SetURL(cfg.URL)
	c.routes = c.mux()
	return c
}

func (cfg *Config) setDefaults() {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.SecretKey == "" {
		cfg.SecretKey = "sk_test_" + randomHex(20)
	}
	if cfg.WebhookSecret == "" {
		cfg.WebhookSecret = webhookSecretPrefix + base64.StdEncoding.EncodeToString(randomBytes(24))
	}
	if cfg.TokenLifetime == 0 {
		cfg.TokenLifetime = DefaultTokenLifetime
	}
	if cfg.HTTPClient == nil {
		cfg.HTTPClient = &http.Client{Timeout: deliveryTimeout, Transport: &http.Transport{DisableKeepAlives: true}}
	}
}

// SetURL says where the instance is served, which is the iss of its tokens.
func (c *Instance) SetURL(issuer string) {
	u, err := url.Parse(strings.TrimRight(issuer, "/"))
	if err != nil {
		panic("clerk: " + err.Error())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.url = u
}

// URL is the issuer, without a slash at its end.
func (c *Instance) URL() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.url.String()
}

// APIURL is the Backend API's.
func (c *Instance) APIURL() string { return c.URL() + "/v1" }

// ID is the instance's: ins_…
func (c *Instance) ID() string { return c.id }

// SecretKey is that of the Backend API: sk_test_…
func (c *Instance) SecretKey() string { return c.secretKey }

// WebhookSecret is what webhooks are signed with: whsec_…
func (c *Instance) WebhookSecret() string {
	return webhookSecretPrefix + base64.StdEncoding.EncodeToString(c.webhookKey)
}

const maxBody = 64 << 10

// ServeHTTP reads the body first, so that a request whose client has gone is noticed even while it hangs.
func (c *Instance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		writeError(w, http.StatusRequestEntityTooLarge, "request_body_too_large", "the body is larger than 64 KiB")
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	c.mu.Lock()
	prefix := c.url.Path
	c.mu.Unlock()
	http.StripPrefix(prefix, c.routes).ServeHTTP(w, r)
}

func randomBytes(n int) []byte {
	random := make([]byte, n)
	rand.Read(random)
	return random
}

func randomHex(bytes int) string { return hex.EncodeToString(randomBytes(bytes)) }

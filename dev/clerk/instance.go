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

// DefaultTokenLifetime is the lifetime of Clerk's session tokens.
const DefaultTokenLifetime = 60 * time.Second

// Config is the configuration of an instance. The zero value is valid; [Instance.SetURL] has to be called before it issues tokens.
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
	faults        map[Endpoint]*fault
}

// New makes an instance without users. It panics on an invalid URL or webhook secret, which are errors of the program.
func New(cfg Config) *Instance {
	cfg.setDefaults()
	c := &Instance{
		id: "ins_" + randomHex(12), now: cfg.Clock, secretKey: cfg.SecretKey, webhookKey: decodeSecret(cfg.WebhookSecret),
		lifetime: cfg.TokenLifetime, client: cfg.HTTPClient, webhookURL: cfg.WebhookURL,
		sessions: map[string]*Session{}, machines: map[string]Machine{}, machineTokens: map[string]*machineToken{},
		requests: map[Endpoint]int{}, faults: map[Endpoint]*fault{},
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

// SetURL sets the URL that the instance is served at, which is the iss of its tokens.
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

// ServeHTTP reads the body first, so that a disconnection of the client is noticed while the request hangs.
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

package credential

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v3"

	"convexgateway/dev/deployment/call"
)

// discovery finds the signing keys of an issuer: OpenID Connect discovery over HTTP, cached as the answers' Cache-Control
// allows; for the deployment's own issuer, from its store.
type discovery struct {
	client *http.Client
	now    func() time.Time
	own    string // the URL of the deployment's own issuer
	ownKey func() (kid string, key *rsa.PublicKey)

	mu    sync.Mutex
	cache map[string]cachedAnswer
}

type cachedAnswer struct {
	body    []byte
	expires time.Time
}

const (
	discoveryTimeout = 10 * time.Second
	maxDiscoveryBody = 1 << 20
	maxCachedAnswers = 64
)

// keys returns the issuer's keys. Its errors have the code AuthProviderDiscoveryFailed, and the class of the issuer's status, if
// there was an answer.
func (d *discovery) keys(ctx context.Context, issuer string) ([]jose.JSONWebKey, error) {
	if comparableIssuer(issuer) == d.own {
		if issuer != d.own {
			return nil, discoveryFailed(call.BadRequest, issuer)
		}
		kid, key := d.ownKey()
		return []jose.JSONWebKey{{Key: key, KeyID: kid, Algorithm: string(jose.RS256), Use: "sig"}}, nil
	}
	var document struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	if err := d.fetch(ctx, issuer, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", &document); err != nil {
		return nil, err
	}
	if document.Issuer != issuer {
		return nil, discoveryFailed(call.BadRequest, issuer)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := d.fetch(ctx, issuer, document.JWKSURI, &set); err != nil {
		return nil, err
	}
	return parseKeys(set.Keys), nil
}

// parseKeys skips unknown kinds of keys.
func parseKeys(raw []json.RawMessage) []jose.JSONWebKey {
	var keys []jose.JSONWebKey
	for _, text := range raw {
		var key jose.JSONWebKey
		if err := key.UnmarshalJSON(text); err == nil && key.IsPublic() && (key.Use == "" || key.Use == "sig") {
			keys = append(keys, key)
		}
	}
	return keys
}

func (d *discovery) fetch(ctx context.Context, issuer, url string, into any) error {
	body, ok := d.cached(url)
	if !ok {
		var err error
		if body, err = d.get(ctx, issuer, url); err != nil {
			return err
		}
	}
	if err := json.Unmarshal(body, into); err != nil {
		return discoveryFailed(call.BadRequest, issuer)
	}
	return nil
}

func (d *discovery) get(ctx context.Context, issuer, url string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, discoveryTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, discoveryFailed(call.BadRequest, issuer)
	}
	response, err := d.client.Do(request)
	if err != nil {
		return nil, discoveryFailed(call.BadRequest, issuer)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxDiscoveryBody))
	if err != nil || response.StatusCode != http.StatusOK {
		return nil, refusedDiscovery(response, body, issuer)
	}
	d.cacheAnswer(url, body, response.Header.Get("Cache-Control"))
	return body, nil
}

func discoveryClass(status int) call.Class {
	switch {
	case status == http.StatusUnauthorized:
		return call.Unauthenticated
	case status == http.StatusForbidden:
		return call.Forbidden
	case status == http.StatusNotFound:
		return call.NotFound
	case status == http.StatusTooManyRequests:
		return call.RateLimited
	case status >= http.StatusInternalServerError:
		return call.Overloaded
	default:
		return call.BadRequest
	}
}

func discoveryFailed(class call.Class, issuer string) error {
	return call.NewError(class, "AuthProviderDiscoveryFailed", fmt.Sprintf("Auth provider discovery of %s failed", issuer))
}

// refusedDiscovery is the error for an answer of another status. It quotes the answer.
func refusedDiscovery(response *http.Response, body []byte, issuer string) error {
	return call.NewError(discoveryClass(response.StatusCode), "AuthProviderDiscoveryFailed",
		fmt.Sprintf("Auth provider discovery of %s failed: %s %s", issuer, response.Status, body))
}

func (d *discovery) cached(url string) ([]byte, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	answer, ok := d.cache[url]
	return answer.body, ok && d.now().Before(answer.expires)
}

func (d *discovery) cacheAnswer(url string, body []byte, cacheControl string) {
	age := maxAge(cacheControl)
	if age <= 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.cache) >= maxCachedAnswers {
		clear(d.cache)
	}
	d.cache[url] = cachedAnswer{body, d.now().Add(age)}
}

// clear drops what is cached.
func (d *discovery) clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.cache)
}

func maxAge(cacheControl string) (age time.Duration) {
	for directive := range strings.SplitSeq(cacheControl, ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(directive)), "=")
		switch name {
		case "no-store", "no-cache":
			return 0
		case "max-age":
			n, _ := strconv.Atoi(strings.Trim(value, `"`))
			age = time.Duration(min(n, 24*60*60)) * time.Second
		}
	}
	return age
}

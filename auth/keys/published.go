package keys

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"convexgateway/internal/loopback"
)

const jwksPath = "/.well-known/jwks.json"

// Published is where an issuer publishes its keys.
type Published struct {
	// Issuer is the iss claim of its tokens, exactly.
	Issuer string
	// URL is that of the key set, which may be a data: URL. Empty: it is found by OpenID Connect discovery.
	URL string
}

// OfClerk is where a Clerk issuer publishes its keys.
func OfClerk(issuer string) Published { return Published{Issuer: issuer, URL: issuer + jwksPath} }

// CheckURL accepts a URL from which keys can be fetched safely, and a data: URL with a usable key.
func CheckURL(raw string) error {
	if strings.HasPrefix(raw, dataScheme) {
		_, err := parseData(raw)
		return err
	}
	return checkRemote(raw)
}

// checkRemote accepts a URL from which keys can be fetched safely.
func checkRemote(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		return errors.New("not a URL such as https://example.com/jwks.json")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback.IsHost(u.Hostname())):
		return errors.New("must begin with https:// (http is for loopback hosts)")
	}
	return nil
}

// Source returns the keys, which are fetched by a client of [NewClient] when they are needed. The URL was checked.
func (p Published) Source(client *http.Client, now func() time.Time, logger *slog.Logger) Source {
	if strings.HasPrefix(p.URL, dataScheme) {
		keys, _ := parseData(p.URL)
		return fixed{byID: keys}
	}
	return newCache(p.Issuer, func(ctx context.Context) (signingKeys, error) { return p.fetch(ctx, client) }, now, logger)
}

// IDs fetches what the issuer publishes: the discovery document, unless the URL is set, and the keys. It returns the ids of the
// usable keys.
func (p Published) IDs(ctx context.Context, client *http.Client) ([]string, error) {
	keys, err := p.fetch(ctx, withinHost(client))
	return slices.Sorted(maps.Keys(keys)), err
}

// ClerkIDs is the same for a Clerk issuer, whose discovery document must name the keys, too.
func ClerkIDs(ctx context.Context, issuer string, client *http.Client) ([]string, error) {
	client = withinHost(client)
	p := OfClerk(issuer)
	location, err := p.discover(ctx, client)
	if err != nil {
		return nil, err
	}
	keys, err := p.fetch(ctx, client)
	switch {
	case err != nil:
		return nil, fmt.Errorf("keys: %w", err)
	case location != p.URL:
		return nil, errors.New("discovery: names other keys than Clerk's")
	}
	return slices.Sorted(maps.Keys(keys)), nil
}

// fetch reads the key set. No usable key is an error.
func (p Published) fetch(ctx context.Context, client *http.Client) (signingKeys, error) {
	location := p.URL
	if location == "" {
		var err error
		if location, err = p.discover(ctx, client); err != nil {
			return nil, err
		}
	}
	body, err := fetchBounded(ctx, client, location)
	if err != nil {
		return nil, err
	}
	return parseKeys(body)
}

// discover fetches the discovery document and returns the URL of the keys. The document must name the issuer.
func (p Published) discover(ctx context.Context, client *http.Client) (location string, err error) {
	body, err := fetchBounded(ctx, client, strings.TrimRight(p.Issuer, "/")+"/.well-known/openid-configuration")
	if err != nil {
		return "", err
	}
	var document struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	switch {
	case json.Unmarshal(body, &document) != nil:
		return "", errors.New("discovery: not the expected JSON")
	case document.Issuer != p.Issuer:
		return "", fmt.Errorf("discovery: the document is of issuer %.200q, which must be written exactly so", document.Issuer)
	}
	if err := checkRemote(document.JWKSURI); err != nil {
		return "", fmt.Errorf("discovery: jwks_uri: %w", err)
	}
	return document.JWKSURI, nil
}

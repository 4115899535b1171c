package credential

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v3"

	"convexgateway/dev/deployment/call"
)

// Custom JWT providers: get-convex/convex-backend crates/authentication/src/lib.rs. All their errors have the code
// InvalidAuthHeader, also those of fetching keys.

// clockLeeway is the tolerance for the times of a custom token.
const clockLeeway = 5 * time.Second

const (
	msgBadKeySet   = "Invalid JWKS response body. The response is not valid JSON or doesn't match the expected JWKS format."
	msgBadKeyURL   = "Invalid JWKS data URL. Check that the data URL is properly formatted and contains valid base64-encoded JSON."
	msgUnknownKey  = "Could not decode token. The JWT's 'kid' (key ID) header doesn't match any key in the provider's JWKS, or the JWT signature is invalid."
	msgNoKeyID     = "Could not decode token. JWT may be missing a 'kid' (key ID) header."
	msgBadOwnClaim = "Could not verify token claim. Check that the JWT contains valid claims and matches your auth provider configuration."
)

func badCustomToken(message string) error {
	return call.NewUnauthenticated("InvalidAuthHeader", message)
}

// verifyCustom returns the identity of a token of a custom provider, whose issuer and audience match already.
func (v *Verifier) verifyCustom(ctx context.Context, p Provider, token string, claims map[string]any) (*call.Identity, error) {
	body, err := v.fetchKeySet(ctx, p.JWKS)
	if err != nil {
		return nil, err
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(body, &set) != nil || set.Keys == nil {
		return nil, badCustomToken(msgBadKeySet)
	}
	if !hasKeyID(token) {
		return nil, badCustomToken(msgNoKeyID)
	}
	if !signedByNamedKey(token, p.Algorithm, parseKeys(set.Keys)) {
		return nil, badCustomToken(msgUnknownKey)
	}
	identity, err := newCustomIdentity(claims)
	if err != nil {
		return nil, badCustomToken(msgBadOwnClaim)
	}
	now := v.cfg.Now().Truncate(time.Second)
	notBefore, limited := seconds(claims["nbf"])
	switch {
	case identity.Expires.Add(clockLeeway).Before(now):
		return nil, badCustomToken(fmt.Sprintf("Could not validate token: Token expired %d seconds ago", whole(now.Sub(identity.Expires))))
	case limited && notBefore.After(now.Add(clockLeeway)):
		return nil, badCustomToken(fmt.Sprintf("Could not validate token: Token will be valid in %d seconds", whole(notBefore.Sub(now))))
	}
	return identity, nil
}

func whole(d time.Duration) int64 { return int64(d / time.Second) }

// hasKeyID reports whether a token's header names its key.
func hasKeyID(token string) bool {
	signed, err := jose.ParseSigned(token)
	return err != nil || len(signed.Signatures) != 1 || signed.Signatures[0].Protected.KeyID != ""
}

// signedByNamedKey reports whether the key that the token's kid names has signed it, with that algorithm.
func signedByNamedKey(token, algorithm string, keys []jose.JSONWebKey) bool {
	signed, err := jose.ParseSigned(token)
	if err != nil || len(signed.Signatures) != 1 {
		return false
	}
	header := signed.Signatures[0].Protected
	if header.Algorithm != algorithm || header.KeyID == "" {
		return false
	}
	for _, key := range keys {
		if key.KeyID == header.KeyID {
			_, err := signed.Verify(key)
			return err == nil
		}
	}
	return false
}

func (v *Verifier) fetchKeySet(ctx context.Context, address string) ([]byte, error) {
	if data, ok := strings.CutPrefix(address, "data:"); ok {
		return decodeDataURL(data)
	}
	ctx, cancel := context.WithTimeout(ctx, discoveryTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, noKeys(address, err.Error())
	}
	request.Header.Set("Accept", "application/json")
	response, err := v.cfg.Client.Do(request)
	if err != nil {
		return nil, noKeys(address, err.Error())
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, noKeys(address, fmt.Sprintf("HTTP %d %s", response.StatusCode, cmp.Or(http.StatusText(response.StatusCode), "Unknown")))
	}
	if contentType := response.Header.Get("Content-Type"); !isKeySet(contentType) {
		return nil, badCustomToken(fmt.Sprintf("Invalid Content-Type '%s' when fetching JWKS from '%s'. Expected 'application/json' or "+
			"'application/jwk-set+json'.", cmp.Or(contentType, "unknown"), address))
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxDiscoveryBody))
	if err != nil {
		return nil, noKeys(address, err.Error())
	}
	return body, nil
}

func noKeys(address, why string) error {
	return badCustomToken(fmt.Sprintf("Could not fetch JWKS from URL '%s': %s. Check that the URL is correct and accessible.", address, why))
}

func isKeySet(contentType string) bool {
	media, parameters, err := mime.ParseMediaType(contentType)
	charset, given := parameters["charset"]
	return err == nil && (media == "application/json" || media == "application/jwk-set+json") &&
		(!given || strings.EqualFold(charset, "utf-8"))
}

// decodeDataURL decodes what follows `data:`. Its media type does not matter.
func decodeDataURL(data string) ([]byte, error) {
	head, body, ok := strings.Cut(data, ",")
	text, err := url.PathUnescape(body)
	if !ok || err != nil {
		return nil, badCustomToken(msgBadKeyURL)
	}
	if !strings.HasSuffix(head, ";base64") {
		return []byte(text), nil
	}
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, badCustomToken(msgBadKeyURL)
	}
	return decoded, nil
}

// registeredClaims are for the verifier and are no attributes under their own names.
var registeredClaims = map[string]bool{"iss": true, "sub": true, "aud": true, "exp": true, "nbf": true, "iat": true, "jti": true}

// newCustomIdentity makes an attribute of each claim under its own name, joined by dots for nested objects. fva is left out: it
// grows with time, so that each token would look like another user's.
func newCustomIdentity(claims map[string]any) (*call.Identity, error) {
	expires, attributes, err := commonClaims(claims)
	if err != nil {
		return nil, err
	}
	for name, value := range claims {
		if !registeredClaims[name] && name != "fva" {
			flatten(attributes, name, value)
		}
	}
	return &call.Identity{Expires: expires, Attributes: attributes}, nil
}

func flatten(into map[string]any, name string, value any) {
	object, ok := value.(map[string]any)
	if !ok {
		into[name] = plainJSON(value)
		return
	}
	for inner, value := range object {
		flatten(into, name+"."+inner, value)
	}
}

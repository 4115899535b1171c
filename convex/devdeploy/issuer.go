package devdeploy

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v3"
)

// issuerKey is the key that the development issuer signs with: RSA, 2048 bits, made when first needed.
type issuerKey struct {
	once    sync.Once
	private *rsa.PrivateKey
	kid     string
}

func (k *issuerKey) load() *issuerKey {
	k.once.Do(func() {
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err) // the system has no randomness
		}
		k.private, k.kid = private, "ins_"+randomHex(12)
	})
	return k
}

func (k *issuerKey) public() jose.JSONWebKey {
	k.load()
	return jose.JSONWebKey{Key: k.private.Public(), KeyID: k.kid, Algorithm: string(jose.RS256), Use: "sig"}
}

func (k *issuerKey) sign(claims map[string]any) (string, error) {
	k.load()
	key := jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: k.private, KeyID: k.kid}}
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims) // not go-jose's encoder, which makes strings of numbers that were read as text
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

func randomHex(bytes int) string {
	random := make([]byte, bytes)
	rand.Read(random)
	return hex.EncodeToString(random)
}

// TokenRequest asks the development issuer for a session token shaped like Clerk's.
type TokenRequest struct {
	User   string         // [0-9A-Za-z]+; sub is user_<user>, sid is sess_<user>, name the user
	TTL    time.Duration  // whole seconds, at least one; 0 means 60 s
	Claims map[string]any // added, or put over the claims made here; a nil value removes one
}

// TokenError says which part of a TokenRequest is wrong.
type TokenError struct{ Field, Problem string }

func (e *TokenError) Error() string { return e.Field + " " + e.Problem }

var userPattern = regexp.MustCompile(`^[0-9A-Za-z]+$`)

const defaultTokenTTL = 60 * time.Second

// Token makes a session token of the deployment's issuer: RS256, with the claims iss, sub, sid, aud, exp, iat, nbf, jti, v,
// sts, fva and name. Errors are *TokenError.
func (d *Deployment) Token(request TokenRequest) (string, error) {
	if request.TTL == 0 {
		request.TTL = defaultTokenTTL
	}
	if !userPattern.MatchString(request.User) {
		return "", &TokenError{"user", "must match [0-9A-Za-z]+"}
	}
	if request.TTL < time.Second || request.TTL%time.Second != 0 {
		return "", &TokenError{"ttl", "must be whole seconds and at least 1s"}
	}
	issued := d.now().Unix()
	claims := map[string]any{
		"iss": d.IssuerURL(), "aud": "convex",
		"sub": "user_" + request.User, "sid": "sess_" + request.User, "name": request.User,
		"iat": issued, "nbf": issued - 10, "exp": issued + int64(request.TTL/time.Second),
		"jti": randomHex(10), "v": 2, "sts": "active", "fva": []int{0, -1},
	}
	for name, value := range request.Claims {
		if value == nil {
			delete(claims, name)
		} else {
			claims[name] = value
		}
	}
	token, err := d.store.issuer.sign(claims)
	if err != nil {
		return "", &TokenError{"claims", "cannot be written as JSON"}
	}
	return token, nil
}

const maxTokenRequest = 64 << 10

// serveToken is POST /dev/token.
func (d *Deployment) serveToken(w http.ResponseWriter, r *http.Request) {
	request, err := readTokenRequest(http.MaxBytesReader(w, r.Body, maxTokenRequest))
	var token string
	if err == nil {
		token, err = d.Token(request)
	}
	if err != nil {
		writeError(w, errBadRequest("BadTokenRequest", err.Error()))
		return
	}
	body, _ := json.Marshal(map[string]string{"token": token})
	writeJSON(w, http.StatusOK, body)
}

func readTokenRequest(body io.Reader) (TokenRequest, error) {
	var sent struct {
		User   string         `json:"user"`
		TTL    string         `json:"ttl"`
		Claims map[string]any `json:"claims"`
	}
	decoder := json.NewDecoder(body)
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&sent); err != nil {
		if wrongType, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return TokenRequest{}, &TokenError{wrongType.Field, "must not be a " + wrongType.Value}
		}
		return TokenRequest{}, fmt.Errorf("body: %w", err)
	}
	request := TokenRequest{User: sent.User, Claims: sent.Claims}
	if sent.TTL != "" {
		ttl, err := time.ParseDuration(sent.TTL)
		if err != nil || ttl == 0 {
			return TokenRequest{}, &TokenError{"ttl", `must be a duration such as "60s"`}
		}
		request.TTL = ttl
	}
	return request, nil
}

// serveDiscovery is the issuer's OpenID configuration.
func (d *Deployment) serveDiscovery(w http.ResponseWriter, _ *http.Request) {
	issuer := d.IssuerURL()
	body, _ := json.Marshal(map[string]any{
		"issuer":                                issuer,
		"jwks_uri":                              issuer + "/.well-known/jwks.json",
		"authorization_endpoint":                issuer + "/oauth/authorize", // required by OpenID Connect; not served
		"response_types_supported":              []string{"code"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{string(jose.RS256)},
	})
	writeJSON(w, http.StatusOK, body)
}

// serveKeys is the issuer's JWKS.
func (d *Deployment) serveKeys(w http.ResponseWriter, _ *http.Request) {
	body, _ := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{d.store.issuer.public()}})
	writeJSON(w, http.StatusOK, body)
}

package clerk

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
)

const keyBits = 2048

// signingKey is made when first needed, because making one takes longer than most tests. Instance.mu guards it.
type signingKey struct {
	id      string
	private *rsa.PrivateKey
}

// current returns the key that tokens are signed with now.
func (c *Instance) current() signingKey {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.key.private == nil {
		c.key.private = generateKey()
	}
	return c.key
}

func generateKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		panic(err) // the system has no randomness
	}
	return key
}

// PublicKey returns the key that tokens verify with, and its id.
func (c *Instance) PublicKey() (kid string, key *rsa.PublicKey) {
	k := c.current()
	return k.id, &k.private.PublicKey
}

// RotateKey replaces the signing key by one with another id. The old one is not published any more.
func (c *Instance) RotateKey() {
	key := signingKey{id: "ins_" + randomHex(12), private: generateKey()}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.key = key
}

// RotateKeyInPlace replaces the signing key by one with the same id, which Clerk's ids, being the instance's, allow.
func (c *Instance) RotateKeyInPlace() {
	private := generateKey()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.key.private = private
}

// Sign makes a JWT of any header and claims; a nil value removes what would be there. The header begins as RS256, JWT and
// the key's id. The signature is always RS256. It fails for values that are no JSON.
func (c *Instance) Sign(header, claims map[string]any) (string, error) {
	key := c.current()
	head, err := json.Marshal(over(map[string]any{"alg": "RS256", "typ": "JWT", "kid": key.id}, header))
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(over(map[string]any{}, claims))
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	input := encode(head) + "." + encode(payload)
	digest := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(nil, key.private, crypto.SHA256, digest[:])
	if err != nil {
		return "", err
	}
	return input + "." + encode(signature), nil
}

// over replaces members of base by those of changes, in place; nil removes one.
func over(base, changes map[string]any) map[string]any {
	for name, value := range changes {
		if value == nil {
			delete(base, name)
		} else {
			base[name] = value
		}
	}
	return base
}

func (c *Instance) serveDiscovery(w http.ResponseWriter, _ *http.Request) {
	issuer := c.URL()
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                issuer,
		"jwks_uri":                              issuer + "/.well-known/jwks.json",
		"authorization_endpoint":                issuer + "/oauth/authorize", // required by OpenID Connect; not served
		"response_types_supported":              []string{"code"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
	})
}

func (c *Instance) serveKeys(w http.ResponseWriter, _ *http.Request) {
	kid, key := c.PublicKey()
	encode := base64.RawURLEncoding.EncodeToString
	writeJSON(w, http.StatusOK, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig",
		"n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
	}}})
}

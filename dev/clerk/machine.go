package clerk

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Machine is a backend that has tokens of its own.
type Machine struct {
	ID        string   // mch_…
	SecretKey string   // ak_…
	Scopes    []string // ids of the machines that it may call
}

// defaultMachineTTL is the lifetime of a machine's token if its creator sets none.
const defaultMachineTTL = time.Hour

// machineToken is a machine's token, with what its verification returns.
type machineToken struct {
	id, machine      string
	claims           json.RawMessage
	scopes           []string
	created, expires time.Time
	revoked          bool
}

// CreateMachine adds a machine that may call those with the given ids.
func (c *Instance) CreateMachine(scopes ...string) Machine {
	// An id is mch_ and 27 letters or digits.
	m := Machine{ID: "mch_" + randomHex(14)[:27], SecretKey: "ak_" + randomHex(20), Scopes: scopes}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.machines[m.SecretKey] = m
	return m
}

// RevokeMachineToken revokes a token. A JWT is revoked only for the verification endpoint.
func (c *Instance) RevokeMachineToken(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.machineTokens[token]; t != nil {
		t.revoked = true
	}
}

func (c *Instance) machine(r *http.Request) (Machine, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok := c.machines[bearer(r)]
	return m, ok
}

// reserved are claims that a machine token's creator cannot set.
var reserved = []string{"iss", "sub", "iat", "nbf", "exp", "jti", "scopes"}

// machineTokenRequest is the body of POST /v1/m2m_tokens.
type machineTokenRequest struct {
	TokenFormat            string          `json:"token_format"`
	SecondsUntilExpiration *float64        `json:"seconds_until_expiration"`
	Claims                 json.RawMessage `json:"claims"`
}

// lifetime is the token's lifetime, and whether it is valid.
func (r machineTokenRequest) lifetime() (time.Duration, bool) {
	if r.SecondsUntilExpiration == nil {
		return defaultMachineTTL, true
	}
	n := *r.SecondsUntilExpiration
	return time.Duration(n * float64(time.Second)), n > 0 && n <= maxExpiresIn
}

func (c *Instance) serveCreateMachineToken(w http.ResponseWriter, r *http.Request) {
	m, ok := c.machine(r)
	if !ok {
		refuseKey(w)
		return
	}
	var sent machineTokenRequest
	if !readBody(w, r, &sent) {
		return
	}
	claims, claimsOK := customClaims(sent.Claims)
	ttl, ttlOK := sent.lifetime()
	if !claimsOK || !ttlOK || !slices.Contains([]string{"", "opaque", "jwt"}, sent.TokenFormat) {
		writeError(w, http.StatusBadRequest, "bad_request", "claims, seconds_until_expiration or token_format cannot be used")
		return
	}
	now := c.now()
	t := &machineToken{id: "mt_" + randomHex(16), machine: m.ID, claims: sent.Claims, scopes: m.Scopes, created: now, expires: now.Add(ttl)}
	token := "mt_" + randomHex(16)
	if sent.TokenFormat == "jwt" {
		token = c.signMachineToken(t, claims)
	}
	created := over(t.json(now), map[string]any{"token": token})
	c.mu.Lock()
	c.machineTokens[token] = t
	c.mu.Unlock()
	writeJSON(w, http.StatusCreated, created)
}

// customClaims decodes the claims that a creator sets. They are an object, or nothing.
func customClaims(raw json.RawMessage) (claims map[string]any, ok bool) {
	claims = map[string]any{}
	if len(raw) == 0 || string(raw) == "null" {
		return claims, true
	}
	if err := json.Unmarshal(raw, &claims); err != nil {
		return nil, false
	}
	for _, name := range reserved {
		if _, taken := claims[name]; taken {
			return nil, false
		}
	}
	return claims, true
}

func (c *Instance) signMachineToken(t *machineToken, custom map[string]any) string {
	claims := over(maps.Clone(custom), map[string]any{
		"iss": c.URL(), "sub": t.machine, "jti": t.id, "scopes": strings.Join(t.scopes, " "),
		"iat": t.created.Unix(), "nbf": t.created.Unix() - 10, "exp": t.expires.Unix(),
	})
	token, err := c.Sign(map[string]any{"cat": categoryMachine}, claims)
	if err != nil {
		panic(err) // the claims were JSON
	}
	return token
}

// serveVerifyMachineToken verifies every token for the instance's secret key, and for a machine's those that may call it.
func (c *Instance) serveVerifyMachineToken(w http.ResponseWriter, r *http.Request) {
	m, isMachine := c.machine(r)
	if !isMachine && bearer(r) != c.secretKey {
		refuseKey(w)
		return
	}
	var sent struct {
		Token string `json:"token"`
	}
	if !readBody(w, r, &sent) {
		return
	}
	now := c.now()
	c.mu.Lock()
	t := c.machineTokens[sent.Token]
	var found map[string]any
	if t != nil && (!isMachine || slices.Contains(t.scopes, m.ID)) {
		found = t.json(now)
	}
	c.mu.Unlock()
	if found == nil {
		notFound(w)
		return
	}
	writeJSON(w, http.StatusOK, found)
}

// json is the token in answers of the Backend API. Times are in milliseconds.
func (t *machineToken) json(now time.Time) map[string]any {
	scopes := t.scopes
	if scopes == nil {
		scopes = []string{}
	}
	return map[string]any{
		"object": "machine_to_machine_token", "id": t.id, "subject": t.machine, "claims": t.claims, "scopes": scopes,
		"revoked": t.revoked, "revocation_reason": nil, "expired": !now.Before(t.expires), "expiration": t.expires.UnixMilli(),
		"last_used_at": nil, "created_at": t.created.UnixMilli(), "updated_at": t.created.UnixMilli(),
	}
}

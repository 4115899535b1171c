package clerk

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// TokenOptions describes a session token. Only User is required.
type TokenOptions struct {
	User      string         // sub: user_…
	SessionID string         // sid: sess_…; "": the user's id with sess_ for user_
	TTL       time.Duration  // whole seconds; 0: the instance's lifetime of tokens
	Header    map[string]any // replace the header's members; nil removes one
	Claims    map[string]any // replace the claims made here; nil removes one
}

// perToken are claims of a single token, which the next one of its session does not have. azp is among them, because a token
// that is minted with the secret key has none.
var perToken = []string{"iat", "nbf", "exp", "jti", "azp"}

// notInTemplates are claims that only session tokens have.
var notInTemplates = []string{"sid", "v", "sts", "fva", "o", "pla", "fea"}

// Token signs a session token like those of an instance with the Convex integration, whether or not there is such a session.
// It fails only for claims that are no JSON.
func (c *Instance) Token(o TokenOptions) (string, error) {
	if o.SessionID == "" {
		o.SessionID = SessionOf(o.User)
	}
	if o.TTL == 0 {
		o.TTL = c.lifetime
	}
	return c.Sign(o.Header, over(c.claims(o.User, o.SessionID, o.TTL), o.Claims))
}

// claims are those of a session token of version 2. nbf is 10 s before iat, as Clerk's is.
func (c *Instance) claims(user, session string, ttl time.Duration) map[string]any {
	issued := c.now().Unix()
	return map[string]any{
		"iss": c.URL(), "aud": "convex", "sub": user, "sid": session,
		"iat": issued, "nbf": issued - 10, "exp": issued + int64(ttl/time.Second),
		"jti": randomHex(10), "v": 2, "sts": StatusActive, "fva": []int{0, -1},
	}
}

// Mint issues the session's next token, as POST /v1/sessions/{id}/tokens does. It fails for a session that has ended.
func (c *Instance) Mint(sessionID string) (string, error) {
	s, ok := c.Session(sessionID)
	if !ok || !s.mints() {
		return "", fmt.Errorf("clerk: no token for session %s: there is none, or it is %q", sessionID, s.Status)
	}
	return c.mint(s, 0, "")
}

// mint makes a token with the session's own claims. A lifetime of 0 is the session's.
func (c *Instance) mint(s Session, lifetime time.Duration, template string) (string, error) {
	for _, ttl := range []time.Duration{s.TTL, c.lifetime} {
		if lifetime == 0 {
			lifetime = ttl
		}
	}
	own := maps.Clone(s.Claims)
	for _, name := range perToken {
		delete(own, name)
	}
	claims := over(c.claims(s.User, s.ID, lifetime), own)
	header := map[string]any{}
	if s.Status != StatusActive {
		claims["sts"] = s.Status
	}
	if template != "" {
		header["cat"] = categoryTemplate
		maps.DeleteFunc(claims, func(name string, _ any) bool { return slices.Contains(notInTemplates, name) })
	}
	return c.Sign(header, claims)
}

// Values of the header member cat (clerk/javascript packages/backend/src/tokens/jwtCategories.ts).
const (
	categoryTemplate = "cl_B7d4PD222AAA"
	categoryMachine  = "cl_B7d4PD333AAA"
)

package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"convexgateway/auth/jws"
)

// Values of the header member cat, which differs between Clerk's kinds of tokens. It may be
// absent, so a token is only refused by it, never accepted. (clerk/javascript packages/backend/src/tokens/jwtCategories.ts)
const (
	categorySession  = "cl_B7d4PD111AAA"
	categoryTemplate = "cl_B7d4PD222AAA"
	categoryMachine  = "cl_B7d4PD333AAA"
)

// claimNames are the claims read here, all of which must be spelt exactly like this.
var claimNames = []string{
	"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "sid", "azp", "sts", "v", "o", "act",
	"org_id", "org_role", "org_slug", "handshake", "rotating_token", "client_id", "scope", "scp",
}

// clerkRules are the rules for Clerk's tokens.
type clerkRules struct {
	applicationID       string
	allowTemplates      bool
	allowMachines       bool
	refuseImpersonation bool
	maxLifetime         time.Duration
	maxMachineLifetime  time.Duration // of a machine's token
}

func (r clerkRules) identify(t *jws.Token) (*Identity, *Error) {
	if err := t.Claims.RequireSpelling(claimNames...); err != nil {
		return nil, malformed("claims", err)
	}
	if err := t.Header.RefuseNames("jku", "x5u"); err != nil { // Clerk sends none
		return nil, malformed("header", err)
	}
	if err := r.checkKind(t); err != nil {
		return nil, err
	}
	id := newIdentity(t)
	readers := []func(*Identity, jws.Object) *Error{r.readAudience, readSubject, r.readSession, r.readTimes, readAuthorizedParty, readOrganization, r.readActor}
	if isMachine(t) {
		readers = []func(*Identity, jws.Object) *Error{r.readAudience, readMachine, r.readMachineTimes}
	}
	for _, read := range readers {
		if err := read(id, t.Claims); err != nil {
			return nil, err
		}
	}
	return id, nil
}

// newIdentity returns a new identity with the token and nothing else.
func newIdentity(t *jws.Token) *Identity {
	raw := t.Raw // so that the identity does not keep all of t
	return &Identity{cred: &credential{token: func() string { return raw }}}
}

func malformed(where string, err error) *Error {
	return NewError(ReasonMalformed, fmt.Errorf("%s: %w", where, err))
}

// isMachine reports whether a token of Clerk's is that of a machine: the same key signs these and users' tokens.
func isMachine(t *jws.Token) bool {
	sub, _ := t.Claims["sub"].(string)
	jti, _ := t.Claims["jti"].(string)
	return t.Header["cat"] == categoryMachine || strings.HasPrefix(sub, "mch_") || strings.HasPrefix(jti, "mt_")
}

// checkKind refuses the other things that the same key signs: OAuth tokens, handshakes, client
// cookies and, unless allowed, tokens of machines and from a JWT template.
func (r clerkRules) checkKind(t *jws.Token) *Error {
	refused := func(kind string) *Error { return NewError(ReasonTokenClass, errors.New(kind)) }
	typ, err := t.Header.Text("typ")
	if err != nil {
		return malformed("header", err)
	}
	category, err := t.Header.Text("cat")
	if err != nil {
		return malformed("header", err)
	}
	c := t.Claims
	jti, _ := c["jti"].(string)
	switch {
	case strings.HasSuffix(strings.ToLower(typ), "at+jwt"),
		strings.HasPrefix(jti, "oat_"),
		c.Has("client_id") && (c.Has("scope") || c.Has("scp")):
		return refused("OAuth access token")
	case typ != "" && !strings.EqualFold(typ, "JWT"):
		return malformed("header", errors.New("typ is not JWT"))
	case isMachine(t) && !r.allowMachines:
		return refused("machine token")
	case isMachine(t) && (category == categorySession || c.Has("sid")):
		return refused("machine token with a session")
	case c.Has("handshake"):
		return refused("handshake")
	case c.Has("rotating_token"):
		return refused("client cookie")
	case category == categoryTemplate && !r.allowTemplates:
		return refused("template token")
	case category == categorySession && !c.Has("sid"):
		return refused("session token without a session")
	}
	return nil
}

// readAudience requires exactly one audience, because Convex refuses a token with several
// (get-convex/convex-backend crates/authentication/src/lib.rs).
func (r clerkRules) readAudience(_ *Identity, c jws.Object) *Error {
	aud := c["aud"]
	if list, ok := aud.([]any); ok && len(list) == 1 {
		aud = list[0]
	}
	if aud != r.applicationID {
		return NewError(ReasonAudience, nil)
	}
	return nil
}

func readSubject(id *Identity, c jws.Object) *Error {
	sub, _ := c["sub"].(string)
	if !IsClerkID(sub, "user_") {
		return NewError(ReasonSubject, nil)
	}
	iss, _ := c["iss"].(string)
	id.Issuer, id.Subject = iss, sub
	return nil
}

// readMachine reads the subject of a machine's token, which has neither session nor origin nor organization.
func readMachine(id *Identity, c jws.Object) *Error {
	sub, _ := c["sub"].(string)
	if !IsClerkID(sub, "mch_") {
		return NewError(ReasonSubject, nil)
	}
	id.Issuer, _ = c["iss"].(string)
	id.Subject = sub
	id.cred.active, id.cred.anyParty = true, true
	return nil
}

func (r clerkRules) readSession(id *Identity, c jws.Object) *Error {
	if !c.Has("sid") {
		if !r.allowTemplates {
			return NewError(ReasonTokenClass, errors.New("no sid"))
		}
		return nil
	}
	sid, _ := c["sid"].(string)
	if !IsClerkID(sid, "sess_") {
		return malformed("claims", errors.New("sid is not a session id"))
	}
	id.SessionID = sid
	return nil
}

// IsClerkID reports whether s is an id of Clerk's with that prefix, such as sess_, and letters or digits. Nothing else may reach
// a URL.
func IsClerkID(s, prefix string) bool {
	rest, ok := strings.CutPrefix(s, prefix)
	if !ok || rest == "" {
		return false
	}
	for i := range len(rest) {
		c := rest[i]
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func (r clerkRules) readTimes(id *Identity, c jws.Object) *Error {
	return readTimes(id, c, jws.Object.Time, r.maxLifetime)
}

func (r clerkRules) readMachineTimes(id *Identity, c jws.Object) *Error {
	return readTimes(id, c, jws.Object.Time, r.maxMachineLifetime)
}

// readTimes requires exp and iat, no further apart than maxLifetime. The function date reads one of them.
func readTimes(id *Identity, c jws.Object, date func(jws.Object, string) (time.Time, error), maxLifetime time.Duration) *Error {
	var err error
	if id.ExpiresAt, err = date(c, "exp"); err != nil {
		return malformed("claims", err)
	}
	if id.IssuedAt, err = date(c, "iat"); err != nil {
		return malformed("claims", err)
	}
	if c.Has("nbf") {
		if id.cred.notBefore, err = date(c, "nbf"); err != nil {
			return malformed("claims", err)
		}
	}
	switch lifetime := id.ExpiresAt.Sub(id.IssuedAt).Round(time.Millisecond); { // fractions are not exact
	case lifetime <= 0:
		return NewError(ReasonTokenExpired, nil)
	case lifetime > maxLifetime:
		return NewError(ReasonTokenLifetime, nil)
	}
	return nil
}

// readAuthorizedParty reads what authorize checks: which origin the token was issued to, and whether its session is
// active.
func readAuthorizedParty(id *Identity, c jws.Object) *Error {
	party, err := c.Text("azp")
	if err != nil {
		return malformed("claims", err)
	}
	status, err := c.Text("sts")
	if err != nil {
		return malformed("claims", err)
	}
	id.cred.authorizedParty = party
	id.cred.active = status == "active" || !c.Has("sts")
	return nil
}

// readOrganization reads o from version 2 on, and org_* only before it: on version 2 those
// would be custom claims, whose values may come from users.
func readOrganization(id *Identity, c jws.Object) *Error {
	org, names, role := c, [3]string{"org_id", "org_role", "org_slug"}, ""
	if c.Has("v") && c["v"] != json.Number("1") {
		var err error
		if org, err = c.Object("o"); err != nil {
			return malformed("claims", err)
		}
		names, role = [3]string{"id", "rol", "slg"}, "org:"
	}
	if err := org.RequireSpelling(names[:]...); err != nil {
		return malformed("claims", err)
	}
	for i, field := range []*string{&id.OrgID, &id.OrgRole, &id.OrgSlug} {
		var err error
		if *field, err = org.Text(names[i]); err != nil {
			return malformed("claims", err)
		}
	}
	if id.OrgRole != "" {
		id.OrgRole = role + id.OrgRole
	}
	return nil
}

func (r clerkRules) readActor(id *Identity, c jws.Object) *Error {
	if !c.Has("act") {
		return nil
	}
	act, err := c.Object("act")
	if err == nil {
		err = act.RequireSpelling("sub")
	}
	if err == nil {
		id.ActorSubject, err = act.Text("sub")
	}
	if err == nil && id.ActorSubject == "" {
		err = errors.New("act without sub")
	}
	if err != nil {
		return malformed("claims", err)
	}
	if r.refuseImpersonation {
		return NewError(ReasonImpersonation, nil)
	}
	return nil
}

package auth

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"
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

// maxUnixSeconds is the end of the year 9999.
const maxUnixSeconds = 253402300799

// clerkRules are the rules for Clerk's tokens.
type clerkRules struct {
	applicationID       string
	allowTemplates      bool
	allowMachines       bool
	refuseImpersonation bool
	maxLifetime         time.Duration
	maxMachineLifetime  time.Duration // of a machine's token
}

func (r clerkRules) identify(t *token) (*Identity, *Error) {
	if err := t.claims.requireSpelling(claimNames...); err != nil {
		return nil, malformed("claims", err)
	}
	if err := refuseHeaders(t.header, "jku", "x5u"); err != nil { // Clerk sends none
		return nil, malformed("header", err)
	}
	if err := r.checkKind(t); err != nil {
		return nil, err
	}
	id := t.identity()
	readers := []func(*Identity, object) *Error{r.readAudience, readSubject, r.readSession, r.readTimes, readAuthorizedParty, readOrganization, r.readActor}
	if isMachine(t) {
		readers = []func(*Identity, object) *Error{r.readAudience, readMachine, r.readMachineTimes}
	}
	for _, read := range readers {
		if err := read(id, t.claims); err != nil {
			return nil, err
		}
	}
	return id, nil
}

// identity returns a new identity with the token and nothing else.
func (t *token) identity() *Identity {
	raw := t.raw // so that the identity does not keep all of t
	return &Identity{cred: &credential{token: func() string { return raw }}}
}

// isMachine reports whether a token of Clerk's is that of a machine: the same key signs these and users' tokens.
func isMachine(t *token) bool {
	sub, _ := t.claims["sub"].(string)
	jti, _ := t.claims["jti"].(string)
	return t.header["cat"] == categoryMachine || strings.HasPrefix(sub, "mch_") || strings.HasPrefix(jti, "mt_")
}

// checkKind refuses the other things that the same key signs: OAuth tokens, handshakes, client
// cookies and, unless allowed, tokens of machines and from a JWT template.
func (r clerkRules) checkKind(t *token) *Error {
	refused := func(kind string) *Error { return NewError(ReasonTokenClass, errors.New(kind)) }
	typ, err := t.header.text("typ")
	if err != nil {
		return malformed("header", err)
	}
	category, err := t.header.text("cat")
	if err != nil {
		return malformed("header", err)
	}
	c := t.claims
	jti, _ := c["jti"].(string)
	switch {
	case strings.HasSuffix(strings.ToLower(typ), "at+jwt"),
		strings.HasPrefix(jti, "oat_"),
		c.has("client_id") && (c.has("scope") || c.has("scp")):
		return refused("OAuth access token")
	case typ != "" && !strings.EqualFold(typ, "JWT"):
		return malformed("header", errors.New("typ is not JWT"))
	case isMachine(t) && !r.allowMachines:
		return refused("machine token")
	case isMachine(t) && (category == categorySession || c.has("sid")):
		return refused("machine token with a session")
	case c.has("handshake"):
		return refused("handshake")
	case c.has("rotating_token"):
		return refused("client cookie")
	case category == categoryTemplate && !r.allowTemplates:
		return refused("template token")
	case category == categorySession && !c.has("sid"):
		return refused("session token without a session")
	}
	return nil
}

// readAudience requires exactly one audience, because Convex refuses a token with several
// (get-convex/convex-backend crates/authentication/src/lib.rs).
func (r clerkRules) readAudience(_ *Identity, c object) *Error {
	aud := c["aud"]
	if list, ok := aud.([]any); ok && len(list) == 1 {
		aud = list[0]
	}
	if aud != r.applicationID {
		return NewError(ReasonAudience, nil)
	}
	return nil
}

func readSubject(id *Identity, c object) *Error {
	sub, _ := c["sub"].(string)
	if !IsClerkID(sub, "user_") {
		return NewError(ReasonSubject, nil)
	}
	iss, _ := c["iss"].(string)
	id.Issuer, id.Subject = iss, sub
	return nil
}

// readMachine reads the subject of a machine's token, which has neither session nor origin nor organization.
func readMachine(id *Identity, c object) *Error {
	sub, _ := c["sub"].(string)
	if !IsClerkID(sub, "mch_") {
		return NewError(ReasonSubject, nil)
	}
	id.Issuer, _ = c["iss"].(string)
	id.Subject = sub
	id.cred.active, id.cred.anyParty = true, true
	return nil
}

func (r clerkRules) readSession(id *Identity, c object) *Error {
	if !c.has("sid") {
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

func (r clerkRules) readTimes(id *Identity, c object) *Error {
	return readTimes(id, c, object.time, r.maxLifetime)
}

func (r clerkRules) readMachineTimes(id *Identity, c object) *Error {
	return readTimes(id, c, object.time, r.maxMachineLifetime)
}

// readTimes requires exp and iat, no further apart than maxLifetime. The function date reads one of them.
func readTimes(id *Identity, c object, date func(object, string) (time.Time, error), maxLifetime time.Duration) *Error {
	var err error
	if id.ExpiresAt, err = date(c, "exp"); err != nil {
		return malformed("claims", err)
	}
	if id.IssuedAt, err = date(c, "iat"); err != nil {
		return malformed("claims", err)
	}
	if c.has("nbf") {
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

// time reads whole seconds since 1970.
func (o object) time(name string) (time.Time, error) {
	seconds, err := o.integer(name)
	if err == nil && (seconds < 0 || seconds > maxUnixSeconds) {
		err = errors.New(name + " is out of range")
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Unix(seconds, 0), nil
}

// numericDate reads seconds since 1970 in any form of a JSON number, as the deployment does for tokens of OpenID Connect: what is
// no whole number of 64 bits is a float64 (ramosbugs/openidconnect-rs src/helpers.rs).
func (o object) numericDate(name string) (time.Time, error) {
	n, isNumber := o[name].(json.Number)
	if _, err := n.Int64(); err == nil || !isNumber {
		return o.time(name)
	}
	seconds, err := n.Float64()
	if err != nil || seconds < 0 || seconds > maxUnixSeconds {
		return time.Time{}, errors.New(name + " is out of range")
	}
	whole := math.Floor(seconds)
	return time.Unix(int64(whole), int64((seconds-whole)*1e9)), nil
}

// readAuthorizedParty reads what authorize checks: which origin the token was issued to, and whether its session is
// active.
func readAuthorizedParty(id *Identity, c object) *Error {
	party, err := c.text("azp")
	if err != nil {
		return malformed("claims", err)
	}
	status, err := c.text("sts")
	if err != nil {
		return malformed("claims", err)
	}
	id.cred.authorizedParty = party
	id.cred.active = status == "active" || !c.has("sts")
	return nil
}

// readOrganization reads o from version 2 on, and org_* only before it: on version 2 those
// would be custom claims, whose values may come from users.
func readOrganization(id *Identity, c object) *Error {
	org, names, role := c, [3]string{"org_id", "org_role", "org_slug"}, ""
	if c.has("v") && c["v"] != json.Number("1") {
		var err error
		if org, err = c.object("o"); err != nil {
			return malformed("claims", err)
		}
		names, role = [3]string{"id", "rol", "slg"}, "org:"
	}
	if err := org.requireSpelling(names[:]...); err != nil {
		return malformed("claims", err)
	}
	for i, field := range []*string{&id.OrgID, &id.OrgRole, &id.OrgSlug} {
		var err error
		if *field, err = org.text(names[i]); err != nil {
			return malformed("claims", err)
		}
	}
	if id.OrgRole != "" {
		id.OrgRole = role + id.OrgRole
	}
	return nil
}

func (r clerkRules) readActor(id *Identity, c object) *Error {
	if !c.has("act") {
		return nil
	}
	act, err := c.object("act")
	if err == nil {
		err = act.requireSpelling("sub")
	}
	if err == nil {
		id.ActorSubject, err = act.text("sub")
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

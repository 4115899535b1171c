package service

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"time"

	"convexgateway/auth"
)

const (
	// tokenLifetime is that of minted tokens.
	tokenLifetime = 5 * time.Minute
	// newEnough is how long a token must last to be used for another call.
	newEnough = tokenLifetime / 2
)

// grant implements [auth.Grant]. It does not change; whether it still holds is what the directory's present table says.
type grant struct {
	directory   *Directory
	source      source
	name        string
	fingerprint [sha256.Size]byte
	user        string        // that the service acts for; empty: none
	until       time.Time     // the end of a certificate or workload token; zero: none
	token       func() string // that proves the source, of which newer ones may come; nil for other sources. A function, so that fmt prints none
}

// mintedKey is different for identities that differ, in their grants too.
type mintedKey struct {
	source source
	user   string
	until  int64
}

func (g *grant) mintedKey() mintedKey { return mintedKey{g.source, g.user, g.until.Unix()} }

// Check implements [auth.Grant].
func (g *grant) Check() *auth.Error {
	_, _, err := g.present()
	return err
}

// present returns the table and the entry of the grant as they are now, or why it has ended.
func (g *grant) present() (*table, *entry, *auth.Error) {
	t := g.directory.current.Load()
	s := g.source.find(t)
	switch {
	case s == nil || s.name != g.name:
		return nil, nil, auth.NewError(auth.ReasonServiceRevoked, nil)
	case s.fingerprint != g.fingerprint:
		return nil, nil, auth.NewError(auth.ReasonServiceChanged, nil)
	}
	return t, s, nil
}

// Renew implements [auth.Grant].
func (g *grant) Renew() (*auth.Identity, *auth.Error) {
	t, s, err := g.present()
	if err != nil {
		return nil, err
	}
	return g.identity(t, s)
}

// ActingFor implements [auth.Grant].
func (g *grant) ActingFor(subject string) (*auth.Identity, *auth.Error) {
	t, s, err := g.present()
	switch {
	case err != nil:
		return nil, err
	case g.user != "" || !s.rules.allowsFor(subject):
		return nil, auth.NewError(auth.ReasonOnBehalfOf, nil)
	}
	acting := *g
	acting.user = subject
	return acting.identity(t, s)
}

// Allows implements [auth.Grant].
func (g *grant) Allows(path string) bool {
	_, s, err := g.present()
	switch {
	case err != nil:
		return false
	case g.user != "":
		return s.rules.allowsActing(path)
	}
	return s.rules.allows(path)
}

// RenewsItself implements [auth.Grant].
func (g *grant) RenewsItself() bool { return g.token == nil }

// Presented implements [auth.Grant].
func (g *grant) Presented() (token, onBehalfOf string) {
	if g.token == nil {
		return "", ""
	}
	return g.token(), g.user
}

// identity returns the grant's identity with a token that was made before, if that is new enough, or with a new one.
func (g *grant) identity(t *table, s *entry) (*auth.Identity, *auth.Error) {
	now := g.directory.now()
	if id, found := t.minted.Get(g.mintedKey(), now); found {
		return id, nil
	}
	id, err := g.mint(s, now)
	if err != nil {
		return nil, auth.NewError(auth.ReasonAuthBackendUnavailable, err)
	}
	reusable := id.ExpiresAt.Add(-newEnough)
	if id.ExpiresAt.Equal(g.until) { // no newer one can be made
		reusable = g.until
	}
	t.minted.Put(g.mintedKey(), id, reusable, now)
	return id, nil
}

// mint makes a token, which ends with its source.
func (g *grant) mint(s *entry, now time.Time) (*auth.Identity, error) {
	issued := now.Truncate(time.Second)
	expires := issued.Add(tokenLifetime)
	if !g.until.IsZero() && g.until.Before(expires) {
		expires = g.until
	}
	caller := auth.Identity{Issuer: g.directory.issuer.URL(), Subject: auth.ServiceSubject(s.name), IssuedAt: issued, ExpiresAt: expires}
	claims := map[string]any{}
	if g.user != "" { // what is claimed of the service is not so of the user
		caller.Subject, caller.ActorSubject = g.user, caller.Subject
		claims["act"] = map[string]string{"sub": caller.ActorSubject}
	} else {
		maps.Copy(claims, s.rules.Claims)
	}
	claims["iss"], claims["sub"], claims["aud"] = caller.Issuer, caller.Subject, Audience
	canonical, err := json.Marshal(claims) // sorted by names
	if err != nil {
		return nil, err
	}
	claims["iat"], claims["exp"] = issued.Unix(), expires.Unix()
	token, err := g.directory.issuer.sign(claims)
	if err != nil {
		return nil, err
	}
	return auth.NewGranted(caller, token, sha256.Sum256(canonical), g), nil
}

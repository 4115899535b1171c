package auth

import "context"

// Grant is what the identity of a service rests on, for which the gateway itself makes the tokens: an entry of the services file. Package
// service has it. Safe for concurrent use.
type Grant interface {
	// Check returns why the grant has ended; nil if it has not.
	Check() *Error
	// Renew returns the identity with a token that is as new as one can be: the same one if there is no newer.
	Renew() (*Identity, *Error)
	// ActingFor returns the identity of a user for whom the service acts, or ON_BEHALF_OF_NOT_ALLOWED.
	ActingFor(subject string) (*Identity, *Error)
	// Allows reports whether a function may be called. Its path is in canonical form: messages.js:list.
	Allows(path string) bool
	// Presented returns the token that the service has presented, and the user for whom it acts, if any; empty for a service with a key or a
	// certificate. Another replica has the same identity by them.
	Presented() (token, onBehalfOf string)
	// RenewsItself reports whether Renew lasts as long as the grant: its credential has no end of its own, as a token has.
	RenewsItself() bool
}

// NewGranted returns the identity of a service, with the exported fields of caller, the token that was made for it, and the key of its
// claims (see [Identity.Key]).
func NewGranted(caller Identity, token string, key [32]byte, grant Grant) *Identity {
	id := NewIdentity(caller, token, key)
	id.cred.grant = grant
	return id
}

// Grant returns what the identity of a service rests on; nil for other callers.
func (id *Identity) Grant() Grant {
	if id == nil || id.cred == nil {
		return nil
	}
	return id.cred.grant
}

// Presented returns what another replica has the same identity by: the token that the caller has presented and, for a service, the user for
// whom it acts.
func (id *Identity) Presented() (token, onBehalfOf string) {
	if grant := id.Grant(); grant != nil {
		return grant.Presented()
	}
	return id.Token(), ""
}

// VerifyPresented returns the identity of what Presented has returned at another replica.
func VerifyPresented(ctx context.Context, v Verifier, token, onBehalfOf string) (*Identity, error) {
	id, err := v.Verify(ctx, token)
	switch {
	case err != nil || onBehalfOf == "":
		return id, err
	case id.Grant() == nil:
		return nil, NewError(ReasonOnBehalfOf, nil)
	}
	acting, refusal := id.Grant().ActingFor(onBehalfOf)
	if refusal != nil {
		return nil, refusal
	}
	return acting, nil
}

// Allows reports whether the caller may call a function, as far as the gateway knows. The path is in canonical form.
func (id *Identity) Allows(path string) bool {
	grant := id.Grant()
	return grant == nil || grant.Allows(path)
}

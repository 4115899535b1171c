package auth

import "time"

// Revocation takes access away from a session or a user. It never gives any.
type Revocation struct {
	// Issuer is whose session or user it is.
	Issuer string
	// SessionID is the session (sess_…). Without one, all sessions of Subject are meant.
	SessionID string
	// Subject is the user (user_…); not needed with a SessionID.
	Subject string
	// OneSignIn, without a SessionID, means Subject's tokens without a session id only.
	OneSignIn bool
	// IssuedUpTo is the youngest token that is refused.
	IssuedUpTo time.Time
	// Reason is what callers are told.
	Reason Reason
}

// Empty reports whether nothing is meant.
func (r Revocation) Empty() bool { return r.SessionID == "" && r.Subject == "" }

// SignIn names the one sign-in that is meant.
func (r Revocation) SignIn() SignIn { return signIn(r.Issuer, r.SessionID, r.Subject) }

// User names the user that is meant, if there is a Subject.
func (r Revocation) User() User { return User{r.Issuer, r.Subject} }

// SignOut is what a caller who signs out revokes.
func SignOut(id *Identity) Revocation {
	return Revocation{
		Issuer: id.Issuer, SessionID: id.SessionID, Subject: id.Subject, OneSignIn: true, IssuedUpTo: id.IssuedAt,
		Reason: ReasonSignedOut,
	}
}

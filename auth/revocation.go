package auth

import "time"

// Revocation takes access away from a session or a user.
type Revocation struct {
	// Issuer is that of the session or user.
	Issuer string `json:"issuer"`
	// SessionID is the session (sess_…). Without one, all sessions of Subject are revoked.
	SessionID string `json:"sessionId,omitempty"`
	// Subject is the user (user_…); not needed with a SessionID.
	Subject string `json:"subject,omitempty"`
	// OneSignIn, without a SessionID, revokes only Subject's tokens without a session id.
	OneSignIn bool `json:"oneSignIn,omitempty"`
	// IssuedUpTo is the latest time of issue that is refused.
	IssuedUpTo time.Time `json:"issuedUpTo"`
	// Reason is that of the errors that callers get.
	Reason Reason `json:"reason"`
}

// Empty reports whether nothing is revoked.
func (r Revocation) Empty() bool { return r.SessionID == "" && r.Subject == "" }

// SignIn names the one sign-in that is revoked, with a SessionID or OneSignIn.
func (r Revocation) SignIn() SignIn { return signIn(r.Issuer, r.SessionID, r.Subject) }

// User names the user that is revoked otherwise.
func (r Revocation) User() User { return User{r.Issuer, r.Subject} }

// SignOut returns the revocation of a caller's own sign-in.
func SignOut(id *Identity) Revocation {
	return Revocation{
		Issuer: id.Issuer, SessionID: id.SessionID, Subject: id.Subject, OneSignIn: true, IssuedUpTo: id.IssuedAt,
		Reason: ReasonSignedOut,
	}
}

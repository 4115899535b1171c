package convex

import "time"

// Identity is the key of a caller's identity: callers with equal keys, and no others, share a session and its queries.
// The zero key is that of all anonymous callers. Keys must be made so that equal ones have equal claims.
type Identity [32]byte

// Credential is a caller's identity with its token. The zero value is an anonymous caller.
type Credential struct {
	Identity Identity
	Token    string // JWT for the deployment
	Issued   time.Time
	Expires  time.Time
}

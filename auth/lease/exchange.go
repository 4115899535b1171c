package lease

import (
	"time"

	"convexgateway/auth"
)

// Exchange passes notices between the replicas of a gateway. Each replica applies its own notices at once; the exchange
// delivers them to the others, at least once, in no particular order.
type Exchange interface {
	// Publish sends a notice to the other replicas. It does not wait for them, and may be called concurrently.
	Publish(Notice)
	// Subscribe calls receive with each notice of another replica, until stop is called; not after it has returned.
	Subscribe(receive func(Notice)) (stop func())
}

// Notice is what one replica sends to the others. Exactly one field is set; unknown kinds are ignored.
type Notice struct {
	Revocation *auth.Revocation `json:",omitempty"`
	Refresh    *Refresh         `json:",omitempty"`
	Ticket     *UsedTicket      `json:",omitempty"`
	Command    *Command         `json:",omitempty"`
}

// Refresh is a newer token for the streams with a refresh key. An exchange must keep it secret.
type Refresh struct {
	KeyHash    [32]byte // SHA-256 of the refresh key
	Token      string
	OnBehalfOf string // the user for whom the token's service acts; empty: it acts for itself
}

// UsedTicket is a one-time ticket that has been used.
type UsedTicket struct {
	ID    [16]byte
	Owner [16]byte  // a hash of the user; zero if the replica that used it does not send one
	Until time.Time // it expires then
}

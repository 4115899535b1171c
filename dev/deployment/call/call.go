package call

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"

	"convexgateway/dev/deployment/store"
)

// Kind is what a function may do.
type Kind int

const (
	Query    Kind = iota // reads
	Mutation             // reads and writes, all or nothing
	Action               // anything; the database by calling queries and mutations
)

func (k Kind) String() string { return [...]string{"Query", "Mutation", "Action"}[k] }

// Call is one request to run a function.
type Call struct {
	Kind       Kind
	Path       Path
	Args       json.RawMessage // an array of one object
	Identity   *Identity
	RequestID  string
	Generation uint64           // of the database when the call began
	Component  string           // where the function is; "": the app. There are no others
	Nested     bool             // a function calls, which may call internal functions, too
	Key        store.RequestKey // mutations; zero: not recorded
	Committed  func()           // mutations: called at the commit, before others learn of it; it must not block. nil: nothing
	At         *store.Snapshot  // queries; nil: now
	Journal    string           // queries
}

// Outcome is the result of a call. With a failure there is no value.
type Outcome struct {
	Value    any
	Encoded  []byte // value, encoded
	Failure  *Failure
	LogLines []string
	Ts       uint64        // mutations: of the commit
	Reads    store.ReadSet // queries
	Journal  string        // queries
}

// NewRequestID makes an id for a request without one.
func NewRequestID() string {
	var random [8]byte
	rand.Read(random[:])
	return hex.EncodeToString(random[:])
}

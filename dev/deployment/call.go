package deployment

import (
	"convexgateway/convex"
	"convexgateway/dev/deployment/store"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
)

// Kind is what a function may do.
type Kind int

const (
	KindQuery    Kind = iota // reads
	KindMutation             // reads and writes, all or nothing
	KindAction               // anything but the database, which it reaches by calling queries and mutations
)

func (k Kind) String() string { return [...]string{"Query", "Mutation", "Action"}[k] }

// call is one request to run a function.
type call struct {
	kind       Kind
	path       convex.Path
	args       json.RawMessage // an array of one object
	identity   *Identity
	requestID  string
	generation uint64           // of the database when the call began
	nested     bool             // a function calls: internal functions are in reach
	key        store.RequestKey // mutations; zero: not recorded
	at         *store.Snapshot  // queries; nil: now
	journal    string           // queries
}

// outcome is what a call came to. With failure there is no value.
type outcome struct {
	value   any
	result  []byte // value, encoded
	failure *failure
	logs    []string
	ts      uint64        // mutations: of the commit
	reads   store.ReadSet // queries
	journal string        // queries
}

// newRequestID makes the id of a request that has none.
func newRequestID() string {
	var random [8]byte
	rand.Read(random[:])
	return hex.EncodeToString(random[:])
}

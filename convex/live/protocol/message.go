package protocol

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"convexgateway/convex"
)

// Messages of the sync protocol, one JSON object per WebSocket text message. Shapes: get-convex/convex-backend
// crates/convex/sync_types/src/types/json.rs.

// Timestamp is the deployment's clock, ns since 1970; on the wire base64 of 8 bytes, little-endian.
type Timestamp uint64

// MarshalText writes the wire form.
func (ts Timestamp) MarshalText() ([]byte, error) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(ts))
	return base64.StdEncoding.AppendEncode(nil, b[:]), nil
}

// UnmarshalText reads the wire form.
func (ts *Timestamp) UnmarshalText(text []byte) error {
	b, err := base64.StdEncoding.AppendDecode(nil, text)
	if err != nil || len(b) != 8 {
		return errors.New("timestamp is not base64 of 8 bytes")
	}
	*ts = Timestamp(binary.LittleEndian.Uint64(b))
	return nil
}

// Version is what a client's results reflect: which of its query sets, which of its tokens, which time.
type Version struct {
	QuerySet uint32
	Identity uint32
	TS       Timestamp
}

type connectMessage struct {
	Type                 string     `json:"type"` // Connect
	SessionID            string     `json:"sessionId"`
	ConnectionCount      uint32     `json:"connectionCount"`
	LastCloseReason      string     `json:"lastCloseReason"`
	MaxObservedTimestamp *Timestamp `json:"maxObservedTimestamp,omitempty"`
	ClientTS             int64      `json:"clientTs"` // ms since 1970
}

type authenticateMessage struct {
	Type        string `json:"type"` // Authenticate
	BaseVersion uint32 `json:"baseVersion"`
	TokenType   string `json:"tokenType"` // User or Admin
	Value       string `json:"value"`
}

type modifyQuerySetMessage struct {
	Type          string              `json:"type"` // ModifyQuerySet
	BaseVersion   uint32              `json:"baseVersion"`
	NewVersion    uint32              `json:"newVersion"`
	Modifications []queryModification `json:"modifications"`
}

type queryModification struct {
	Type    string            `json:"type"` // Add or Remove
	QueryID QueryID           `json:"queryId"`
	UDFPath string            `json:"udfPath,omitempty"`
	Args    []json.RawMessage `json:"args,omitempty"` // one object
	Journal *string           `json:"journal,omitempty"`
}

// size is about how many bytes the modification takes on the wire.
func (m queryModification) size() int {
	n := 128 + len(m.UDFPath)
	for _, args := range m.Args {
		n += len(args)
	}
	if m.Journal != nil {
		n += len(*m.Journal)
	}
	return n
}

// encodeMessage writes a client message. Its fields cannot fail to encode: arguments are canonical JSON.
func encodeMessage(message any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(message); err != nil {
		panic(fmt.Sprintf("convex: encoding a %T: %v", message, err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// ServerMessage is one of *Transition, *Response, *AuthError, *FatalError, Ping, UnknownMessage.
type ServerMessage any

// Transition moves the results of a client from one version to another, all at once.
type Transition struct {
	Start, End    Version
	Modifications []Modification
	Sent          Timestamp // by the deployment's clock; 0: unknown
	Received      time.Time // by the client's clock; zero until its reader sets it
	// Age is that of the commit whose effects it has, when it was received; 0 if it has none, or unknown. Its reader sets it.
	Age time.Duration
}

// Modification is the new outcome of one query.
type Modification struct {
	ID      QueryID
	Result  *convex.Result // nil if the query was removed
	Journal *string
}

// Response answers a mutation or an action.
type Response struct {
	ID     uint32
	Action bool           // and not a mutation
	Result *convex.Result // with a timestamp only of a mutation that succeeded: when it was committed
}

// AuthError is sent for a token that the deployment does not accept, which then closes the socket.
type AuthError struct {
	Message         string
	BaseVersion     *uint32 // number of tokens that were accepted before it; nil if unknown
	UpdateAttempted bool    // the rejected token came with an Authenticate; otherwise an accepted one has expired
}

// FatalError is sent to a client that broke the protocol. Its text is not kept: it may quote arguments.
type FatalError struct{}

// Ping is sent by a deployment that has nothing else to send.
type Ping struct{}

// UnknownMessage is of a type that this client does not use. It is ignored.
type UnknownMessage struct{ Kind string }

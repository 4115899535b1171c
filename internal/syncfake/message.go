package syncfake

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Message is any message of a client; fields that its type lacks are zero.
type Message struct {
	Type                 string            `json:"type"`
	SessionID            string            `json:"sessionId"`
	ConnectionCount      int               `json:"connectionCount"`
	LastCloseReason      string            `json:"lastCloseReason"`
	MaxObservedTimestamp *Timestamp        `json:"maxObservedTimestamp"`
	ClientTS             int64             `json:"clientTs"` // ms since 1970
	BaseVersion          uint32            `json:"baseVersion"`
	NewVersion           uint32            `json:"newVersion"`
	TokenType            string            `json:"tokenType"`
	Value                string            `json:"value"`
	Modifications        []Modification    `json:"modifications"`
	RequestID            uint32            `json:"requestId"`
	UDFPath              string            `json:"udfPath"`
	Args                 []json.RawMessage `json:"args"`
}

// Modification adds a query to the client's set, or removes one.
type Modification struct {
	Type    string            `json:"type"` // Add or Remove
	QueryID uint32            `json:"queryId"`
	UDFPath string            `json:"udfPath"`
	Args    []json.RawMessage `json:"args"`
	Journal *string           `json:"journal"`
}

// Calls returns the message's queries and its request as in the glossary, separated by spaces.
func (m Message) Calls() string {
	var list []string
	if m.UDFPath != "" {
		list = append(list, fmt.Sprintf("#%d %s%s", m.RequestID, m.UDFPath, m.Args[0]))
	}
	for _, mod := range m.Modifications {
		if mod.Type == "Remove" {
			list = append(list, fmt.Sprintf("-%d", mod.QueryID))
		} else {
			list = append(list, fmt.Sprintf("+%d %s%s", mod.QueryID, mod.UDFPath, mod.Args[0]))
		}
	}
	return strings.Join(list, " ")
}

// Timestamp is the deployment's clock, ns since 1970; on the wire base64 of 8 bytes, little-endian.
type Timestamp uint64

// String returns the wire form.
func (ts Timestamp) String() string {
	return base64.StdEncoding.EncodeToString(binary.LittleEndian.AppendUint64(nil, uint64(ts)))
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
	QuerySet, Identity uint32
	TS                 Timestamp
}

// At makes a version.
func At(querySet, identity uint32, ts Timestamp) Version { return Version{querySet, identity, ts} }

func (v Version) json() string {
	return fmt.Sprintf(`{"querySet":%d,"identity":%d,"ts":"%s"}`, v.QuerySet, v.Identity, v.TS)
}

// Transition is a message that moves a client from start to end, with modifications as Updated and Failed make them.
func Transition(start, end Version, modifications ...string) string {
	return TransitionSent(start, end, 1, modifications...)
}

// TransitionSent is a Transition that says when it was sent.
func TransitionSent(start, end Version, sent Timestamp, modifications ...string) string {
	return fmt.Sprintf(`{"type":"Transition","startVersion":%s,"endVersion":%s,"modifications":[%s],"clientClockSkew":0,"serverTs":%d}`,
		start.json(), end.json(), strings.Join(modifications, ","), uint64(sent))
}

// FirstValue is a Transition that gives query 0 its first value, which is JSON.
func FirstValue(value string) string { return Transition(At(1, 1, 1), At(1, 1, 2), Updated(0, value)) }

// Rows is a JSON list of rows such as functions return, of about size bytes.
func Rows(size int) string {
	const row = `{"_id":"j57020g30g2gc1r81450p30d1s7xevpq","_creationTime":1766000000123.5,"author":"ada","body":"She said: \"hello\" twice.","channel":"general"}`
	return "[" + strings.TrimSuffix(strings.Repeat(row+",", max(1, size/len(row))), ",") + "]"
}

// Updated is the modification that gives a query a value, which is JSON.
func Updated(query uint32, value string) string {
	return fmt.Sprintf(`{"type":"QueryUpdated","queryId":%d,"value":%s,"logLines":[],"journal":null}`, query, value)
}

// Failed is the modification of a query whose function threw.
func Failed(query uint32, message string) string {
	return fmt.Sprintf(`{"type":"QueryFailed","queryId":%d,"errorMessage":%q,"logLines":[],"journal":null}`, query, message)
}

// Committed is the answer to a mutation that was committed at a time and returned value, which is JSON.
func Committed(request uint32, value string, at Timestamp) string {
	return fmt.Sprintf(`{"type":"MutationResponse","requestId":%d,"success":true,"result":%s,"ts":"%s","logLines":["[LOG] 'x'"]}`,
		request, value, at)
}

package live

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
)

// Messages of the sync protocol, one JSON object per WebSocket text message. Shapes: get-convex/convex-backend
// crates/convex/sync_types/src/types/json.rs.

// timestamp is the deployment's clock, ns since 1970; on the wire base64 of 8 bytes, little-endian.
type timestamp uint64

func (ts timestamp) MarshalText() ([]byte, error) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(ts))
	return base64.StdEncoding.AppendEncode(nil, b[:]), nil
}

func (ts *timestamp) UnmarshalText(text []byte) error {
	b, err := base64.StdEncoding.AppendDecode(nil, text)
	if err != nil || len(b) != 8 {
		return errors.New("timestamp is not base64 of 8 bytes")
	}
	*ts = timestamp(binary.LittleEndian.Uint64(b))
	return nil
}

// version says what a client's results reflect: which of its query sets, which of its identities, which time.
type version struct {
	QuerySet uint32
	Identity uint32
	TS       timestamp
}

type connectMessage struct {
	Type                 string     `json:"type"` // Connect
	SessionID            string     `json:"sessionId"`
	ConnectionCount      uint32     `json:"connectionCount"`
	LastCloseReason      string     `json:"lastCloseReason"`
	MaxObservedTimestamp *timestamp `json:"maxObservedTimestamp,omitempty"`
	ClientTS             int64      `json:"clientTs"` // ms since 1970
}

type authenticateMessage struct {
	Type        string `json:"type"` // Authenticate
	BaseVersion uint32 `json:"baseVersion"`
	TokenType   string `json:"tokenType"` // User
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
	QueryID queryID           `json:"queryId"`
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

// serverMessage is one of *transition, *requestResponse, *authError, *fatalError, ping, unknownMessage.
type serverMessage any

type transition struct {
	start, end    version
	modifications []resultModification
	received      time.Time
}

// resultModification tells the new outcome of one query; result is nil if the query was removed.
type resultModification struct {
	id      queryID
	result  *convex.Result
	journal *string
}

// requestResponse answers a mutation or an action. The result has a timestamp only for a mutation that succeeded: when it
// was committed.
type requestResponse struct {
	id     uint32
	result *convex.Result
}

type authError struct {
	message         string
	baseVersion     *uint32
	updateAttempted bool // the rejected token came with an Authenticate; else a confirmed one has expired
}

// fatalError says that the client is wrong. Its text is not kept: it may quote arguments.
type fatalError struct{}

type ping struct{}

// unknownMessage is a kind that this client does not use; it is ignored.
type unknownMessage struct{ kind string }

// readKinds are the kinds of messages that are not ignored.
var readKinds = []string{"Transition", "MutationResponse", "ActionResponse", "AuthError", "FatalError", "Ping"}

// serverFields are all fields of all messages that are read. Fields may come in any order.
type serverFields struct {
	kind            string
	start, end      *version
	modifications   []resultModification
	failure         string
	baseVersion     *uint32
	updateAttempted bool
	response        responseFields
}

// responseFields are those of MutationResponse and ActionResponse.
type responseFields struct {
	id        *uint32
	success   bool
	result    []byte // JSON of the value or, without success, of the error's text; a part of the message
	errorData []byte // JSON, a part of the message; nil unless the error has data
	ts        timestamp
	logLines  []string
}

// decodeServerMessage reads one message. Results are copied out of text, which may be reused.
func decodeServerMessage(text []byte) (serverMessage, error) {
	var f serverFields
	s := newReader(text)
	if err := s.Fields(func(name []byte) error { return f.read(&s, string(name)) }); err != nil {
		return nil, err
	}
	if !s.AtEnd() {
		return nil, jsonscan.ErrSyntax
	}
	switch f.kind {
	case "Transition":
		if f.start == nil || f.end == nil {
			return nil, errors.New("transition without versions")
		}
		return &transition{start: *f.start, end: *f.end, modifications: f.modifications}, nil
	case "MutationResponse", "ActionResponse":
		return f.response.decode()
	case "AuthError":
		return &authError{message: f.failure, baseVersion: f.baseVersion, updateAttempted: f.updateAttempted}, nil
	case "FatalError":
		return &fatalError{}, nil
	case "Ping":
		return ping{}, nil
	case "":
		return nil, errors.New("message without type")
	default:
		return unknownMessage{f.kind}, nil
	}
}

// read reads a field. Those of unknown kinds may have any shape; deployments write the kind first.
func (f *serverFields) read(s *reader, name string) (err error) {
	if f.kind != "" && !slices.Contains(readKinds, f.kind) {
		_, err = s.Raw()
		return err
	}
	switch name {
	case "type":
		f.kind, err = s.string()
	case "startVersion":
		f.start, err = s.version()
	case "endVersion":
		f.end, err = s.version()
	case "modifications":
		err = s.Elements(func(int) error {
			m, err := s.resultModification()
			f.modifications = append(f.modifications, m)
			return err
		})
	case "requestId":
		f.response.id, err = s.optionalUint32()
	case "success":
		f.response.success, err = s.bool()
	case "result":
		f.response.result, err = s.Raw()
	case "errorData":
		f.response.errorData, err = s.Raw()
	case "ts":
		f.response.ts, err = s.optionalTimestamp()
	case "logLines":
		f.response.logLines, err = s.Strings()
	case "error":
		f.failure, err = s.string()
	case "baseVersion":
		f.baseVersion, err = s.optionalUint32()
	case "authUpdateAttempted":
		f.updateAttempted, err = s.bool()
	default:
		_, err = s.Raw()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// decode copies the response out of its message.
func (f responseFields) decode() (serverMessage, error) {
	if f.id == nil || f.result == nil {
		return nil, errors.New("response without requestId or result")
	}
	if f.success {
		result := &convex.Result{Value: bytes.Clone(f.result), LogLines: f.logLines, Timestamp: uint64(f.ts)}
		return &requestResponse{id: *f.id, result: result}, nil
	}
	s := newReader(f.result)
	text, err := s.string()
	if err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	failed := &convex.FunctionError{Message: text, Data: bytes.Clone(f.errorData), LogLines: f.logLines}
	return &requestResponse{id: *f.id, result: &convex.Result{Err: failed}}, nil
}

// reader reads the parts of a message.
type reader struct{ jsonscan.Scanner }

func newReader(text []byte) reader { return reader{jsonscan.NewScanner(text)} }

// optionalTimestamp reads null as 0.
func (s *reader) optionalTimestamp() (ts timestamp, err error) {
	if s.Peek() == 'n' {
		return 0, s.Literal("null")
	}
	text, err := s.Text()
	if err == nil {
		err = ts.UnmarshalText(text)
	}
	return ts, err
}

func (s *reader) string() (string, error) {
	content, err := s.Text()
	return string(content), err
}

func (s *reader) optionalString() (*string, error) {
	if s.Peek() == 'n' {
		return nil, s.Literal("null")
	}
	text, err := s.string()
	return &text, err
}

// bool consumes true or false; null counts as false.
func (s *reader) bool() (bool, error) {
	switch s.Peek() {
	case 't':
		return true, s.Literal("true")
	case 'n':
		return false, s.Literal("null")
	default:
		return false, s.Literal("false")
	}
}

func (s *reader) uint32() (uint32, error) {
	s.Peek()
	f, err := s.Number()
	if err == nil && (f < 0 || f > math.MaxUint32 || f != math.Trunc(f)) {
		err = errors.New(strconv.FormatFloat(f, 'g', -1, 64) + " is not a 32-bit number")
	}
	return uint32(f), err
}

func (s *reader) optionalUint32() (*uint32, error) {
	if s.Peek() == 'n' {
		return nil, s.Literal("null")
	}
	n, err := s.uint32()
	return &n, err
}

func (s *reader) version() (*version, error) {
	var v version
	seen := 0
	err := s.Fields(func(name []byte) (err error) {
		seen++
		switch string(name) {
		case "querySet":
			v.QuerySet, err = s.uint32()
		case "identity":
			v.Identity, err = s.uint32()
		case "ts":
			var text []byte
			if text, err = s.Text(); err == nil {
				err = v.TS.UnmarshalText(text)
			}
		default:
			seen--
			_, err = s.Raw()
		}
		return err
	})
	if err == nil && seen != 3 {
		err = errors.New("not three parts")
	}
	return &v, err
}

// resultModification reads QueryUpdated, QueryFailed or QueryRemoved.
func (s *reader) resultModification() (m resultModification, err error) {
	var kind, message string
	var value, data []byte
	var logLines []string
	hasID := false
	err = s.Fields(func(name []byte) (err error) {
		switch string(name) {
		case "type":
			kind, err = s.string()
		case "queryId":
			hasID = true
			m.id, err = s.uint32()
		case "value":
			value, err = s.Raw()
		case "errorMessage":
			message, err = s.string()
		case "errorData":
			data, err = s.Raw()
		case "logLines":
			logLines, err = s.Strings()
		case "journal":
			m.journal, err = s.optionalString()
		default:
			_, err = s.Raw()
		}
		return err
	})
	switch {
	case err != nil:
	case !hasID:
		err = errors.New("modification without queryId")
	case kind == "QueryUpdated" && value != nil:
		m.result = &convex.Result{Value: bytes.Clone(value), LogLines: logLines}
	case kind == "QueryFailed":
		m.result = &convex.Result{Err: &convex.FunctionError{Message: message, Data: bytes.Clone(data), LogLines: logLines}}
	case kind != "QueryRemoved":
		err = fmt.Errorf("modification of kind %q", kind)
	}
	return m, err
}

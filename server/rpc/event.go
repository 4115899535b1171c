package rpc

import (
	"slices"
	"sync"
	"sync/atomic"

	"google.golang.org/protobuf/proto"

	"convexgateway/auth"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/typed"
)

// Field numbers that are set from wire bytes.
const (
	responseValueField  = 1 // QueryResponse.value, MutateResponse.value, ActionResponse.value
	subscribeValueField = 1 // SubscribeResponse.value
)

// Event is one message of a Subscribe stream. All streams that share a result share its events of a read time, so each form is
// encoded once, when it is first needed, and never changed; the wire form of the value is that of all read times. Safe for
// concurrent use.
type Event struct {
	Message *gatewayv1.SubscribeResponse // all of it but a value of the Struct lane
	Value   []byte                       // JSON of that value, or of one of a typed event; nil if there is none
	wire    *wireValue                   // of that value; nil if there is none
	resume  resumeToken                  // of a result; zero for other events
	size    int                          // of message on the wire, and of value, in bytes
	forms   forms
}

// encodedForm is an event in the form of one encoder.
type encodedForm struct {
	encoder any
	next    *encodedForm
	once    sync.Once
	bytes   []byte
	err     error
}

// NewEvent makes an event of a message, and of the JSON of its value if that is in the Struct lane.
func NewEvent(message *gatewayv1.SubscribeResponse, value []byte) *Event {
	return &Event{Message: message, Value: value, wire: new(wireValue), size: proto.Size(message) + len(value)}
}

// Typed returns the method of the app's contract whose response the event has; nil if it has none.
func (e *Event) Typed() *typed.Method {
	if e.Value == nil {
		return nil
	}
	return e.wire.typed
}

// WireSize implements [Sized].
func (e *Event) WireSize() int { return e.size }

// Encoded returns the event as encode makes it. Only the first call with an encoder, which is any comparable key, runs encode.
func (e *Event) Encoded(encoder any, encode func(*Event) ([]byte, error)) ([]byte, error) {
	f := e.forms.of(encoder)
	f.once.Do(func() { f.bytes, f.err = encode(e) })
	return f.bytes, f.err
}

// forms are what encoders have made of an event. Safe for concurrent use.
type forms struct{ newest atomic.Pointer[encodedForm] }

// of returns the form of an encoder, which may be empty yet.
func (fs *forms) of(encoder any) *encodedForm {
	for {
		newest := fs.newest.Load()
		for f := newest; f != nil; f = f.next {
			if f.encoder == encoder {
				return f
			}
		}
		if f := (&encodedForm{encoder: encoder, next: newest}); fs.newest.CompareAndSwap(newest, f) {
			return f
		}
	}
}

// wireEncoder is the encoder of gRPC, for all but a value of the Struct lane.
type wireEncoder struct{}

// Wire returns the event as protobuf, in one piece.
func (e *Event) Wire() ([]byte, error) {
	rest, value, err := e.WireParts()
	if value == nil {
		return rest, err
	}
	return slices.Concat(rest, value), err
}

// WireParts returns the event as protobuf in two pieces, which are not to be changed. The second may be nil.
func (e *Event) WireParts() (rest, value []byte, err error) {
	rest, err = e.Encoded(wireEncoder{}, func(e *Event) ([]byte, error) { return proto.Marshal(e.Message) })
	if err != nil || e.Value == nil {
		return rest, nil, err
	}
	value, err = e.wire.encoded(e.Value)
	return rest, value, err
}

// resumeKey is the key of what all events of a result have: the hash of its resume tokens.
type resumeKey struct{}

// eventKey is the key of a result's newest typed event in one form; that of another is its format.
type eventKey struct {
	format Format
	typed  *typed.Method
}

// eventKeyOf returns the key of a result's newest event. Most take no memory.
func eventKeyOf(inv *Invocation) any {
	if inv.typed == nil {
		return inv.Format
	}
	return eventKey{inv.Format, inv.typed}
}

// ResultEvent is an outcome as an event, which is known to hold at a time of the deployment (ns since 1970). Of one result and
// format only the newest is kept: streams that send it together have the same time.
func ResultEvent(r *convex.Result, readTime uint64, id *auth.Identity, inv *Invocation) *Event {
	newest := r.Memo(eventKeyOf(inv), func() any { return new(atomic.Pointer[Event]) }).(*atomic.Pointer[Event])
	for {
		kept := newest.Load()
		if kept != nil && kept.resume.readTime == readTime {
			return kept
		}
		if e := newResultEvent(r, readTime, id, inv); newest.CompareAndSwap(kept, e) {
			return e
		}
	}
}

func newResultEvent(r *convex.Result, readTime uint64, id *auth.Identity, inv *Invocation) *Event {
	token := resumeToken{
		hash: r.Memo(resumeKey{}, func() any { return resumeHash(id.Key(), *inv, r) }).([16]byte), readTime: readTime,
	}
	if inv.journals != nil && r.Journal != nil {
		token.journal = inv.journals.seal(*r.Journal, *inv)
	}
	m := &gatewayv1.SubscribeResponse{
		LogLines: r.LogLines, ResumeToken: token.String(), ReadTime: timeOf(readTime), IdentityTag: id.Tag(),
	}
	var value []byte
	switch {
	case r.Err != nil:
		m.Event = &gatewayv1.SubscribeResponse_FunctionError{FunctionError: functionErrorMessage(r.Err, inv.Format)}
	case inv.Format == JSONFormat:
		m.Event = &gatewayv1.SubscribeResponse_ValueJson{ValueJson: r.Value}
	default:
		value = r.Value
	}
	if inv.typed != nil && r.Err == nil { // they are beside the value
		m.LogLines = nil
	}
	e := NewEvent(m, value)
	e.resume = token
	e.wire = r.Memo(wireKey{inv.typed}, func() any {
		return &wireValue{typed: inv.typed, logLines: r.LogLines, metrics: inv.metrics}
	}).(*wireValue)
	return e
}

// UnchangedEvent returns the event that is sent in place of a result that the client has already.
func UnchangedEvent(e *Event) *Event {
	return NewEvent(&gatewayv1.SubscribeResponse{
		Event:       &gatewayv1.SubscribeResponse_Unchanged{Unchanged: &gatewayv1.Unchanged{}},
		ResumeToken: e.Message.ResumeToken, ReadTime: e.Message.ReadTime, IdentityTag: e.Message.IdentityTag,
	}, nil)
}

// ConnectionEvent returns the event of the link to the deployment, for the identity with that tag.
func ConnectionEvent(link convexlive.LinkState, tag string) *Event {
	return NewEvent(&gatewayv1.SubscribeResponse{
		Event:       &gatewayv1.SubscribeResponse_Connection{Connection: connectionOf(link)},
		IdentityTag: tag,
	}, nil)
}

// connectionOf returns a link to the deployment as a message of the contract.
func connectionOf(link convexlive.LinkState) *gatewayv1.Connection {
	state := gatewayv1.Connection_STATE_CONNECTING
	switch link {
	case convexlive.Connected:
		state = gatewayv1.Connection_STATE_CONNECTED
	case convexlive.Reconnecting:
		state = gatewayv1.Connection_STATE_RECONNECTING
	}
	return &gatewayv1.Connection{State: state}
}

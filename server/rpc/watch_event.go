package rpc

import (
	"slices"
	"sync"
	"sync/atomic"
	"weak"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// Field numbers that are set from wire bytes.
const (
	watchChangesField = 1 // WatchResponse.changes
	changeTargetField = 1 // TargetChange.target
	changeValueField  = 2 // TargetChange.value
)

// WatchEvent is one response of a Watch or WatchSet stream. What its changes hold is encoded once for all streams that share it; so is the
// whole response, for streams with the same targets. Safe for concurrent use.
type WatchEvent struct {
	Message *gatewayv1.WatchResponse // all of it but the changes
	Changes []Change

	head    watchHead
	results []convexlive.TargetState // that its changes are; nil if it is not shared
	oldest  *convex.Result           // of them, as it was received
	size    int                      // about its size as JSON, in bytes
	forms   forms
	once    sync.Once // makes what follows
	wire    mem.BufferSlice
	err     error
}

// watchHead is what a response has besides its changes and a connection.
type watchHead struct {
	group          uint32
	read           uint64 // as State.ReadTime; 0: none
	complete, more bool
	tag            string
}

func newWatchEvent(message *gatewayv1.WatchResponse, changes []Change) *WatchEvent {
	e := &WatchEvent{Message: message, Changes: changes, size: proto.Size(message)}
	for _, c := range changes {
		e.size += c.size(true)
	}
	return e
}

// newChangesEvent returns a response with changes of a group.
func newChangesEvent(head watchHead, connection *gatewayv1.Connection, changes []Change) *WatchEvent {
	e := newWatchEvent(&gatewayv1.WatchResponse{
		Group: head.group, ReadTime: timeOf(head.read), Complete: head.complete, More: head.more, IdentityTag: head.tag, Connection: connection,
	}, slices.Clone(changes))
	e.head = head
	return e
}

// watchKey is the key of the newest response in a format whose first change is a result.
type watchKey struct{ format Format }

// watchKeys are the keys as they are looked up, so that this takes no memory.
var watchKeys = [...]any{StructFormat: watchKey{StructFormat}, JSONFormat: watchKey{JSONFormat}}

// sharedWatch is where the newest response is that has a result as its first change. It is held weakly, because it has other results as well.
func sharedWatch(format Format, first *convex.Result) *atomic.Pointer[weak.Pointer[WatchEvent]] {
	return first.Memo(watchKeys[format], func() any { return new(atomic.Pointer[weak.Pointer[WatchEvent]]) }).(*atomic.Pointer[weak.Pointer[WatchEvent]])
}

// sharedWatchEvent returns the response of another stream that has these results; nil if there is none.
func sharedWatchEvent(head watchHead, format Format, results []convexlive.TargetState) *WatchEvent {
	if len(results) == 0 || results[0].Result == nil {
		return nil
	}
	kept := sharedWatch(format, results[0].Result).Load()
	if kept == nil {
		return nil
	}
	if e := kept.Value(); e != nil && e.head == head && slices.Equal(e.results, results) {
		return e
	}
	return nil
}

// share lets other streams with these results send the response.
func (e *WatchEvent) share(format Format, results []convexlive.TargetState) {
	e.results, e.oldest = slices.Clone(results), results[0].Result
	for _, r := range results[1:] {
		if r.Result.Received.Before(e.oldest.Received) {
			e.oldest = r.Result
		}
	}
	sharedWatch(format, results[0].Result).Store(new(weak.Make(e)))
}

// Encoded returns the response as encode makes it. Only the first call with an encoder, which is any comparable key, runs encode.
func (e *WatchEvent) Encoded(encoder any, encode func(*WatchEvent) ([]byte, error)) ([]byte, error) {
	f := e.forms.of(encoder)
	f.once.Do(func() { f.bytes, f.err = encode(e) })
	return f.bytes, f.err
}

// WireSize implements [Sized].
func (e *WatchEvent) WireSize() int { return e.size }

// Change is the newest outcome of a target. Exactly one of Outcome and Removed is set.
type Change struct {
	Target  uint32
	Outcome *Event // of Subscribe, for the same query
	Removed *gatewayv1.TargetRemoved
}

func removedChange(target uint32, err error) Change {
	p := call.ProblemOf(err)
	return Change{Target: target, Removed: &gatewayv1.TargetRemoved{
		Code: int32(p.Code), Reason: p.Reason, Message: call.CutText(p.Message, maxMessage),
	}}
}

// size is about the size in bytes: as JSON, or on the wire.
func (c Change) size(inJSON bool) int {
	switch {
	case c.Outcome == nil:
		return proto.Size(c.Removed)
	case inJSON:
		return c.Outcome.size
	}
	rest, value, _ := c.wireParts() // an error is that of marshal
	return len(rest) + len(value)
}

// changeEncoder is the encoder of gRPC, for all of an event that is in a TargetChange, but a value of the Struct lane.
type changeEncoder struct{}

// wireParts returns the change as protobuf, without its target, in two pieces, which are not to be changed. The second is a
// length and a google.protobuf.Value, or nil.
func (c Change) wireParts() (rest, value []byte, err error) {
	if c.Outcome == nil {
		rest, err = proto.Marshal(&gatewayv1.TargetChange{Outcome: &gatewayv1.TargetChange_Removed{Removed: c.Removed}})
		return rest, nil, err
	}
	rest, err = c.Outcome.Encoded(changeEncoder{}, encodeChange)
	if err != nil || c.Outcome.Value == nil {
		return rest, nil, err
	}
	field, err := c.Outcome.wire.encoded(c.Outcome.Value)
	if err != nil {
		return nil, nil, err
	}
	return rest, field[protowire.SizeTag(subscribeValueField):], nil
}

func encodeChange(e *Event) ([]byte, error) {
	m := &gatewayv1.TargetChange{ResumeToken: e.Message.GetResumeToken(), LogLines: e.Message.GetLogLines()}
	switch event := e.Message.GetEvent().(type) {
	case *gatewayv1.SubscribeResponse_ValueJson:
		m.Outcome = &gatewayv1.TargetChange_ValueJson{ValueJson: event.ValueJson}
	case *gatewayv1.SubscribeResponse_FunctionError:
		m.Outcome = &gatewayv1.TargetChange_FunctionError{FunctionError: event.FunctionError}
	case *gatewayv1.SubscribeResponse_Unchanged:
		m.Outcome = &gatewayv1.TargetChange_Unchanged{Unchanged: event.Unchanged}
	}
	return proto.Marshal(m)
}

// Wire returns the response as protobuf, which is not to be changed.
func (e *WatchEvent) Wire() (mem.BufferSlice, error) {
	e.once.Do(func() { e.wire, e.err = e.marshalOnce() })
	return e.wire, e.err
}

func (e *WatchEvent) marshalOnce() (mem.BufferSlice, error) {
	rest, err := proto.Marshal(e.Message)
	if err != nil {
		return nil, err
	}
	p := pieces{small: rest}
	for _, c := range e.Changes {
		if err := p.add(c); err != nil {
			return nil, err
		}
	}
	p.flush()
	return p.list, nil
}

// pieces are the bytes of a message.
type pieces struct {
	list  mem.BufferSlice
	small []byte // the end, which is not in the list yet
}

// smallPiece is the size up to which a shared piece is copied, in bytes.
const smallPiece = 1 << 10

// add adds a change: its length and target, and what is shared.
func (p *pieces) add(c Change) error {
	rest, value, err := c.wireParts()
	if err != nil {
		return err
	}
	size := protowire.SizeTag(changeTargetField) + protowire.SizeVarint(uint64(c.Target)) + len(rest)
	if value != nil {
		size += protowire.SizeTag(changeValueField) + len(value)
	}
	p.small = protowire.AppendTag(p.small, watchChangesField, protowire.BytesType)
	p.small = protowire.AppendVarint(p.small, uint64(size))
	p.small = protowire.AppendTag(p.small, changeTargetField, protowire.VarintType)
	p.small = protowire.AppendVarint(p.small, uint64(c.Target))
	p.append(rest)
	if value != nil {
		p.small = protowire.AppendTag(p.small, changeValueField, protowire.BytesType)
		p.append(value)
	}
	return nil
}

func (p *pieces) append(piece []byte) {
	if len(piece) <= smallPiece {
		p.small = append(p.small, piece...)
		return
	}
	p.flush()
	p.list = append(p.list, mem.SliceBuffer(piece))
}

func (p *pieces) flush() {
	if len(p.small) > 0 || len(p.list) == 0 {
		p.list = append(p.list, mem.SliceBuffer(p.small))
		p.small = nil
	}
}

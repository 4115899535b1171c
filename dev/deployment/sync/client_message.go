package sync

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/store"
)

// Messages of a sync client: get-convex/convex-backend crates/convex/sync_types/src/types/json.rs. Unknown fields are
// ignored; an unknown type, and a field that is missing or of another type, are errors.

type connectMessage struct {
	sessionID   string // a UUID, canonical
	maxObserved uint64 // 0: none
	clientTs    *int64 // milliseconds since 1970
}

type authenticateMessage struct {
	baseVersion uint32
	credential  credential.Credential
}

type modifyQuerySetMessage struct {
	baseVersion, newVersion uint32
	modifications           []queryModification
}

// queryModification adds a query, or removes the one of that id.
type queryModification struct {
	queryID       uint32
	remove        bool
	path          call.Path
	args          json.RawMessage
	journal       string
	componentPath string
}

// requestMessage is a Mutation or an Action.
type requestMessage struct {
	kind          call.Kind
	requestID     uint32
	path          call.Path
	args          json.RawMessage
	componentPath string
}

type eventMessage struct{}

// decodeClientMessage returns one of the message types above.
func decodeClientMessage(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("invalid unicode")
	}
	f, err := newFieldReader(data)
	if err != nil {
		return nil, err
	}
	var message any
	switch kind := f.text("type"); kind {
	case "Connect":
		message = connectMessage{sessionID: f.uuid("sessionId"), maxObserved: f.timestamp("maxObservedTimestamp"), clientTs: f.optionalInt64("clientTs")}
		f.uint32("connectionCount")
		f.optionalText("lastCloseReason")
	case "Authenticate":
		message = f.authenticate()
	case "ModifyQuerySet":
		message = modifyQuerySetMessage{f.uint32("baseVersion"), f.uint32("newVersion"), f.modifications()}
	case "Mutation":
		message = f.request(call.Mutation)
	case "Action":
		message = f.request(call.Action)
	case "Event":
		f.text("eventType")
		f.required("event")
		message = eventMessage{}
	default:
		return nil, errors.New("unknown message type")
	}
	return message, f.err
}

// fieldReader reads the fields of a JSON object and keeps the first error.
type fieldReader struct {
	fields map[string]json.RawMessage // not a struct, which would accept `Type` for `type`
	err    error
}

func newFieldReader(data []byte) (*fieldReader, error) {
	f := &fieldReader{}
	if err := json.Unmarshal(data, &f.fields); err != nil {
		return nil, errors.New("not a JSON object")
	}
	return f, nil
}

func (f *fieldReader) fail(name, problem string) {
	if f.err == nil {
		f.err = fmt.Errorf("field `%s` %s", name, problem)
	}
}

func (f *fieldReader) authenticate() authenticateMessage {
	m := authenticateMessage{baseVersion: f.uint32("baseVersion")}
	switch f.text("tokenType") {
	case "User":
		m.credential = credential.Credential{Kind: credential.UserToken, Secret: f.text("value")}
	case "Admin":
		m.credential = credential.Credential{Kind: credential.AdminSecret, Secret: f.text("value"), ActingAs: f.actingAs()}
	case "None":
	default:
		f.fail("tokenType", "is unknown")
	}
	return m
}

// actingAs reads the user that an admin acts as. `actingAs` is not one of its names, though some clients send it.
func (f *fieldReader) actingAs() *call.Identity {
	value, snake := f.fields["acting_as"]
	if impersonating, ok := f.fields["impersonating"]; ok {
		if value = impersonating; snake {
			f.fail("acting_as", "is given twice")
		}
	}
	if value == nil || string(value) == "null" {
		return nil
	}
	user, err := credential.ParseActingUser(value)
	if err != nil {
		f.fail("impersonating", "is no user: "+err.Error())
	}
	return user
}

func (f *fieldReader) modifications() []queryModification {
	var list []json.RawMessage
	if json.Unmarshal(f.required("modifications"), &list) != nil {
		f.fail("modifications", "is not an array")
	}
	modifications := make([]queryModification, 0, len(list))
	for _, text := range list {
		m, err := decodeModification(text)
		if err != nil && f.err == nil {
			f.err = err
		}
		modifications = append(modifications, m)
	}
	return modifications
}

func decodeModification(text []byte) (queryModification, error) {
	f, err := newFieldReader(text)
	if err != nil {
		return queryModification{}, err
	}
	m := queryModification{queryID: f.uint32("queryId")}
	switch f.text("type") {
	case "Add":
		m.path, m.args = f.path("udfPath"), f.fields["args"]
		m.journal, m.componentPath = f.optionalText("journal"), f.optionalText("componentPath")
	case "Remove":
		m.remove = true
	default:
		f.fail("type", "is unknown")
	}
	return m, f.err
}

func (f *fieldReader) request(kind call.Kind) requestMessage {
	m := requestMessage{kind: kind, requestID: f.uint32("requestId"), path: f.path("udfPath"), args: f.required("args")}
	if string(m.args) == "null" {
		f.fail("args", "is missing")
	}
	m.componentPath = f.optionalText("componentPath")
	return m
}

func (f *fieldReader) required(name string) json.RawMessage {
	value, ok := f.fields[name]
	if !ok {
		f.fail(name, "is missing")
	}
	return value
}

func (f *fieldReader) text(name string) string {
	var text *string
	if json.Unmarshal(f.required(name), &text) != nil || text == nil {
		f.fail(name, "is not a string")
		return ""
	}
	return *text
}

func (f *fieldReader) optionalText(name string) string {
	if value, ok := f.fields[name]; !ok || string(value) == "null" {
		return ""
	}
	return f.text(name)
}

func (f *fieldReader) uint32(name string) (n uint32) {
	value := f.required(name)
	if json.Unmarshal(value, &n) != nil || string(value) == "null" {
		f.fail(name, "is not an unsigned 32-bit integer")
	}
	return n
}

func (f *fieldReader) optionalInt64(name string) (n *int64) {
	if value, ok := f.fields[name]; ok && json.Unmarshal(value, &n) != nil {
		f.fail(name, "is not an integer")
	}
	return n
}

func (f *fieldReader) path(name string) call.Path {
	path, err := call.ParsePath(f.text(name))
	if err != nil {
		f.fail(name, "is no function path: "+err.Error())
	}
	return path
}

func (f *fieldReader) uuid(name string) string {
	text := f.text(name)
	uuid, ok := store.ParseUUID(text)
	if !ok {
		f.fail(name, "is not a UUID")
	}
	return uuid
}

func (f *fieldReader) timestamp(name string) uint64 {
	text := f.optionalText(name)
	if text == "" {
		return 0
	}
	ts, err := call.ParseTimestamp(text)
	if err != nil {
		f.fail(name, "is not a timestamp")
	}
	return ts
}

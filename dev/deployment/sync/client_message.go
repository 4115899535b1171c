package sync

import (
	"encoding/json"
	"errors"
	"fmt"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/serde"
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
	parsed, err := serde.Parse(data)
	if err != nil {
		return nil, err
	}
	kind, f, err := tagged(parsed, "ClientMessageJson", "type", "Connect", "ModifyQuerySet", "Mutation", "Action", "Authenticate", "Event")
	if err != nil {
		return nil, err
	}
	var message any
	switch kind {
	case "Connect":
		message = f.connect()
	case "Authenticate":
		message, err = decodeAuthenticate(parsed, f)
		if err != nil {
			return nil, err
		}
	case "ModifyQuerySet":
		message = f.modifyQuerySet()
	case "Mutation":
		message = f.request(call.Mutation)
	case "Action":
		message = f.request(call.Action)
	default:
		var eventType string
		f.text("eventType", &eventType)
		f.any("event")
		message = eventMessage{}
	}
	return message, f.err
}

func (f *fields) connect() (m connectMessage) {
	var session string
	var count uint32
	f.text("sessionId", &session)
	f.uint32("connectionCount", &count)
	f.optionalText("lastCloseReason")
	maxObserved := f.optionalText("maxObservedTimestamp")
	f.optionalInt64("clientTs", &m.clientTs)
	if f.err != nil {
		return m
	}
	if m.sessionID, f.err = store.ReadUUID(session); f.err == nil && maxObserved != "" {
		m.maxObserved, f.err = call.ReadTimestamp(maxObserved)
	}
	return m
}

func decodeAuthenticate(parsed any, f *fields) (m authenticateMessage, err error) {
	f.uint32("baseVersion", &m.baseVersion)
	if f.err != nil {
		return m, f.err
	}
	kind, _, err := tagged(parsed, "AuthenticationTokenJson", "tokenType", "Admin", "User", "None")
	if err != nil {
		return m, err
	}
	switch kind {
	case "User":
		m.credential.Kind = credential.UserToken
		f.text("value", &m.credential.Secret)
	case "Admin":
		m.credential.Kind = credential.AdminSecret
		f.text("value", &m.credential.Secret)
		m.credential.ActingAs = f.actingAs()
	}
	return m, f.err
}

// actingAs reads the user that an admin acts as. `actingAs` is not one of its names, though some clients send it.
func (f *fields) actingAs() *call.Identity {
	value, snake := f.object.Values["acting_as"]
	if impersonating, ok := f.object.Values["impersonating"]; ok {
		if value = impersonating; snake {
			f.fail("duplicate field `impersonating`")
		}
	}
	if value == nil || f.err != nil {
		return nil
	}
	user, err := credential.ParseActingUser(serde.Write(value))
	if err != nil {
		f.fail(err.Error())
	}
	return user
}

func (f *fields) modifyQuerySet() (m modifyQuerySetMessage) {
	f.uint32("baseVersion", &m.baseVersion)
	f.uint32("newVersion", &m.newVersion)
	list, given := f.object.Values["modifications"].([]any)
	switch {
	case f.err != nil:
		return m
	case !given && f.object.Values["modifications"] != nil:
		f.fail(fmt.Sprintf("invalid type: %s, expected a sequence", serde.Unexpected(f.object.Values["modifications"])))
	case !given:
		f.fail("ModifyQuerySet lacks modifications")
	}
	m.modifications = make([]queryModification, len(list))
	for i, parsed := range list {
		if m.modifications[i], f.err = decodeModification(parsed); f.err != nil {
			return m
		}
	}
	return m
}

func decodeModification(parsed any) (m queryModification, err error) {
	kind, f, err := tagged(parsed, "QuerySetModificationJson", "type", "Add", "Remove")
	if err != nil {
		return m, err
	}
	f.uint32("queryId", &m.queryID)
	if m.remove = kind == "Remove"; m.remove {
		return m, f.err
	}
	m.path, m.args = f.path(), f.raw("args")
	m.journal, m.componentPath = f.optionalText("journal"), f.optionalText("componentPath")
	return m, f.err
}

func (f *fields) request(kind call.Kind) (m requestMessage) {
	m.kind = kind
	f.uint32("requestId", &m.requestID)
	m.path, m.args = f.path(), f.raw("args")
	m.componentPath = f.optionalText("componentPath")
	if m.args == nil {
		f.fail(kind.String() + " lacks args")
	}
	return m
}

// path reads the function's path.
func (f *fields) path() call.Path {
	var text string
	f.text("udfPath", &text)
	if f.err != nil {
		return call.Path{}
	}
	path, err := call.ParsePath(text)
	if err != nil {
		f.err = err
	}
	return path
}

// fields reads the fields of an object and keeps the first error.
type fields struct {
	object serde.Object
	err    error
}

// tagged reads an object as one of several variants; the field tag names which.
func tagged(parsed any, name, tag string, variants ...string) (variant string, f *fields, err error) {
	object, ok := parsed.(serde.Object)
	if !ok {
		return "", nil, fmt.Errorf("invalid type: %s, expected struct %s", serde.Unexpected(parsed), name)
	}
	f = &fields{object: object}
	f.text(tag, &variant)
	if f.err != nil {
		return "", nil, f.err
	}
	return variant, f, serde.CheckVariant(variant, variants)
}

func (f *fields) fail(problem string) {
	if f.err == nil {
		f.err = errors.New(problem)
	}
}

// any requires a field.
func (f *fields) any(name string) any {
	value, ok := f.object.Values[name]
	if !ok {
		f.fail("missing field `" + name + "`")
	}
	return value
}

func (f *fields) text(name string, into *string) {
	value := f.any(name)
	text, ok := value.(string)
	if !ok {
		f.wrongType(value, "a string")
	}
	*into = text
}

func (f *fields) wrongType(value any, expected string) {
	f.fail("invalid type: " + serde.Unexpected(value) + ", expected " + expected)
}

func (f *fields) optionalText(name string) (text string) {
	if f.object.Values[name] != nil {
		f.text(name, &text)
	}
	return text
}

func (f *fields) uint32(name string, into *uint32) {
	value := f.any(name)
	if f.err != nil {
		return
	}
	n, err := serde.Integer(value, 0, 1<<32-1, "u32")
	if err != nil {
		f.fail(err.Error())
	}
	*into = uint32(n)
}

func (f *fields) optionalInt64(name string, into **int64) {
	value := f.object.Values[name]
	if value == nil || f.err != nil {
		return
	}
	n, err := serde.Integer(value, -1<<63, 1<<63-1, "i64")
	if err != nil {
		f.fail(err.Error())
	}
	*into = &n
}

// raw is a field as JSON; nil if it is absent or null.
func (f *fields) raw(name string) json.RawMessage {
	value, ok := f.object.Values[name]
	if !ok || value == nil {
		return nil
	}
	return serde.Write(value)
}

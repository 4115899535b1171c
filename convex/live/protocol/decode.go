package protocol

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
)

// readKinds are the types of messages that are not ignored.
var readKinds = []string{"Transition", "MutationResponse", "ActionResponse", "AuthError", "FatalError", "Ping"}

// serverFields are all fields of all messages that are read. Fields may come in any order.
type serverFields struct {
	kind            string
	start, end      *Version
	sent            Timestamp
	modifications   []Modification
	failure         string
	baseVersion     *uint32
	updateAttempted bool
	response        responseFields
}

// responseFields are those of MutationResponse and ActionResponse.
type responseFields struct {
	id        *uint32
	action    bool
	success   bool
	result    []byte // JSON of the value or, without success, of the error's text; a part of the message
	errorData []byte // JSON, a part of the message; nil unless the error has data
	ts        Timestamp
	logLines  []string
}

// Decode reads one message. Results are copied out of text, which may be reused.
func Decode(text []byte) (ServerMessage, error) {
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
		return &Transition{Start: *f.start, End: *f.end, Modifications: f.modifications, Sent: f.sent}, nil
	case "MutationResponse", "ActionResponse":
		f.response.action = f.kind == "ActionResponse"
		return f.response.decode()
	case "AuthError":
		return &AuthError{Message: f.failure, BaseVersion: f.baseVersion, UpdateAttempted: f.updateAttempted}, nil
	case "FatalError":
		return &FatalError{}, nil
	case "Ping":
		return Ping{}, nil
	case "":
		return nil, errors.New("message without type")
	default:
		return UnknownMessage{f.kind}, nil
	}
}

// read reads a field. Those of unknown types may have any shape; deployments write the type first.
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
	case "serverTs":
		f.sent, err = s.serverTime()
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
func (f responseFields) decode() (ServerMessage, error) {
	if f.id == nil || f.result == nil {
		return nil, errors.New("response without requestId or result")
	}
	if f.success {
		result := &convex.Result{Value: bytes.Clone(f.result), LogLines: f.logLines, Timestamp: uint64(f.ts)}
		return &Response{ID: *f.id, Action: f.action, Result: result}, nil
	}
	s := newReader(f.result)
	text, err := s.string()
	if err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	failed := &convex.FunctionError{Message: text, Data: bytes.Clone(f.errorData), LogLines: f.logLines}
	return &Response{ID: *f.id, Action: f.action, Result: &convex.Result{Err: failed}}, nil
}

// reader reads the parts of a message.
type reader struct{ jsonscan.Scanner }

func newReader(text []byte) reader { return reader{jsonscan.NewScanner(text)} }

// optionalTimestamp reads null as 0.
func (s *reader) optionalTimestamp() (ts Timestamp, err error) {
	if s.Peek() == 'n' {
		return 0, s.Literal("null")
	}
	text, err := s.Text()
	if err == nil {
		err = ts.UnmarshalText(text)
	}
	return ts, err
}

// serverTime reads a time that is a number, of ns since 1970. Any other value is an unknown time.
func (s *reader) serverTime() (Timestamp, error) {
	raw, err := s.Raw()
	ns, parseErr := strconv.ParseUint(string(raw), 10, 64)
	if parseErr != nil {
		return 0, err
	}
	return Timestamp(ns), err
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

func (s *reader) version() (*Version, error) {
	var v Version
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
func (s *reader) resultModification() (m Modification, err error) {
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
			m.ID, err = s.uint32()
		case "value":
			value, err = s.Raw()
		case "errorMessage":
			message, err = s.string()
		case "errorData":
			data, err = s.Raw()
		case "logLines":
			logLines, err = s.Strings()
		case "journal":
			m.Journal, err = s.optionalString()
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
		m.Result = &convex.Result{Value: bytes.Clone(value), LogLines: logLines}
	case kind == "QueryFailed":
		m.Result = &convex.Result{Err: &convex.FunctionError{Message: message, Data: bytes.Clone(data), LogLines: logLines}}
	case kind != "QueryRemoved":
		err = fmt.Errorf("modification of kind %q", kind)
	}
	return m, err
}

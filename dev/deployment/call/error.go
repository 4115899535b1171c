package call

import (
	"errors"
	"net/http"

	"github.com/coder/websocket"
)

// Error is an error of the deployment itself, in contrast to a function's failure: over HTTP a status and
// {"code","message"}, on a socket its end. Classes: get-convex/convex-backend crates/errors/src/lib.rs.
type Error struct {
	Class   Class
	Code    string
	Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Class is the kind of an error: it determines how a request and a socket end.
type Class int

const (
	BadRequest Class = iota
	Conflict
	Unauthenticated
	AuthUpdateFailed // a token refused while a socket handled Authenticate
	Forbidden
	PaginationLimit
	NotFound
	ClientDisconnect
	RateLimited
	Overloaded
	RejectedBeforeExecution
	FeatureUnavailable
	OCC // too many conflicts with other transactions
	OutOfRetention
	Misdirected
	TooEarly
	Operational
	InternalError
)

// classes are the HTTP status of each class, and how a socket ends: its last message and its close frame. Code 0 is a close
// frame without a code.
var classes = [...]struct {
	status    int
	last      string
	closeCode websocket.StatusCode
}{
	BadRequest:              {http.StatusBadRequest, "FatalError", 0},
	Conflict:                {http.StatusConflict, "FatalError", 0},
	Unauthenticated:         {http.StatusUnauthorized, "AuthError", 0},
	AuthUpdateFailed:        {http.StatusUnauthorized, "AuthError", 0},
	Forbidden:               {http.StatusForbidden, "FatalError", websocket.StatusNormalClosure},
	PaginationLimit:         {http.StatusBadRequest, "FatalError", websocket.StatusNormalClosure},
	NotFound:                {http.StatusNotFound, "", websocket.StatusNormalClosure},
	ClientDisconnect:        {http.StatusRequestTimeout, "", websocket.StatusNormalClosure},
	RateLimited:             {http.StatusTooManyRequests, "", websocket.StatusTryAgainLater},
	Overloaded:              {http.StatusServiceUnavailable, "", websocket.StatusTryAgainLater},
	RejectedBeforeExecution: {http.StatusServiceUnavailable, "", websocket.StatusTryAgainLater},
	FeatureUnavailable:      {http.StatusServiceUnavailable, "", websocket.StatusTryAgainLater},
	OCC:                     {http.StatusServiceUnavailable, "", websocket.StatusTryAgainLater},
	OutOfRetention:          {http.StatusServiceUnavailable, "", websocket.StatusTryAgainLater},
	Misdirected:             {http.StatusMisdirectedRequest, "", websocket.StatusTryAgainLater},
	TooEarly:                {http.StatusTooEarly, "", websocket.StatusTryAgainLater},
	Operational:             {http.StatusInternalServerError, "", websocket.StatusInternalError},
	InternalError:           {http.StatusInternalServerError, "", websocket.StatusInternalError},
}

// status is the HTTP status of the class.
func (c Class) status() int { return classes[c].status }

// LastMessage is the type of the last message on a socket that such an error ends; "": there is none.
func (c Class) LastMessage() string { return classes[c].last }

// CloseCode is the code of the close frame after it. 0 is a frame without a code, and then without a reason.
func (c Class) CloseCode() websocket.StatusCode { return classes[c].closeCode }

// NewError makes an error of any class.
func NewError(class Class, code, message string) *Error {
	return &Error{class, code, message}
}

// NewBadRequest makes an error of class BadRequest.
func NewBadRequest(code, message string) *Error {
	return &Error{BadRequest, code, message}
}

// NewUnauthenticated makes an error of class Unauthenticated.
func NewUnauthenticated(code, message string) *Error {
	return &Error{Unauthenticated, code, message}
}

// ErrInternal is the error of all causes that clients must not learn of.
var ErrInternal = &Error{
	InternalError, "InternalServerError", "Your request couldn't be completed. Try again later.",
}

// ErrOutOfRetention is the error for a snapshot that is not kept any more.
var ErrOutOfRetention = NewError(OutOfRetention, ErrInternal.Code, ErrInternal.Message)

// AsError returns the Error in err, or else ErrInternal.
func AsError(err error) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	return ErrInternal
}

// WriteError answers a request with an error.
func WriteError(w http.ResponseWriter, err error) {
	e := AsError(err)
	body, _ := Marshal(struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}{e.Code, e.Message})
	WriteJSON(w, e.Class.status(), body)
}

// WriteJSON answers a request with a JSON text.
func WriteJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

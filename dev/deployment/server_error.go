package deployment

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/coder/websocket"
)

// serverError is an error of the deployment itself, in contrast to a function's failure: over HTTP a status and
// {"code","message"}, on a socket its end. Classes: get-convex/convex-backend crates/errors/src/lib.rs.
type serverError struct {
	class   errorClass
	code    string
	message string
}

func (e *serverError) Error() string { return e.code + ": " + e.message }

type errorClass int

const (
	badRequest errorClass = iota
	conflict
	unauthenticated
	authUpdateFailed // a token refused while a socket handled Authenticate
	forbidden
	paginationLimit
	notFound
	clientDisconnect
	rateLimited
	overloaded
	rejectedBeforeExecution
	featureUnavailable // for now
	occ                // a transaction lost to others too often
	outOfRetention
	misdirected
	tooEarly
	operational
	internalError
)

// classes says how each class ends a request, and a socket: with which last message, and with which close frame. Code 0 is
// a close frame without a code.
var classes = [...]struct {
	status    int
	last      string
	closeCode websocket.StatusCode
}{
	badRequest:              {http.StatusBadRequest, "FatalError", 0},
	conflict:                {http.StatusConflict, "FatalError", 0},
	unauthenticated:         {http.StatusUnauthorized, "AuthError", 0},
	authUpdateFailed:        {http.StatusUnauthorized, "AuthError", 0},
	forbidden:               {http.StatusForbidden, "FatalError", websocket.StatusNormalClosure},
	paginationLimit:         {http.StatusBadRequest, "FatalError", websocket.StatusNormalClosure},
	notFound:                {http.StatusNotFound, "", websocket.StatusNormalClosure},
	clientDisconnect:        {http.StatusRequestTimeout, "", websocket.StatusNormalClosure},
	rateLimited:             {http.StatusTooManyRequests, "", websocket.StatusTryAgainLater},
	overloaded:              {http.StatusServiceUnavailable, "", websocket.StatusTryAgainLater},
	rejectedBeforeExecution: {http.StatusServiceUnavailable, "", websocket.StatusTryAgainLater},
	featureUnavailable:      {http.StatusServiceUnavailable, "", websocket.StatusTryAgainLater},
	occ:                     {http.StatusServiceUnavailable, "", websocket.StatusTryAgainLater},
	outOfRetention:          {http.StatusServiceUnavailable, "", websocket.StatusTryAgainLater},
	misdirected:             {http.StatusMisdirectedRequest, "", websocket.StatusTryAgainLater},
	tooEarly:                {http.StatusTooEarly, "", websocket.StatusTryAgainLater},
	operational:             {http.StatusInternalServerError, "", websocket.StatusInternalError},
	internalError:           {http.StatusInternalServerError, "", websocket.StatusInternalError},
}

func errBadRequest(code, message string) *serverError {
	return &serverError{badRequest, code, message}
}

func errUnauthenticated(code, message string) *serverError {
	return &serverError{unauthenticated, code, message}
}

// errInternal hides everything about the cause.
var errInternal = &serverError{
	internalError, "InternalServerError", "Your request couldn't be completed. Try again later.",
}

// errOutOfRetention: a snapshot that is not kept any more.
var errOutOfRetention = &serverError{outOfRetention, errInternal.code, errInternal.message}

// asServerError classifies any error; an unknown one is internal.
func asServerError(err error) *serverError {
	if known, ok := errors.AsType[*serverError](err); ok {
		return known
	}
	return errInternal
}

// writeError answers a request with an error.
func writeError(w http.ResponseWriter, err error) {
	e := asServerError(err)
	body, _ := json.Marshal(map[string]string{"code": e.code, "message": e.message})
	writeJSON(w, classes[e.class].status, body)
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

package call

import (
	"errors"
	"fmt"
	"net/http"

	"google.golang.org/grpc/codes"
)

// RequestError is a request that is not allowed, or cannot be read.
type RequestError struct {
	Code   codes.Code
	Reason string // UPPER_SNAKE, a part of the contract
	Text   string
}

func (e *RequestError) Error() string { return e.Text }

// ErrNoRoute is the error of a path that REST does not serve.
var ErrNoRoute error = &RequestError{Code: codes.NotFound, Reason: "ROUTE_NOT_FOUND", Text: "there is no such route"}

// ErrMethodNotAllowed is the error of a route or procedure without the request's method.
var ErrMethodNotAllowed error = &RequestError{Code: codes.Unimplemented, Reason: "METHOD_NOT_ALLOWED", Text: "the route has no such method"}

// InvalidField returns the error of a field with a value that is not allowed; why completes a sentence about it.
func InvalidField(field, why string) error {
	return &RequestError{Code: codes.InvalidArgument, Reason: "INVALID_VALUE", Text: field + ": " + why}
}

// InvalidRequest returns the error of a request that cannot be read.
func InvalidRequest(text string) error {
	return &RequestError{Code: codes.InvalidArgument, Reason: "INVALID_REQUEST", Text: plainSpaces(text)}
}

// RequestTooLarge returns the error of a request over the limit, in bytes.
func RequestTooLarge(limit int) error {
	return TooLarge(fmt.Sprintf("the request is larger than %d bytes", limit))
}

// TooLarge returns the error of a request over another limit, which the text states.
func TooLarge(text string) error {
	return &RequestError{Code: codes.InvalidArgument, Reason: "REQUEST_TOO_LARGE", Text: text}
}

// RequestTimeout returns the error of a request that has not come in time, which the text states.
func RequestTimeout(text string) error {
	return &RequestError{Code: codes.DeadlineExceeded, Reason: "REQUEST_TIMEOUT", Text: text}
}

// InvalidBody returns the error of a body that could not be read, or not parsed.
func InvalidBody(err error) error {
	if known, ok := errors.AsType[*RequestError](err); ok {
		return known
	}
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return RequestTooLarge(int(large.Limit))
	}
	return InvalidRequest(err.Error())
}

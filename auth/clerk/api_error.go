package clerk

import (
	"fmt"
	"net/http"
	"time"

	"convexgateway/auth"
)

// APIError is a failed request to Clerk's Backend API from which nothing follows about the
// session or its user.
type APIError struct {
	// Status is the HTTP status of the answer; 0 if there was none.
	Status int
	// KeyRefused: the secret key is not accepted. The configuration has to be repaired.
	KeyRefused bool

	code       string // the first of Clerk's error codes
	cause      error  // with nothing from an answer's body
	retryAfter time.Duration
}

// RetryAfter is how long to wait before any other request; 0 if no answer named a time.
func (e *APIError) RetryAfter() time.Duration { return e.retryAfter }

func (e *APIError) Error() string {
	s := "Clerk Backend API"
	switch {
	case e.KeyRefused:
		s += ": the secret key is refused"
	case e.Status != 0:
		s += fmt.Sprintf(": HTTP status %d", e.Status)
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap makes it an *auth.Error with [auth.ReasonAuthBackendUnavailable]; a context's error is found as well.
func (e *APIError) Unwrap() []error {
	all := []error{auth.NewError(auth.ReasonAuthBackendUnavailable, nil)}
	if e.cause != nil {
		all = append(all, e.cause)
	}
	return all
}

// aboutSession reports whether the answer may mean that the session is over.
func (e *APIError) aboutSession() bool {
	return e.Status/100 == 4 && e.Status != http.StatusTooManyRequests && !e.KeyRefused
}

// unknownSession requires Clerk's own code: a proxy or a wrong URL answers 404, too.
func (e *APIError) unknownSession() bool {
	return e.Status == http.StatusNotFound && e.code == "resource_not_found"
}

package clerk

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	clerksdk "github.com/clerk/clerk-sdk-go/v2"
)

// attempt is what the transport records of a request's answer. The SDK does not return the status of an answer that
// is not Clerk's JSON.
type attempt struct {
	status     int
	retryAfter string
}

type attemptKey struct{}

// failure classifies an error of the SDK. Its text is left out where it is the body of an answer.
func (x *attempt) failure(err error) *APIError {
	failed := &APIError{Status: x.status, retryAfter: retryAfter(x.retryAfter)}
	if answer, ok := errors.AsType[*clerksdk.APIErrorResponse](err); ok {
		if len(answer.Errors) > 0 {
			failed.code = answer.Errors[0].Code
		}
		failed.KeyRefused = x.status == http.StatusUnauthorized && failed.code == "clerk_key_invalid"
		return failed
	}
	switch sent, ok := errors.AsType[*url.Error](err); {
	case ok:
		failed.cause = sent.Err
	case x.status/100 == 2:
		failed.cause = errors.New("an answer that cannot be read")
	}
	return failed
}

// retryAfter reads whole seconds, the form that Clerk sends, up to maxHold.
func retryAfter(header string) time.Duration {
	seconds, err := strconv.Atoi(header)
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, int(maxHold/time.Second))) * time.Second
}

// boundedClient is the given client, or a new one, that follows no redirect and bounds answers.
func boundedClient(given *http.Client) *http.Client {
	client := http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	if given != nil {
		client = *given
		if client.Transport == nil {
			client.Transport = http.DefaultTransport
		}
	}
	if client.Timeout == 0 {
		client.Timeout = callTimeout
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return errors.New("redirected, which is not followed") }
	client.Transport = boundedTransport{client.Transport}
	return &client
}

// boundedTransport limits the size of answers and records their status in the request's attempt.
type boundedTransport struct{ next http.RoundTripper }

func (t boundedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if x, ok := r.Context().Value(attemptKey{}).(*attempt); ok {
		x.status, x.retryAfter = res.StatusCode, res.Header.Get("Retry-After")
	}
	res.Body = http.MaxBytesReader(nil, res.Body, maxAnswerBytes)
	return res, nil
}

// CloseIdleConnections is called by http.Client.CloseIdleConnections.
func (t boundedTransport) CloseIdleConnections() {
	if closer, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

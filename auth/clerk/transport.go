package clerk

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	clerksdk "github.com/clerk/clerk-sdk-go/v2"
)

// attempt is what the transport saw of a request. The SDK does not tell the status of an answer that
// is not Clerk's JSON.
type attempt struct {
	status     int
	retryAfter string
}

type attemptKey struct{}

// failure classifies what the SDK returned. Its text is left out where it is the body of an answer.
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

// retryAfter reads whole seconds, which is what Clerk sends, up to maxHold.
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

// boundedTransport limits answers and notes their status in the request's attempt.
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

// CloseIdleConnections is what http.Client.CloseIdleConnections looks for.
func (t boundedTransport) CloseIdleConnections() {
	if closer, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

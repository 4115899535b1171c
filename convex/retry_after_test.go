package convex

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"time"
)

func TestParseRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "0": 0, "1": time.Second, " 7 ": 7 * time.Second, "120": 2 * time.Minute, "99999999": longestRetryAfter,
		"99999999999999999999999": longestRetryAfter, "-1": 0, "-99999999999999999999999": 0, "1.5": 0, "soon": 0,
		"Fri, 02 Jan 2026 03:04:15 GMT": 10 * time.Second, "Fri, 02 Jan 2026 03:04:00 GMT": 0, "Fri, 02 Jan 2099 03:04:00 GMT": longestRetryAfter,
	} {
		if got := parseRetryAfter(text, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// A delay of more than a second is handed on at once; a shorter one is waited for, and the call sent again where that is safe.
func TestRetryAfter(t *testing.T) {
	const coded = `{"code":"TooManyWrites"}`
	for name, test := range map[string]struct {
		status     int
		body       string
		retryAfter string
		kind       Kind
		tries      int
		took       time.Duration // 0: any; -1: none
		handedOn   time.Duration
	}{
		"long, query":              {429, coded, "7", Query, 1, -1, 7 * time.Second},
		"long, mutation":           {429, coded, "7", Mutation, 1, -1, 7 * time.Second},
		"long, action":             {429, coded, "7", Action, 1, -1, 7 * time.Second},
		"long, of a proxy":         {429, "slow down", "30", Query, 1, -1, 30 * time.Second},
		"long, overloaded":         {503, `{"code":"ExpiredInQueue"}`, "2", Mutation, 1, -1, 2 * time.Second},
		"short, query":             {429, coded, "1", Query, 3, 2 * time.Second, time.Second},
		"short, mutation":          {429, coded, "1", Mutation, 3, 2 * time.Second, time.Second},
		"none, mutation":           {429, coded, "", Mutation, 3, 0, 0},
		"unreadable":               {429, coded, "soon", Action, 3, 0, 0},
		"short, a proxy's, query":  {429, "", "1", Query, 3, 2 * time.Second, time.Second},
		"short, a proxy's":         {429, "", "1", Mutation, 1, -1, time.Second},
		"a proxy's, of an action":  {429, "<html>", "", Action, 1, -1, 0},
		"a proxy's, in JSON":       {429, `{"code":429,"message":"x"}`, "", Mutation, 1, -1, 0},
		"a proxy's text as a code": {429, `{"code":"too many requests"}`, "", Mutation, 1, -1, 0},
	} {
		bubble(t, name, func(t *testing.T) {
			api := &fakeAPI{answer: func(w http.ResponseWriter, _ *http.Request) {
				if test.retryAfter != "" {
					w.Header().Set("Retry-After", test.retryAfter)
				}
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			}}
			began := time.Now()
			_, err := newTestHTTPClient(t, serve(t, api), HTTPOptions{}).Call(t.Context(), testCall(t, test.kind))
			var e *DeploymentError
			if !errors.As(err, &e) || len(api.requests()) != test.tries || e.RetryAfter != test.handedOn {
				t.Fatalf("%v with %v after %d tries, want %v after %d", err, e.RetryAfter, len(api.requests()), test.handedOn, test.tries)
			}
			if took := time.Since(began); test.took != 0 && took != max(0, test.took) {
				t.Errorf("took %v, want %v", took, test.took)
			}
		})
	}
}

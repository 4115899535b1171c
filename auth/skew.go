package auth

import (
	"net/http"
	"sync/atomic"
	"time"
)

// ClockAhead is how far a clock that says now is ahead of that of the server which gave an answer. Servers tell whole seconds
// (Date), and what lies between may have kept the answer for a while (Age).
func ClockAhead(answer http.Header, now time.Time) (time.Duration, error) {
	date, err := http.ParseTime(answer.Get("Date"))
	if err != nil {
		return 0, err
	}
	age, _ := time.ParseDuration(answer.Get("Age") + "s") // none: 0
	return now.Sub(date.Add(age + time.Second/2)), nil
}

// skewWatch compares the clock with that of each server that answers. Safe for concurrent use.
type skewWatch struct {
	http.RoundTripper
	now  func() time.Time
	last atomic.Pointer[time.Duration] // nil: nobody has told the time
}

// watchSkew puts one into a client.
func watchSkew(client *http.Client, now func() time.Time) *skewWatch {
	w := &skewWatch{RoundTripper: client.Transport, now: now}
	if w.RoundTripper == nil {
		w.RoundTripper = http.DefaultTransport
	}
	client.Transport = w
	return w
}

// RoundTrip implements [http.RoundTripper].
func (w *skewWatch) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := w.now()
	resp, err := w.RoundTripper.RoundTrip(r)
	if err == nil {
		halfway := sent.Add(w.now().Sub(sent) / 2)
		if ahead, err := ClockAhead(resp.Header, halfway); err == nil {
			w.last.Store(&ahead)
		}
	}
	return resp, err
}

// ClockSkew is how far this clock is ahead of the issuers', by the answer to the last fetch of keys; tokens are taken if it is
// not behind by more than 5 s. It is not known before the first answer, and if no keys are fetched.
func (v *ClerkVerifier) ClockSkew() (ahead time.Duration, known bool) {
	if last := v.skew.last.Load(); last != nil {
		return *last, true
	}
	return 0, false
}

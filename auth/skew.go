package auth

import (
	"net/http"
	"sync/atomic"
	"time"
)

// ClockAhead returns how far a clock at now is ahead of that of the server that answered. Servers send whole seconds (Date),
// and a proxy may have cached the answer for a while (Age).
func ClockAhead(answer http.Header, now time.Time) (time.Duration, error) {
	date, err := http.ParseTime(answer.Get("Date"))
	if err != nil {
		return 0, err
	}
	age, _ := time.ParseDuration(answer.Get("Age") + "s") // none: 0
	return now.Sub(date.Add(age + time.Second/2)), nil
}

// skewMeter is a transport that compares the clock with that of each server that answers. Safe for concurrent use.
type skewMeter struct {
	http.RoundTripper
	now  func() time.Time
	last atomic.Pointer[time.Duration] // nil: no answer had a time
}

// measureSkew puts a skewMeter into a client.
func measureSkew(client *http.Client, now func() time.Time) *skewMeter {
	w := &skewMeter{RoundTripper: client.Transport, now: now}
	if w.RoundTripper == nil {
		w.RoundTripper = http.DefaultTransport
	}
	client.Transport = w
	return w
}

// RoundTrip implements [http.RoundTripper].
func (w *skewMeter) RoundTrip(r *http.Request) (*http.Response, error) {
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

// ClockSkew returns how far this clock is ahead of the issuers', by the answer to the last fetch of keys; tokens are accepted
// if it is behind by 5 s at most. It is unknown before the first answer, and if no keys are fetched.
func (v *ClerkVerifier) ClockSkew() (ahead time.Duration, known bool) {
	if last := v.skew.last.Load(); last != nil {
		return *last, true
	}
	return 0, false
}

package auth

import (
	"net/http"
	"testing"
	"time"

	"convexgateway/internal/jwktest"
)

// The answers with an issuer's keys show how the clocks differ.
func TestClockSkew(t *testing.T) {
	is := newOfflineIssuer(keyA())
	v := newVerifier(t, is, func(c *Config) { c.HTTPClient = is.client() })
	answer := is.answer
	answerAt := func(date time.Time, age string) {
		is.respond(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", date.UTC().Format(http.TimeFormat))
			w.Header().Set("Age", age)
			answer(w, r)
		})
		if err := refetch(v); err != nil {
			t.Fatal(err)
		}
	}
	if _, known := v.ClockSkew(); known {
		t.Error("known before any answer")
	}
	now := is.clock.Now()
	for _, c := range []struct {
		date time.Time
		age  string
		want time.Duration
	}{
		{now, "", 0}, {now.Add(-10 * time.Second), "", 10 * time.Second}, {now.Add(10 * time.Second), "", -10 * time.Second},
		{now.Add(-time.Minute), "60", 0}, // kept for a minute on the way
	} {
		answerAt(c.date, c.age)
		ahead, known := v.ClockSkew()
		if off := ahead - c.want; !known || off.Abs() > time.Second/2 {
			t.Errorf("%v ahead, want %v", ahead, c.want)
		}
	}
	is.publish(jwktest.Of(is.keyID, is.key)) // without a time, so the last skew stays
	if err := refetch(v); err != nil {
		t.Fatal(err)
	}
	if _, known := v.ClockSkew(); !known {
		t.Error("the last skew is gone")
	}
}

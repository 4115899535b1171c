package nats

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"convexgateway/internal/natstest"
)

// untilKeysDiffer waits until a replica has logged a number of differences.
func (r *replica) untilKeysDiffer(times int) {
	r.t.Helper()
	limit := time.NewTimer(deadline)
	defer limit.Stop()
	for {
		log, changed := r.logs.read()
		if differences(log) >= times {
			return
		}
		select {
		case <-changed:
		case <-limit.C:
			r.t.Fatalf("fewer than %d differences in the log:\n%s", times, log)
		}
	}
}

func differences(log string) int {
	return strings.Count(log, `level=WARN msg="another replica has different keys`)
}

// Replicas with different keys log it once each, however often they send their fingerprints, and those with equal keys do not.
func TestDifferentKeysAreLogged(t *testing.T) {
	t.Parallel()
	url := natstest.Start(t).ClientURL()
	ours := Config{URL: url, Keys: [][]byte{key}, RequestIDs: []byte("12345678")}
	theirs := Config{URL: url, Keys: [][]byte{bytes.Repeat([]byte{8}, 32)}, RequestIDs: []byte("87654321")}
	replicas := []*replica{join(t, ours), join(t, ours), join(t, theirs), join(t, theirs)}
	for _, r := range replicas {
		r.until(`differ="--cluster-key, --request-id-key"`)
	}
	for range 10 { // as time passes
		for _, r := range replicas {
			r.asked <- struct{}{}
		}
	}
	last := join(t, Config{URL: url, Keys: ours.Keys})
	for i, r := range append(replicas, last) {
		if i < 2 {
			r.until("differ=--request-id-key")
		}
		r.untilKeysDiffer(2)
		if n := differences(r.logs.String()); n != 2 { // one for each pair of keys
			t.Errorf("%d differences:\n%s", n, r.logs)
		}
		if strings.Contains(r.logs.String(), string(key)) || strings.Contains(r.logs.String(), "12345678") {
			t.Error("a key or fingerprint is in the log")
		}
	}
}

func TestDifferencesOfKeys(t *testing.T) {
	t.Parallel()
	newKey := bytes.Repeat([]byte{8}, 32)
	both := []string{"--cluster-key", "--request-id-key"}
	of := func(requestIDs string, keys ...[]byte) *fingerprints {
		return newFingerprints(keys, []byte(requestIDs))
	}
	for name, c := range map[string]struct {
		own, other *fingerprints
		want       []string
	}{
		"none":            {of(""), of(""), nil},
		"equal":           {of("a", key), of("a", key), nil},
		"different":       {of("a", key), of("b", newKey), both},
		"here none":       {of(""), of("b", newKey), both},
		"there none":      {of("a", key), of(""), both},
		"cluster keys":    {of("a", key), of("a", newKey), both[:1]},
		"request ids":     {of("a", key), of("b", key), both[1:]},
		"new one behind":  {of("a", key), of("a", key, newKey), nil},
		"new one first":   {of("a", key, newKey), of("a", newKey, key), nil},
		"old one dropped": {of("a", newKey, key), of("a", newKey), nil},
		"too early":       {of("a", key), of("a", newKey, key), both[:1]},
	} {
		if got := c.own.differences(c.other.wire()); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// What is no fingerprint, or of a later version, is ignored.
func TestBadFingerprints(t *testing.T) {
	t.Parallel()
	log := &logs{}
	x := &Exchange{fingerprints: newFingerprints(nil, nil), asked: make(chan struct{}, 1), logger: slog.New(slog.NewTextHandler(log, nil))}
	for data, want := range map[string]bool{
		"": false, "{": false, `{"v":2,"cluster":"AQ==","ask":true}`: false, `{"v":1,"cluster":"%"}`: false,
		`{"v":1,"cluster":"AQ==","ask":true}` + strings.Repeat(" ", maxFingerprintBytes): false,
		`{"v":1,"ask":true}`: false, `{"v":1,"cluster":"AQ==","ask":true,"later":{}}`: true,
	} {
		x.compare(&nats.Msg{Data: []byte(data)})
		if got := len(x.asked) > 0; got != want || differences(log.String()) > 0 != want {
			t.Errorf("%.40s: asked: %v, log %q", data, got, log)
		}
		if want {
			<-x.asked
			log.b.Reset()
		}
	}
}

// However many fingerprints somebody makes up, the log has few lines.
func TestLinesAboutKeysAreBounded(t *testing.T) {
	t.Parallel()
	f, n := newFingerprints(nil, nil), 0
	for i := range 10 * maxDifferences {
		if data := newFingerprints([][]byte{bytes.Repeat([]byte{byte(i)}, 32)}, nil).wire(); f.isNew(data) {
			n++
			if f.isNew(data) {
				t.Error("new twice")
			}
		}
	}
	if n != maxDifferences {
		t.Errorf("%d lines", n)
	}
}

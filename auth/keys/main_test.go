package keys

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"convexgateway/internal/jwktest"
	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// Keys are made once per run: making one takes longer than most tests.
var (
	keyA     = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	keyB     = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	smallKey = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 1024)) })
	ecKey    = sync.OnceValue(func() *ecdsa.PrivateKey { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) })
	edKey    = sync.OnceValue(func() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) })
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// edit changes members of a key; nil removes one.
type edit = jwktest.Edit

func mustJSON(v any) []byte { return must(json.Marshal(v)) }

// keySetOf is the document of a key set.
func keySetOf(keys ...any) []byte { return mustJSON(map[string]any{"keys": keys}) }

// start is the time at which all tests begin.
var start = time.Unix(1_790_000_000, 0)

type testClock struct{ since atomic.Int64 }

func (c *testClock) Now() time.Time { return start.Add(time.Duration(c.since.Load())) }

func (c *testClock) advance(d time.Duration) { c.since.Add(int64(d)) }

// publisher is an issuer that publishes keys, and can fail on purpose.
type publisher struct {
	*httptest.Server
	clock   testClock
	fetches atomic.Int64 // of keys

	mu     sync.Mutex
	answer http.HandlerFunc
}

const testKeyID = "ins_test"

// newPublisher publishes keyA as testKeyID.
func newPublisher(tb testing.TB) *publisher {
	p := &publisher{}
	p.publish(jwktest.Of(testKeyID, keyA()))
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != jwksPath {
			http.NotFound(w, r)
			return
		}
		p.fetches.Add(1)
		p.mu.Lock()
		answer := p.answer
		p.mu.Unlock()
		answer(w, r)
	}))
	tb.Cleanup(p.Close)
	return p
}

func (p *publisher) respond(answer http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

func (p *publisher) publish(keys ...any) {
	p.respond(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(keySetOf(keys...)) })
}

func (p *publisher) fail() {
	p.respond(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
}

func (p *publisher) expectFetches(tb testing.TB, want int64) {
	tb.Helper()
	if n := p.fetches.Load(); n != want {
		tb.Errorf("%d fetches, want %d", n, want)
	}
}

// source is that of the keys, on the publisher's clock.
func (p *publisher) source(tb testing.TB) *testSource {
	client, done := NewClient(nil)
	s := &testSource{OfClerk(p.URL).Source(client, p.clock.Now, slog.New(slog.DiscardHandler)), &p.clock}
	tb.Cleanup(func() {
		s.Close()
		done()
	})
	return s
}

// testSource is a source with the time of a clock.
type testSource struct {
	Source
	clock *testClock
}

// has fails the test unless a key is known.
func (s *testSource) has(tb testing.TB, keyID string) {
	tb.Helper()
	if key, err := s.Key(context.Background(), keyID, s.clock.Now()); err != nil || key.KeyID != keyID {
		tb.Errorf("key %s: %v", keyID, err)
	}
}

// lacks fails the test unless a key is unknown.
func (s *testSource) lacks(tb testing.TB, keyID string) {
	tb.Helper()
	if key, err := s.Key(context.Background(), keyID, s.clock.Now()); err != ErrUnknown || key != nil { //nolint:errorlint // it is not wrapped
		tb.Errorf("key %s: %v, want that it is unknown", keyID, err)
	}
}

// fails fails the test unless a key could not be looked up.
func (s *testSource) fails(tb testing.TB, keyID string) {
	tb.Helper()
	if key, err := s.Key(context.Background(), keyID, s.clock.Now()); err == nil || err == ErrUnknown || key != nil { //nolint:errorlint // it is not wrapped
		tb.Errorf("key %s: %v, want an outage", keyID, err)
	}
}

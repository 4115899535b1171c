package keys

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/jwktest"
)

// An unknown id costs a fetch, but at most one in 10 s.
func TestUnknownKey(t *testing.T) {
	p := newPublisher(t)
	s := p.source(t)
	var calls sync.WaitGroup
	for range 10 {
		calls.Go(func() {
			for range 100 {
				s.lacks(t, "ins_x")
			}
		})
	}
	calls.Wait()
	p.expectFetches(t, 1)
	for i := range 50 {
		s.lacks(t, fmt.Sprintf("ins_x%d", i))
	}
	p.expectFetches(t, 1)
	p.clock.advance(forcedInterval)
	s.lacks(t, "ins_y")
	s.lacks(t, "ins_z")
	p.expectFetches(t, 2)

	p.publish(jwktest.Of("ins_y", keyA()))
	p.clock.advance(forcedInterval)
	s.lacks(t, "ins_y") // for 30 s
	p.clock.advance(unknownKeyFor)
	s.has(t, "ins_y")

	p.publish(jwktest.Of("ins_y", keyA()), jwktest.Of("ins_new", keyA()))
	p.clock.advance(forcedInterval)
	s.has(t, "ins_new") // at once
}

// A new key may have the id of the old one.
func TestRotation(t *testing.T) {
	p := newPublisher(t)
	s := p.source(t)
	if err := s.Prefetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	old := s.Peek(testKeyID, p.clock.Now())
	p.publish(jwktest.Of(testKeyID, keyB()))
	rotated := s.Rotated(t.Context(), old, p.clock.Now())
	if rotated == nil || !keyB().PublicKey.Equal(rotated.Key) || s.Peek(testKeyID, p.clock.Now()) != rotated {
		t.Errorf("got %v", rotated)
	}
	p.expectFetches(t, 2)
	for range 20 {
		if key := s.Rotated(t.Context(), rotated, p.clock.Now()); key != nil {
			t.Errorf("rotated to %v", key)
		}
	}
	p.expectFetches(t, 2)
	p.clock.advance(forcedInterval)
	if key := s.Rotated(t.Context(), rotated, p.clock.Now()); key != nil {
		t.Errorf("rotated to %v", key)
	}
	p.expectFetches(t, 3)
}

// An equal key keeps its pointer, by which a cache of verified tokens can recognize it.
func TestUnchangedKey(t *testing.T) {
	p := newPublisher(t)
	s := p.source(t)
	s.has(t, testKeyID)
	before := s.Peek(testKeyID, p.clock.Now())
	p.publish(jwktest.Of(testKeyID, keyA()), jwktest.Of("ins_new", keyB()))
	if err := s.Prefetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.has(t, "ins_new")
	if s.Peek(testKeyID, p.clock.Now()) != before {
		t.Error("another pointer")
	}
}

// The keys are usable for 6 hours of an outage.
func TestOutage(t *testing.T) {
	p := newPublisher(t)
	s := p.source(t)
	p.fail()
	s.fails(t, testKeyID)
	s.fails(t, testKeyID)
	p.expectFetches(t, 1) // in a second
	if s.Ready() || !s.FetchedAt().IsZero() {
		t.Error("ready without keys")
	}
	p.publish(jwktest.Of(testKeyID, keyA()))
	p.clock.advance(failedLoadWait)
	s.has(t, testKeyID)
	fetched := p.clock.Now()

	p.fail()
	for _, age := range []time.Duration{0, 6 * time.Minute, 5*time.Hour + 50*time.Minute} {
		p.clock.advance(age)
		s.has(t, testKeyID)
		if err := s.Prefetch(t.Context()); err == nil {
			t.Error("the outage is over")
		}
	}
	s.fails(t, "ins_new") // it may be a new one
	if !s.Ready() || !s.FetchedAt().Equal(fetched) {
		t.Errorf("ready %v, fetched at %v", s.Ready(), s.FetchedAt())
	}
	p.clock.advance(5 * time.Minute)
	s.fails(t, testKeyID)
	if s.Peek(testKeyID, p.clock.Now()) != nil {
		t.Error("usable after 6 hours")
	}
	p.publish(jwktest.Of(testKeyID, keyA()))
	p.clock.advance(failedLoadWait)
	s.has(t, testKeyID)
}

// A set that is due for a refresh serves at once, even while the issuer hangs.
func TestRefreshInBackground(t *testing.T) {
	p := newPublisher(t)
	s := p.source(t)
	s.has(t, testKeyID)
	p.clock.advance(keysFresh * 8 / 10)
	s.has(t, testKeyID)
	p.expectFetches(t, 1)

	release := make(chan struct{})
	p.respond(func(w http.ResponseWriter, _ *http.Request) {
		<-release
		_, _ = w.Write(keySetOf(jwktest.Of("ins_next", keyB())))
	})
	p.clock.advance(keysFresh * 4 / 10)
	for range 10 {
		s.has(t, testKeyID)
	}
	close(release)
	if err := s.Prefetch(t.Context()); err != nil { // joins the fetch under way
		t.Fatal(err)
	}
	if n := p.fetches.Load(); n > 3 {
		t.Errorf("%d fetches", n)
	}
	s.has(t, "ins_next")
	s.lacks(t, testKeyID)
}

func TestBadAnswers(t *testing.T) {
	elsewhere := newPublisher(t)
	good := keySetOf(jwktest.Of(testKeyID, keyA()))
	text := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
	}
	answers := map[string]http.HandlerFunc{
		"empty_object": text(`{}`),
		"no_keys":      text(`{"keys":[]}`),
		"html":         text(`<html>please sign in</html>`),
		"10MB":         text(string(good[:len(good)-1]) + strings.Repeat(" ", 10<<20) + "}"),
		"truncated":    text(string(good[:len(good)/2])),
		"500":          func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"500_with_keys": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write(good)
		},
		"redirect_away": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+jwksPath, http.StatusFound)
		},
		"redirect_loop":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
		"hangs_up":       func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"small_key_only": text(string(keySetOf(jwktest.Of(testKeyID, smallKey())))),
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			p := newPublisher(t)
			s := p.source(t)
			p.respond(answer)
			s.fails(t, testKeyID)

			p.publish(jwktest.Of(testKeyID, keyA()))
			p.clock.advance(failedLoadWait)
			s.has(t, testKeyID)

			p.respond(answer)
			p.clock.advance(2 * keysFresh)
			if err := s.Prefetch(t.Context()); err == nil {
				t.Error("the answer was taken for a key set")
			}
			s.has(t, testKeyID)
		})
	}
	elsewhere.expectFetches(t, 0)
}

func TestRedirectOnSameHost(t *testing.T) {
	p := newPublisher(t)
	p.respond(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "" {
			http.Redirect(w, r, r.URL.Path+"?v=2", http.StatusFound)
			return
		}
		_, _ = w.Write(keySetOf(jwktest.Of(testKeyID, keyA())))
	})
	p.source(t).has(t, testKeyID)
}

// silent never answers.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// In a bubble of its own time, so that five seconds pass at once and exactly.
func TestHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, done := NewClient(&http.Client{Transport: silent{}})
		defer done()
		s := OfClerk("https://clerk.slow.example").Source(client, time.Now, slog.New(slog.DiscardHandler))
		defer s.Close()
		begin := time.Now()
		var calls sync.WaitGroup
		for range 10 { // they share one fetch
			calls.Go(func() {
				_, err := s.Key(t.Context(), testKeyID, begin)
				if took := time.Since(begin); !errors.Is(err, context.DeadlineExceeded) || took != fetchTimeout {
					t.Errorf("got %v after %v", err, took)
				}
			})
		}
		calls.Wait()
	})
}

// A fetch does not end with the call that started it, but with the source.
func TestCallerMayLeave(t *testing.T) {
	p := newPublisher(t)
	release := make(chan struct{})
	p.respond(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	s := p.source(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Key(ctx, testKeyID, start); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	s.Close() // must not wait for the issuer
	if _, err := s.Key(t.Context(), testKeyID, start.Add(time.Minute)); !errors.Is(err, errClosed) {
		t.Errorf("closed: got %v", err)
	}
	close(release)
}

// A failed fetch is logged; with keys that are not old it is no error yet.
func TestFailuresAreLogged(t *testing.T) {
	var log strings.Builder
	p := newPublisher(t)
	client, done := NewClient(nil)
	defer done()
	s := OfClerk(p.URL).Source(client, p.clock.Now, slog.New(slog.NewTextHandler(&log, nil)))
	defer s.Close()
	for _, step := range []struct {
		answer http.HandlerFunc
		after  time.Duration
		logged []string
	}{
		{http.NotFound, 0, []string{"level=ERROR", `msg="signing keys could not be fetched"`, "issuer=" + p.URL, "have_keys=false", `error="HTTP status 404"`}},
		{func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(keySetOf(jwktest.Of(testKeyID, keyA()))) }, time.Minute, nil},
		{http.NotFound, time.Minute, []string{"level=WARN", "have_keys=true"}},
		{http.NotFound, staleAlarm, []string{"level=ERROR", "have_keys=true"}},
	} {
		log.Reset()
		p.clock.advance(step.after)
		p.respond(step.answer)
		_ = s.Prefetch(t.Context())
		for _, text := range step.logged {
			if !strings.Contains(log.String(), text) {
				t.Errorf("no %s in %s", text, &log)
			}
		}
		if step.logged == nil && log.Len() > 0 {
			t.Errorf("logged: %s", &log)
		}
	}
}

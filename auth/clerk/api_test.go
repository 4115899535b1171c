package clerk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	devclerk "convexgateway/dev/clerk"

	"convexgateway/auth"
)

// startClerk serves a Clerk instance until the test ends.
func startClerk(tb testing.TB, cfg devclerk.Config) *devclerk.Instance {
	tb.Helper()
	cfg.Key = signingKey()
	clerk := devclerk.New(cfg)
	srv := httptest.NewServer(clerk)
	tb.Cleanup(srv.Close)
	clerk.SetURL(srv.URL)
	return clerk
}

func newAPI(tb testing.TB, clerk *devclerk.Instance, change func(*APIConfig)) *API {
	tb.Helper()
	c := APIConfig{URL: clerk.APIURL(), SecretKey: clerk.SecretKey()}
	if change != nil {
		change(&c)
	}
	api, err := NewAPI(c)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(api.Close)
	return api
}

// handled answers requests by the instance's handler, without a socket, for tests with a clock of their own.
type handled struct{ clerk *devclerk.Instance }

func (h handled) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.clerk.ServeHTTP(w, r)
	return w.Result(), r.Context().Err()
}

// newBubbledAPI returns an API and its instance for a test in a bubble.
func newBubbledAPI(t *testing.T, change func(*APIConfig)) (*API, *devclerk.Instance) {
	clerk := devclerk.New(devclerk.Config{URL: "https://clerk.example", Key: signingKey()})
	return newAPI(t, clerk, func(c *APIConfig) {
		c.HTTPClient = &http.Client{Transport: handled{clerk}}
		if change != nil {
			change(c)
		}
	}), clerk
}

// infrastructure fails the test unless the error is an APIError, from which nothing follows about the session.
func infrastructure(tb testing.TB, err error) *APIError {
	tb.Helper()
	failed, ok := errors.AsType[*APIError](err)
	if !ok || reasonOf(err) != auth.ReasonAuthBackendUnavailable {
		tb.Fatalf("%v, want an APIError", err)
	}
	return failed
}

func TestMint(t *testing.T) {
	clerk := startClerk(t, devclerk.Config{Clock: atStart})
	sid := clerk.CreateSession("user_ada")
	v, err := auth.NewClerkVerifier(auth.Config{Issuers: []string{clerk.URL()}, Clock: atStart})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	for lifetime, want := range map[time.Duration]time.Duration{0: devclerk.DefaultTokenLifetime, 5 * time.Minute: 5 * time.Minute} {
		api := newAPI(t, clerk, func(c *APIConfig) { c.TokenLifetime = lifetime })
		token, err := api.Mint(t.Context(), sid)
		if err != nil {
			t.Fatal(err)
		}
		id, err := v.Verify(t.Context(), token)
		if err != nil || id.Subject != "user_ada" || id.SessionID != sid || id.ExpiresAt != start.Add(want) {
			t.Errorf("minted for %v: %v", id, err)
		}
	}
	if n := clerk.Requests(devclerk.Tokens); n != 2 {
		t.Errorf("%d requests", n)
	}
}

// For each way in which a session can be over.
func TestMintForASessionThatIsOver(t *testing.T) {
	for status, want := range map[string]auth.Reason{
		"revoked": auth.ReasonSessionRevoked, "ended": auth.ReasonSessionEnded, "removed": auth.ReasonSessionEnded, "replaced": auth.ReasonSessionEnded,
		"expired": auth.ReasonSessionExpired, "abandoned": auth.ReasonSessionExpired, "pending": auth.ReasonSessionPending,
	} {
		t.Run(status, func(t *testing.T) {
			clerk := startClerk(t, devclerk.Config{})
			api := newAPI(t, clerk, nil)
			sid := clerk.CreateSession("user_ada")
			if err := clerk.SetStatus(sid, status); err != nil {
				t.Fatal(err)
			}
			if status == "pending" { // for which the instance would mint
				clerk.Fail(devclerk.Tokens, 1, devclerk.Status(http.StatusForbidden))
			}
			_, err := api.Mint(t.Context(), sid)
			if _, failed := errors.AsType[*APIError](err); failed || reasonOf(err) != want {
				t.Errorf("%v", err)
			}
			if n := clerk.Requests(devclerk.GetSession); n != 1 {
				t.Errorf("%d requests for the session", n)
			}
		})
	}
	t.Run("unknown", func(t *testing.T) {
		clerk := startClerk(t, devclerk.Config{})
		if _, err := newAPI(t, clerk, nil).Mint(t.Context(), "sess_gone"); reasonOf(err) != auth.ReasonSessionEnded {
			t.Errorf("%v", err)
		}
	})
}

// Only a session id becomes a part of a URL.
func TestMintRefusesOtherIDs(t *testing.T) {
	var requests sync.Map
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { requests.Store(r.URL.Path, true) }))
	defer srv.Close()
	api := newAPI(t, devclerk.New(devclerk.Config{URL: srv.URL}), nil)
	for _, id := range []string{"", "sess_", "../users/x", "sess_../users/x", "sess_a/revoke", "sess_a?x=y", "sess_a#", "sess_a%2f", "user_a", "sess_é", "sess_a\n"} {
		if _, err := api.Mint(t.Context(), id); reasonOf(err) != auth.ReasonMalformed {
			t.Errorf("%q: %v", id, err)
		}
	}
	requests.Range(func(path, _ any) bool { t.Errorf("a request to %v", path); return true })
}

// A refused key, and every other failure that must not sign the user out.
func TestFailuresThatEndNoSession(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the secret key went to another host")
		}
		_, _ = w.Write([]byte(`{"object":"token","jwt":"a.b.c"}`))
	}))
	defer elsewhere.Close()
	for name, test := range map[string]struct {
		mint, get  devclerk.Failure
		status     int
		keyRefused bool
	}{
		"key refused":            {mint: devclerk.KeyInvalid(), status: 401, keyRefused: true},
		"key refused at the end": {mint: devclerk.Status(422), get: devclerk.KeyInvalid(), status: 401, keyRefused: true},
		"401 of another code":    {mint: devclerk.Status(401), get: devclerk.Status(401), status: 401, keyRefused: true},
		"500":                    {mint: devclerk.Status(500), status: 500},
		"503, not JSON":          {mint: devclerk.Garbage(503), status: 503},
		"429":                    {mint: devclerk.TooManyRequests(0), status: 429},
		"refused, then 500":      {mint: devclerk.Status(404), get: devclerk.Status(500), status: 500},
		"refused, though active": {mint: devclerk.Status(403), status: 403},
		"another session's status": {mint: devclerk.Status(404), status: 404, get: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"object":"session","id":"sess_other","status":"revoked"}`))
		}},
		"an unknown status": {mint: devclerk.Status(404), status: 404, get: func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, `{"object":"session","id":%q,"status":"resting"}`, path.Base(r.URL.Path))
		}},
		"refused by a proxy":      {mint: devclerk.Garbage(403), get: devclerk.Garbage(403), status: 403},
		"404s that are not Clerk": {mint: devclerk.Garbage(404), get: devclerk.Garbage(404), status: 404},
		"404s of another code":    {mint: devclerk.Status(404), get: devclerk.Status(404), status: 404},
		"garbage":                 {mint: devclerk.Garbage(200), status: 200},
		"no token":                {mint: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("null")) }, status: 200},
		"too large":               {mint: devclerk.Oversized(maxAnswerBytes + 1), status: 200},
		"too large an error": {mint: func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			devclerk.Oversized(1<<20)(w, r)
		}, status: 502},
		"redirect": {mint: devclerk.RedirectTo(elsewhere.URL), status: 307},
		"cut off":  {mint: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	} {
		t.Run(name, func(t *testing.T) {
			clerk := startClerk(t, devclerk.Config{})
			api := newAPI(t, clerk, nil)
			sid := clerk.CreateSession("user_ada")
			clerk.Fail(devclerk.Tokens, devclerk.Always, test.mint)
			if test.get != nil {
				clerk.Fail(devclerk.GetSession, devclerk.Always, test.get)
			}
			_, err := api.Mint(t.Context(), sid)
			failed := infrastructure(t, err)
			if failed.Status != test.status || failed.KeyRefused != test.keyRefused {
				t.Errorf("%+v: %v", failed, err)
			}
			for _, secret := range []string{clerk.SecretKey(), "upstream connect error", "xxxx"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%q is in the error", secret)
				}
			}
		})
	}
}

// The largest answer that is accepted.
func TestLargestAnswer(t *testing.T) {
	clerk := startClerk(t, devclerk.Config{})
	api := newAPI(t, clerk, nil)
	clerk.Fail(devclerk.Tokens, 1, devclerk.Oversized(maxAnswerBytes))
	if token, err := api.Mint(t.Context(), "sess_a"); err != nil || len(token) < maxAnswerBytes-20 {
		t.Errorf("%d bytes, %v", len(token), err)
	}
}

func TestUnreachable(t *testing.T) {
	srv := httptest.NewServer(nil)
	srv.Close()
	api := newAPI(t, devclerk.New(devclerk.Config{URL: srv.URL}), nil)
	_, err := api.Mint(t.Context(), "sess_ada")
	if failed := infrastructure(t, err); failed.Status != 0 || failed.KeyRefused {
		t.Errorf("%+v", failed)
	}
}

func TestCancelled(t *testing.T) {
	clerk := startClerk(t, devclerk.Config{})
	api := newAPI(t, clerk, nil)
	release := clerk.Hang(devclerk.Tokens, 1)
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { _, err := api.Mint(ctx, "sess_ada"); done <- err }()
	for poll := time.NewTicker(time.Millisecond); clerk.Requests(devclerk.Tokens) == 0; {
		select {
		case err := <-done:
			t.Fatal(err)
		case <-poll.C:
		}
	}
	cancel()
	err := <-done
	infrastructure(t, err)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, clerk := newBubbledAPI(t, nil)
		defer clerk.Hang(devclerk.Tokens, 1)()
		began := time.Now()
		_, err := api.Mint(t.Context(), clerk.CreateSession("user_ada"))
		infrastructure(t, err)
		if took := time.Since(began); took != callTimeout {
			t.Errorf("failed after %v", took)
		}
	})
}

// After a 429 no request is made before the time that it names.
func TestRequestsWaitAfterTooMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, clerk := newBubbledAPI(t, nil)
		sid := clerk.CreateSession("user_ada")
		clerk.Fail(devclerk.Tokens, 1, devclerk.TooManyRequests(7*time.Second))
		_, err := api.Mint(t.Context(), sid)
		if failed := infrastructure(t, err); failed.Status != 429 || failed.RetryAfter() != 7*time.Second {
			t.Fatalf("%+v", failed)
		}
		began := time.Now()
		var waiting sync.WaitGroup
		for range 3 {
			waiting.Go(func() {
				if _, err := api.Mint(t.Context(), sid); err != nil || time.Since(began) != 7*time.Second {
					t.Errorf("after %v: %v", time.Since(began), err)
				}
			})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 6*time.Second)
		defer cancel()
		_, err = api.Mint(ctx, sid)
		if failed := infrastructure(t, err); failed.RetryAfter() != 7*time.Second || time.Since(began) != 0 {
			t.Errorf("with too little time: %+v after %v", failed, time.Since(began))
		}
		waiting.Wait()
		if n := clerk.Requests(devclerk.Tokens); n != 4 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestCancelledWhileHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, clerk := newBubbledAPI(t, nil)
		clerk.Fail(devclerk.Tokens, devclerk.Always, devclerk.TooManyRequests(time.Hour))
		_, err := api.Mint(t.Context(), "sess_a")
		if failed := infrastructure(t, err); failed.RetryAfter() != maxHold {
			t.Errorf("%+v", failed)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := api.Mint(ctx, "sess_a"); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if n := clerk.Requests(devclerk.Tokens); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, clerk := newBubbledAPI(t, func(c *APIConfig) { c.Budget = 10 })
		sid := clerk.CreateSession("user_ada")
		began := time.Now()
		for range 30 { // a burst of 10, then 10 a second
			if _, err := api.Mint(t.Context(), sid); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("30 requests took %v", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := api.Mint(ctx, sid)
		infrastructure(t, err)
		if n := clerk.Requests(devclerk.Tokens); n != 30 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestKeyIDs(t *testing.T) {
	clerk := startClerk(t, devclerk.Config{})
	api := newAPI(t, clerk, nil)
	kid, _ := clerk.PublicKey()
	if ids, err := api.KeyIDs(t.Context()); err != nil || len(ids) != 1 || ids[0] != kid {
		t.Errorf("%v, %v", ids, err)
	}
	clerk.Fail(devclerk.BackendKeys, 1, devclerk.KeyInvalid())
	_, err := api.KeyIDs(t.Context())
	if !infrastructure(t, err).KeyRefused {
		t.Error(err)
	}
	clerk.Fail(devclerk.BackendKeys, 1, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"keys":[null]}`)) })
	if ids, err := api.KeyIDs(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("%v, %v", ids, err)
	}
}

func TestBadAPISettings(t *testing.T) {
	const secret = "sk_test_s3cr3t"
	for name, test := range map[string]struct {
		c    APIConfig
		want string
	}{
		"no key":          {APIConfig{}, "secret key"},
		"publishable key": {APIConfig{SecretKey: "pk_test_abc"}, "secret key"},
		"key with a line": {APIConfig{SecretKey: secret + "\nX: y"}, "secret key"},
		"http":            {APIConfig{URL: "http://api.clerk.com/v1", SecretKey: secret}, "https"},
		"no host":         {APIConfig{URL: "api.clerk.com", SecretKey: secret}, "URL"},
		"a user":          {APIConfig{URL: "https://" + secret + "@api.clerk.com/v1", SecretKey: secret}, "URL"},
		"a query":         {APIConfig{URL: "https://api.clerk.com/v1?key=" + secret, SecretKey: secret}, "URL"},
		"budget":          {APIConfig{SecretKey: secret, Budget: -1}, "budget"},
		"lifetime":        {APIConfig{SecretKey: secret, TokenLifetime: 29 * time.Second}, "lifetime"},
		"half a second":   {APIConfig{SecretKey: secret, TokenLifetime: 30500 * time.Millisecond}, "lifetime"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewAPI(test.c)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestSecretKeyIsNotPrinted(t *testing.T) {
	config := APIConfig{SecretKey: "sk_test_s3cr3t"}
	api, err := NewAPI(config)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		for _, v := range []any{config, &config, api, *api} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, "s3cr3t") || strings.Contains(text, "7333637233") {
				t.Errorf("%s of %T: %s", verb, v, text)
			}
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "0": 0, "-1": 0, "1.5": 0, "soon": 0, "Fri, 31 Dec 2027 23:59:59 GMT": 0,
		"300": maxHold, "301": maxHold, "9223372036854775807": maxHold, "9223372036854775808": 0,
	} {
		if got := retryAfter(header); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Credentials while the issuer's keys change or cannot be fetched: further cases of credential_cases_test.go.

// expect runs a token as a case over each protocol.
func (c *caseGateway) expect(t *testing.T, token string, want failure) {
	t.Helper()
	t.Run("each protocol", credentialCase{on: c, auth: bearer(token), want: want}.run)
}

// startKeyServer runs a gateway whose issuer answers the first requests for keys with answer; nil answers with the keys.
func startKeyServer(t *testing.T, answer http.HandlerFunc) *caseGateway {
	t.Helper()
	is := newCaseIssuer(t, "", caseKey())
	is.publish(answer)
	c := startCases(t, is, nil)
	if answer == nil {
		c.waitReady()
	}
	return c
}

// keySet is what the issuer publishes.
func (is *caseIssuer) keySet() (set map[string]any) {
	w := httptest.NewRecorder()
	is.Instance.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/.well-known/jwks.json", nil))
	if err := json.Unmarshal(w.Body.Bytes(), &set); err != nil {
		is.t.Fatal(err)
	}
	return set
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

func failing(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }

// query calls over gRPC, and returns what it fails with.
func (c *caseGateway) query(g *gateway, token string) (trailer metadata.MD, err error) {
	_, err = g.functions.Query(g.as(token), &gatewayv1.QueryRequest{Path: "users:me"}, grpc.Trailer(&trailer))
	return trailer, err
}

// Tokens of unknown keys cost the issuer one request in ten seconds, however many come.
func TestUnknownKeys(t *testing.T) {
	t.Parallel()
	c := startKeyServer(t, nil)
	is, want := c.issuer, unauthenticated("UNKNOWN_KEY")
	c.expect(t, is.tokenWith(edit{"kid": "ins_ofNobody"}, nil), want)
	anonymous := c.in(t)
	anonymous.mustCall(anonymous.context(), 0, "users:me", "{}") // otherwise the connection would be closed, because all of its calls are refused
	var callers sync.WaitGroup
	for caller := range 10 {
		callers.Go(func() {
			g := c.in(t)
			for i := range 50 {
				token := is.tokenWith(edit{"kid": fmt.Sprintf("ins_ofNobody%d", caller*i%70)}, nil)
				trailer, err := c.query(g, token)
				if got := trailer.Get("error-reason"); err == nil || len(got) != 1 || got[0] != want.reason {
					t.Errorf("over gRPC: %v %q", err, got)
				}
				if got := g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token); got.status != want.http {
					t.Errorf("over REST: HTTP %d", got.status)
				}
			}
		})
	}
	callers.Wait()
	if n := is.fetches.Load(); n > 2 { // the first one made the gateway ready
		t.Errorf("%d requests for keys", n)
	}
	is.clock.advance(11 * time.Second)
	c.expect(t, is.tokenWith(edit{"kid": "ins_ofNobodyElse"}, nil), want)
	if n := is.fetches.Load(); n > 3 {
		t.Errorf("%d requests for keys", n)
	}
	c.revealsNothing(t)
}

// A wrong signature may be one of a new key under an old id, but the keys are fetched for it once in ten seconds only.
func TestBadSignatures(t *testing.T) {
	t.Parallel()
	c := startKeyServer(t, nil)
	is := c.issuer
	for range 5 {
		c.expect(t, wronglySigned(is, otherCaseKey()), unauthenticated("BAD_SIGNATURE"))
		c.expect(t, flipped(is.token(nil), "Ada of", "Eda of"), unauthenticated("BAD_SIGNATURE"))
	}
	if n := is.fetches.Load(); n > 2 {
		t.Errorf("%d requests for keys", n)
	}
	c.expect(t, is.token(nil), failure{})
	c.revealsNothing(t)
}

// Keys change under a new id, or under the same one: the first token of the new key finds it.
func TestKeysRotate(t *testing.T) {
	t.Parallel()
	for name, rotate := range map[string]func(*caseIssuer){
		"under the same kid": func(is *caseIssuer) { is.RotateKeyInPlace() },
		"under another kid":  func(is *caseIssuer) { is.RotateKey() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startKeyServer(t, nil)
			old := c.issuer.token(nil)
			c.expect(t, old, failure{})
			rotate(c.issuer)
			c.expect(t, c.issuer.token(edit{"jti": "another-token-of-the-cases"}), failure{})
			if n := c.issuer.fetches.Load(); n != 2 {
				t.Errorf("%d requests for keys, want 2", n)
			}
			if _, err := c.query(c.in(t), old); err == nil {
				t.Error("a token of the old key is accepted")
			}
			c.revealsNothing(t)
		})
	}
}

// The issuer is out of reach for hours: keys that were fetched serve for six. After that every call fails with UNAVAILABLE,
// because it is an outage.
func TestKeyServerIsDown(t *testing.T) {
	t.Parallel()
	c := startKeyServer(t, nil)
	is := c.issuer
	is.publish(failing)
	for _, ahead := range []time.Duration{0, 6 * time.Minute, 20 * time.Minute, 5*time.Hour + 30*time.Minute} {
		t.Run("after "+ahead.String(), func(t *testing.T) {
			is.clock.advance(ahead)
			c.expect(t, is.token(nil), failure{})
		})
	}
	eventually(t, "the outage is logged as an error", func() bool {
		return strings.Contains(c.logs.String(), `"level":"ERROR","msg":"signing keys could not be fetched"`)
	})
	if age := c.in(t).scrape()["convexgateway_signing_keys_age_seconds{}"]; age < (5 * time.Hour).Seconds() {
		t.Errorf("the keys are %v s old", age)
	}
	t.Run("after six hours", func(t *testing.T) {
		is.clock.advance(10 * time.Minute)
		c.expect(t, is.token(nil), authUnavailable)
	})
	t.Run("after the outage", func(t *testing.T) {
		is.publish(nil)
		is.clock.advance(2 * time.Second)
		c.expect(t, is.token(nil), failure{})
	})
	c.revealsNothing(t)
}

// Answers that are no key set change nothing: there are no keys, or the old ones.
func TestKeyServerAnswersBadly(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("another host was called") }))
	t.Cleanup(elsewhere.Close)
	for name, answer := range map[string]http.HandlerFunc{
		"503":                        failing,
		"it hangs up":                func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"{}":                         text(`{}`),
		"HTML":                       text(`<html>please sign in</html>`),
		"10 MB":                      text(`{"keys":[],"filler":"` + strings.Repeat("x", 10<<20) + `"}`),
		"a redirect to another host": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startKeyServer(t, answer)
			is := c.issuer
			c.expect(t, is.token(nil), authUnavailable)
			is.publish(nil)
			is.clock.advance(2 * time.Second)
			c.expect(t, is.token(nil), failure{})
			is.publish(answer)
			is.clock.advance(10 * time.Minute) // the keys are old enough to be fetched again
			c.expect(t, is.token(nil), failure{})
			eventually(t, "the keys were asked for again", func() bool { return is.fetches.Load() >= 3 })
			c.revealsNothing(t)
		})
	}
}

// A key of an unknown kind is skipped.
func TestUnknownKindOfKey(t *testing.T) {
	t.Parallel()
	is := newCaseIssuer(t, "", caseKey())
	set := is.keySet()
	set["keys"] = append([]any{map[string]any{"kty": "LATTICE", "kid": "ins_x", "use": "sig"}, 7, nil}, set["keys"].([]any)...)
	is.publish(text(string(mustJSON(t, set))))
	c := startCases(t, is, nil)
	c.expect(t, is.token(nil), failure{})
}

// An issuer that does not answer delays its own users for five seconds, and no other users.
func TestKeyServerHangs(t *testing.T) {
	t.Parallel()
	slow, quick := newCaseIssuer(t, "", caseKey()), newCaseIssuer(t, "", otherCaseKey())
	quick.begin = slow.begin
	asked, release := make(chan struct{}), make(chan struct{})
	t.Cleanup(sync.OnceFunc(func() { close(release) }))
	once := sync.OnceFunc(func() { close(asked) })
	slow.publish(func(_ http.ResponseWriter, r *http.Request) {
		once()
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	c := startCases(t, slow, []*caseIssuer{quick})
	refused := make(chan error, 1)
	go func() {
		_, err := c.query(c.in(t), slow.token(nil))
		refused <- err
	}()
	<-asked
	c.expect(t, quick.token(nil), failure{})
	if err := <-refused; err == nil {
		t.Error("a token was accepted without a key")
	}
	c.expect(t, slow.token(nil), authUnavailable)
	select {
	case <-release:
		t.Error("the issuer answered")
	default:
	}
	c.revealsNothing(t)
}

// The issuer is configured here but not in the deployment: the token is accepted here, and the deployment refuses it.
func TestDeploymentLacksTheIssuer(t *testing.T) {
	t.Parallel()
	is := newCaseIssuer(t, "", caseKey())
	d := startDeployment(t, deployment.Config{Providers: []deployment.Provider{{Domain: "https://other.example", ApplicationID: "convex"}}})
	c := startCasesBefore(t, is, []string{is.URL()}, d)
	token, want := is.token(nil), unauthenticated("CONVEX_REJECTED")
	c.hideToken(token)
	trailer, err := c.query(c.in(t), token)
	want.checkStatus(t, err, trailer)
	refusal := c.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token)
	want.checkAnswer(t, refusal)
	if !strings.Contains(refusal.body, "issuer and audience") {
		t.Errorf("the message does not name what to check: %s", refusal.body)
	}
	c.answered(refusal.body)
	stream := c.subscribe(c.as(token), &gatewayv1.SubscribeRequest{Path: "users:me"})
	var ended error
	for ended == nil {
		_, ended = stream.Recv()
	}
	want.checkStatus(t, ended, stream.Trailer())
	state := c.authState(c.as(token), &gatewayv1.AuthStateRequest{})
	if first, second := state.next(), state.next(); first.GetState() != gatewayv1.AuthStateResponse_STATE_LOADING || second.GetState() != gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED || second.GetReason() != want.reason {
		t.Errorf("AuthState: %v, %v", first, second)
	}
	want.checkStatus(t, state.end(), state.Trailer())
	sse := c.sse("GET", "/v1/auth/state", "", "Authorization", "Bearer "+token)
	for _, part := range []string{"STATE_LOADING", "STATE_UNAUTHENTICATED"} {
		if e := sse.next(); e.name != "auth" || !strings.Contains(e.data, part) {
			t.Errorf("AuthState: %+v, want %s", e, part)
		}
	}
	want.checkBody(t, sse.next().data)
	c.revealsNothing(t)
}

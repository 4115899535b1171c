package server

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/audit"
)

// impersonated is a token of ada's, with which boss acts.
func (g *gateway) impersonated() string {
	return g.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"act": map[string]any{"sub": "user_boss"}}})
}

// Lines of calls, streams and sign-ins, and spans, name the caller as Config.LogIdentity says, over gRPC and REST: in full; by hashes that
// the cluster key gives on each replica, so that nothing of the user is in the logs; or not at all.
func TestLinesNameTheCaller(t *testing.T) {
	t.Parallel()
	key := NewKey()
	for _, mode := range []audit.Mode{audit.Full, audit.Hash, audit.Off} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			spans, traced := traced()
			g := start(t, traced, func(c *Config) { c.LogIdentity, c.ClusterKeys = mode, Keys{key} })
			token := g.impersonated()
			g.mustCall(g.as(token), convex.Mutation, "counter:add", `{"name":"w"}`)
			g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token, "User-Agent", "phone/1.0 "+strings.Repeat("x", 100))
			stream := g.subscribe(g.as(token), counterQuery("w"))
			wantValue(t, result(stream), "1")
			if _, err := g.auth.SignOut(g.as(token), &gatewayv1.SignOutRequest{}); err != nil {
				t.Fatal(err)
			}
			_ = stream.end()
			if err := g.stop(); err != nil {
				t.Fatal(err)
			}
			names, err := Config{LogIdentity: mode, ClusterKeys: Keys{NewKey(), key}, RequestIDKey: key}.Names() // of a replica in a rotation
			if err != nil {
				t.Fatal(err)
			}
			caller := map[string]any{
				"subject": names.Name("user_ada"), "session": names.Name("sess_ada"), "actor": names.Name("user_boss"), "issuer": g.dev.IssuerURL(),
			}
			text := g.logs.String()
			for _, span := range spans.GetSpans() {
				text += written(t, span)
			}
			if mode == audit.Off {
				caller = map[string]any{"subject": nil, "session": nil, "actor": nil, "issuer": nil, "identity_tag": nil}
			}
			if mode != audit.Full && (strings.Contains(text, "_ada") || strings.Contains(text, "_boss")) {
				t.Errorf("they have the user: %s", text)
			}
			with := func(more ...string) map[string]any {
				all := map[string]any{}
				maps.Copy(all, caller)
				for i := 0; i < len(more); i += 2 {
					all[more[i]] = more[i+1]
				}
				return all
			}
			g.checkLine(with("msg", "call", "method", functionPath+"Mutate", "path", "counter:add"))
			g.checkLine(with("msg", "call", "path", "users:me", "client", "phone/1.0 "+strings.Repeat("x", 54)))
			g.checkLine(with("msg", "stream begins", "method", functionPath+"Subscribe", "path", "counter:get"))
			g.checkLine(with("msg", "call", "reason", "SIGNED_OUT", "path", "counter:get"))
			g.checkLine(with("msg", "audit", "event", "sign_in"))
			if mode != audit.Off && !strings.Contains(text, "convexgateway.subject:"+names.Name("user_ada")) {
				t.Error("no span names the subject")
			}
			for _, line := range g.logs.find(t, map[string]any{"msg": "call", "path": "counter:get"}) {
				if tag, _ := line["identity_tag"].(string); (len(tag) == 16) != (mode != audit.Off) {
					t.Errorf("identity_tag %q", tag)
				}
			}
		})
	}
}

// Each way to open a stream has a line for its start.
func TestStreamsLogTheirStart(t *testing.T) {
	t.Parallel()
	g := start(t)
	result(g.subscribe(g.context(), counterQuery("s")))
	g.sse("GET", counterRoute+counterArgs("s"), "").result()
	g.authState(g.as(g.token(deployment.TokenRequest{User: "ada"})), &gatewayv1.AuthStateRequest{}).nextThat(isAuthenticated)
	for _, want := range []map[string]any{
		{"method": functionPath + "Subscribe", "path": "counter:get", "protocol": "grpc"},
		{"method": functionPath + "Subscribe", "path": "counter:get", "protocol": "rest"},
		{"method": "/convexgateway.v1.AuthService/AuthState"},
	} {
		want["msg"], want["caller"] = "stream begins", "127.0.0.1"
		if lines := g.logs.find(t, want); len(lines) != 1 || lines[0]["request_id"] == "" {
			t.Errorf("%v: %v", want, lines)
		}
	}
}

// A failure has level WARN where the deployment is at fault, and INFO where the caller or the function is.
func TestFaultsAreWarnings(t *testing.T) {
	t.Parallel()
	g := startFake(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	if _, err := g.functions.Query(g.context(), &gatewayv1.QueryRequest{Path: "a:b"}); err == nil {
		t.Fatal("no error")
	}
	g.checkLine(map[string]any{"msg": "call", "level": "WARN", "reason": "DEPLOYMENT_UNAVAILABLE", "upstream_status": 503.0})
	other := start(t)
	other.rest("POST", "/v1/query", `{"path":"errors:crash"}`)
	other.rest("POST", "/v1/query", `{"path":"a b"}`)
	stream := other.subscribe(other.context(), counterQuery("f"))
	result(stream)
	if err := other.stop(); err != nil {
		t.Fatal(err)
	}
	for _, reason := range []string{"FUNCTION_FAILED", "INVALID_PATH", "DRAINING"} {
		other.checkLine(map[string]any{"msg": "call", "level": "INFO", "reason": reason})
	}
}

// Config.LogCalls leaves out calls that have not failed, by a choice that a stream's two lines share; it never leaves out a failed one, or
// an audit line.
func TestLogCalls(t *testing.T) {
	t.Parallel()
	lines := func(logCalls string) (succeeded, began, ended int) {
		g := start(t, func(c *Config) { c.LogCalls = logCalls })
		token := g.token(deployment.TokenRequest{User: "ada"})
		for range 20 {
			g.mustCall(g.as(token), convex.Query, "users:me", `{}`)
			stream := g.subscribe(g.context(), counterQuery("l"))
			result(stream)
			stream.cancel()
			_ = stream.end()
		}
		g.rest("POST", "/v1/query", `{"path":"errors:crash"}`)
		g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer a.b.c")
		if err := g.stop(); err != nil {
			t.Fatal(err)
		}
		g.checkLine(map[string]any{"msg": "call", "reason": "FUNCTION_FAILED"})
		for _, event := range []string{"start", "sign_in", "credential_refused", "drain"} {
			g.checkLine(map[string]any{"audit": true, "event": event})
		}
		return len(g.logs.find(t, map[string]any{"msg": "call", "code": "OK"})), len(g.logs.find(t, map[string]any{"msg": "stream begins"})),
			len(g.logs.find(t, map[string]any{"msg": "call", "method": functionPath + "Subscribe"}))
	}
	if succeeded, began, ended := lines("all"); succeeded != 20 || began != 20 || ended != 20 {
		t.Errorf("all: %d, %d, %d", succeeded, began, ended)
	}
	if succeeded, began, ended := lines("failed"); succeeded+began+ended != 0 {
		t.Errorf("failed: %d, %d, %d", succeeded, began, ended)
	}
	if succeeded, began, ended := lines("1/2"); succeeded+began == 0 || succeeded+began == 40 || began != ended {
		t.Errorf("1/2: %d, %d, %d", succeeded, began, ended)
	}
}

// What an operator has to be able to show later has an audit line: here and, of what another replica has done, with the streams that have
// ended.
func TestAuditLines(t *testing.T) {
	t.Parallel()
	a, b := replicasOverNATS(t)
	token, bob := a.signIn("ada", time.Minute, nil), a.signIn("bob", time.Minute, nil)
	names := a.audit.Names()
	near, far := a.subscribe(a.as(token), counterQuery("a")), b.subscribe(b.as(token), counterQuery("a"))
	result(near)
	result(far)
	other := b.subscribe(b.as(bob), counterQuery("a"))
	result(other)
	if err := a.clerk.Revoke("sess_ada"); err != nil {
		t.Fatal(err)
	}
	_, _ = near.end(), far.end()
	if _, err := b.auth.SignOut(b.as(bob), &gatewayv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}
	_ = other.end()
	a.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token, "User-Agent", "phone/1.0")
	a.Reload()
	if err := a.stop(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []map[string]any{
		{"event": "start", "deployment": a.up.ConvexURL},
		{"event": "sign_in", "subject": names.Name("user_ada"), "session": names.Name("sess_ada")},
		{"event": "revocation", "session": names.Name("sess_ada"), "reason": "SESSION_REVOKED", "from": "here", "streams_ended": 1.0},
		{"event": "credential_refused", "reason": "SESSION_REVOKED", "caller": "127.0.0.1", "client": "phone/1.0"},
		{"event": "reload", "of": "contract", "ok": true},
		{"event": "drain", "streams": 0.0},
	} {
		want["audit"] = true
		a.checkLine(want)
	}
	eventually(t, "the other replica has its lines", func() bool {
		return len(b.logs.find(t, map[string]any{
			"audit": true, "event": "revocation", "from": "another replica", "reason": "SESSION_REVOKED", "streams_ended": 1.0,
		})) == 1
	})
	b.checkLine(map[string]any{"audit": true, "event": "sign_out", "subject": names.Name("user_bob"), "session": names.Name("sess_bob"), "streams_ended": 1.0})
}

// A token that the deployment does not accept is a refused credential, too; one that has ended with its stream is none, nor is a call
// without one.
func TestRefusalByTheDeploymentIsAudited(t *testing.T) {
	t.Parallel()
	g := startFake(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"code":"InvalidAuthHeader","message":"no"}`))
	})
	if _, err := g.functions.Query(g.context(), &gatewayv1.QueryRequest{Path: "a:b"}); err == nil {
		t.Fatal("no error")
	}
	g.checkLine(map[string]any{"audit": true, "event": "credential_refused", "reason": "CONVEX_REJECTED"})
	other := start(t, func(c *Config) { c.RequireAuth = true })
	stream := other.subscribe(other.as(other.token(deployment.TokenRequest{User: "ada", TTL: 4 * time.Second})), counterQuery("r"))
	result(stream)
	_ = stream.end()
	other.rest("POST", "/v1/query", `{"path":"users:me"}`)
	if lines := other.logs.find(t, map[string]any{"event": "credential_refused"}); len(lines) > 0 {
		t.Errorf("%v", lines)
	}
}

// A token that is refused inside a stream is a refused credential, too, although no call has ended.
func TestRefusalInsideAStreamIsAudited(t *testing.T) {
	t.Parallel()
	g := start(t)
	w := g.watch(g.as(g.ada("org_1", 10*time.Minute)))
	w.until(func() bool { return w.auth.GetState() == authenticated })
	w.token("no.such.token")
	w.until(func() bool { return w.auth.GetReason() != "" })
	g.checkLine(map[string]any{"audit": true, "event": "credential_refused", "reason": w.auth.GetReason(), "caller": "127.0.0.1"})
}

package server

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	devclerk "convexgateway/dev/clerk"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Each case is a credential and its result at all entry points of a running gateway: a call and a stream over gRPC, a call and
// server-sent events over HTTP, and AuthState over both. AuthState answers a credential that is refused with one UNAUTHENTICATED
// and its reason, and then the stream ends with that status. Without a credential AuthState stays open.
//
// Tested elsewhere:
//
//	line breaks and control characters in a token   neither HTTP nor gRPC carries them in a header; package auth's
//	                                                TestVerifyRefusesControlCharacters
//	a refusal costs less than 1 ms                  package auth's TestVerifyRefusesHugeInputsQuickly
//	the issuer's keys change or cannot be fetched   key_server_test.go
//	AuthState waits for an issuer                   TestKeysOutOfReach, TestRefreshCannotBeChecked, TestDeploymentCannotCheck
//	the streams of a session, to their end          refresh_auth_test.go, clerk_cases_test.go; package rpc's
//	                                                stream_life_test.go, package lease, package clerk
//	a token expires while it is replaced            package live's TestExpiryDuringRenewal and TestStaleAuthErrorIsIgnored
//	the gateway's clock is off                      package lease's TestTokenIsNeededInTimeDespiteSkew, TestClockSkewIsShown
//	tickets, and tokens in a URL                    ticket_test.go
//	thousands of streams expire and are refreshed   sessions_soak_test.go
//
// Left out: opaque machine tokens are never accepted, so no setting permits them. No method of the gateway asks for
// reverification, and a function that does cannot see fva, which Convex leaves out. A RefreshAuth with an equal token is no
// error, so that one whose answer was lost can be repeated.

// caseKey signs the tokens of these cases, so that they can be made invalid in any way.
var caseKey, otherCaseKey = sync.OnceValue(newCaseKey), sync.OnceValue(newCaseKey)

func newCaseKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// caseIssuer is a Clerk instance whose keys can be withheld from the gateway and are served to the deployment.
type caseIssuer struct {
	*devclerk.Instance
	t       *testing.T
	key     *rsa.PrivateKey
	begin   int64 // the gateway's time at first, in seconds since 1970
	clock   *caseClock
	fetches atomic.Int64 // of keys, by the gateway
	answer  atomic.Pointer[http.HandlerFunc]
}

// caseClock is how far a test has moved a clock.
type caseClock struct{ ahead atomic.Int64 }

func (c *caseClock) advance(d time.Duration) { c.ahead.Add(int64(d)) }

func newCaseIssuer(t *testing.T, path string, key *rsa.PrivateKey) *caseIssuer {
	t.Helper()
	is := &caseIssuer{t: t, key: key, begin: time.Now().Unix(), clock: &caseClock{}}
	is.Instance = devclerk.New(devclerk.Config{Key: key, Clock: is.now, TokenLifetime: 30 * time.Minute})
	front := httptest.NewServer(is)
	t.Cleanup(front.Close)
	is.SetURL(front.URL + path)
	return is
}

// now changes only by advance, so that a case at a limit is at it however long the test takes.
func (is *caseIssuer) now() time.Time {
	return time.Unix(is.begin, 0).Add(time.Duration(is.clock.ahead.Load()))
}

// keysElsewhere is where the deployment finds the keys.
const keysElsewhere = "/keys-of-the-deployment"

func (is *caseIssuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const keys, discovery = "/.well-known/jwks.json", "/.well-known/openid-configuration"
	switch {
	case strings.HasSuffix(r.URL.Path, keys):
		is.fetches.Add(1)
		if answer := is.answer.Load(); answer != nil {
			(*answer)(w, r)
			return
		}
	case strings.HasSuffix(r.URL.Path, keysElsewhere):
		r.URL.Path = strings.TrimSuffix(r.URL.Path, keysElsewhere) + keys
	case strings.HasSuffix(r.URL.Path, discovery):
		fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":"%s%s"}`, is.URL(), is.URL(), keysElsewhere)
		return
	}
	is.Instance.ServeHTTP(w, r)
}

// publish answers the gateway's requests for keys; nil answers with the keys.
func (is *caseIssuer) publish(answer http.HandlerFunc) {
	if answer == nil {
		is.answer.Store(nil)
		return
	}
	is.answer.Store(&answer)
}

// edit changes members of a header or of claims; nil removes one.
type edit = map[string]any

// token makes a session token of ada's, 30 minutes long, with changes.
func (is *caseIssuer) token(claims edit) string { return is.tokenWith(nil, claims) }

func (is *caseIssuer) tokenWith(header, claims edit) string {
	is.t.Helper()
	all := edit{"name": "Ada of the cases", "jti": "token-of-the-cases"}
	maps.Copy(all, claims)
	token, err := is.Token(devclerk.TokenOptions{User: "user_adaOfTheCases", Header: header, Claims: all})
	if err != nil {
		is.t.Fatal(err)
	}
	return token
}

// parts are header and payload of a good token, with changes.
func (is *caseIssuer) parts(header, claims edit) (head, payload []byte) {
	p := strings.Split(is.tokenWith(header, claims), ".")
	return decodePart(p[0]), decodePart(p[1])
}

func decodePart(text string) []byte {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return raw
}

// sign signs anything with RS256.
func sign(key *rsa.PrivateKey, header, payload []byte) string {
	return signAs(header, payload, func(input []byte) []byte {
		digest := sha256.Sum256(input)
		signature, _ := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
		return signature
	})
}

func signAs(header, payload []byte, signature func(input []byte) []byte) string {
	encode := base64.RawURLEncoding.EncodeToString
	input := encode(header) + "." + encode(payload)
	return input + "." + encode(signature([]byte(input)))
}

// withAlg signs in another way than RS256, and names it in alg.
func (is *caseIssuer) withAlg(alg string, signature func(input []byte) []byte) string {
	header, payload := is.parts(edit{"alg": alg}, nil)
	return signAs(header, payload, signature)
}

// rewritten signs a good token's payload after a change of its text.
func (is *caseIssuer) rewritten(old, text string) string {
	header, payload := is.parts(nil, nil)
	if !strings.Contains(string(payload), old) {
		is.t.Fatalf("no %s in %s", old, payload)
	}
	return sign(is.key, header, []byte(strings.Replace(string(payload), old, text, 1)))
}

// credentialCase is a credential and its result.
type credentialCase struct {
	name   string
	on     *caseGateway
	auth   []string            // the values of authorization
	header []string            // others, names and values
	want   failure             // zero: accepted
	id     *gatewayv1.Identity // of an accepted credential; nil: ada's
	only   protocol            // 0: each protocol
}

// protocol is how a case's calls are made.
type protocol int

const (
	overGRPC protocol = iota + 1
	overREST
)

// caseGateway is a gateway that the cases share, with every secret that it was sent and every refusal that it returned.
type caseGateway struct {
	*gateway
	issuer *caseIssuer

	mu      sync.Mutex
	secrets map[string]bool
	answers strings.Builder
}

func startCases(t *testing.T, is *caseIssuer, others []*caseIssuer, change ...func(*Config)) *caseGateway {
	t.Helper()
	providers, issuers := []deployment.Provider{}, []string{}
	for _, i := range append([]*caseIssuer{is}, others...) {
		providers = append(providers, deployment.Provider{Domain: i.URL(), ApplicationID: "convex"})
		issuers = append(issuers, i.URL())
	}
	return startCasesBefore(t, is, issuers, startDeployment(t, deployment.Config{Providers: providers}), change...)
}

func startCasesBefore(t *testing.T, is *caseIssuer, issuers []string, d *deployment.Deployment, change ...func(*Config)) *caseGateway {
	t.Helper()
	up := Upstream{ConvexURL: d.URL(), Issuers: issuers, ClerkSecretKey: is.SecretKey(), WebhookSecrets: []string{is.WebhookSecret()}}
	g := startUpstream(t, up, append([]func(*Config){func(c *Config) { c.Clock, c.AdminAddr = is.now, "127.0.0.1:0" }}, change...)...)
	g.dev = d
	c := &caseGateway{gateway: g, issuer: is, secrets: map[string]bool{}}
	c.hide(is.SecretKey(), is.WebhookSecret(), d.AdminKey(), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(is.key)})))
	return c
}

// in is the gateway in a subtest.
func (c *caseGateway) in(t *testing.T) *gateway {
	g := *c.gateway
	g.t = t
	return &g
}

// hide adds secrets that no log line, answer or metric may hold.
func (c *caseGateway) hide(secrets ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range secrets {
		c.secrets[s] = true
	}
}

// hideToken hides a token, its parts, and every claim in it that is long enough not to occur in other text by chance.
func (c *caseGateway) hideToken(token string) {
	p := strings.Split(token, ".")
	for _, part := range append(p, token) {
		if len(part) >= 12 {
			c.hide(part)
		}
	}
	if len(p) != 3 {
		return
	}
	payload, _ := base64.RawURLEncoding.DecodeString(p[1])
	var claims map[string]any
	_ = json.Unmarshal(payload, &claims)
	delete(claims, "iss") // an issuer of the configuration is no secret
	delete(claims, "act") // the impersonator is logged on purpose
	for text := range texts(claims) {
		if len(text) >= 8 {
			c.hide(text)
		}
	}
}

// texts are all strings in a JSON value.
func texts(value any) map[string]bool {
	all := map[string]bool{}
	switch value := value.(type) {
	case string:
		all[value] = true
	case []any:
		for _, v := range value {
			maps.Copy(all, texts(v))
		}
	case map[string]any:
		for _, v := range value {
			maps.Copy(all, texts(v))
		}
	}
	return all
}

// answered keeps the text of a refusal.
func (c *caseGateway) answered(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers.WriteString(text + "\n")
}

// revealsNothing fails the test if a secret is in the logs, the refusals or the metrics.
func (c *caseGateway) revealsNothing(t *testing.T) {
	t.Helper()
	metrics := c.in(t).fromAdmin("/metrics").body
	c.mu.Lock()
	defer c.mu.Unlock()
	logs, answers := c.logs.String(), c.answers.String()
	if len(c.secrets) < 4 || !strings.Contains(logs, `"msg":"call"`) || !strings.Contains(metrics, "convexgateway_authentications_total{") {
		t.Errorf("%d secrets, %d bytes of logs and %d of metrics are too few", len(c.secrets), len(logs), len(metrics))
	}
	for secret := range c.secrets {
		for where, text := range map[string]string{"logs": logs, "answers": answers, "metrics": metrics} {
			if i := strings.Index(text, secret); i >= 0 {
				t.Errorf("the %s hold %.60q: %.300s", where, secret, text[max(0, i-150):])
			}
		}
	}
}

func (tt credentialCase) run(t *testing.T) {
	for _, value := range tt.auth {
		tt.on.hideToken(strings.TrimPrefix(value, "Bearer "))
	}
	if tt.id == nil {
		tt.id = &gatewayv1.Identity{Subject: "user_adaOfTheCases", SessionId: "sess_adaOfTheCases"}
	}
	g := tt.on.in(t)
	if tt.only != overREST {
		t.Run("gRPC", func(t *testing.T) { tt.overGRPC(t, tt.on.in(t)) })
	}
	if tt.only != overGRPC {
		t.Run("REST", func(t *testing.T) { tt.overREST(t, tt.on.in(t)) })
	}
	if tt.want.code != codes.OK && tt.want.code != codes.Unavailable && g.dev != nil {
		if calls := g.dev.Stats().HTTPCalls; tt.on.asked(calls) {
			t.Errorf("the deployment was called by a caller who was refused: %v", calls)
		}
	}
}

// asked reports whether the deployment has run the function of refusedPath.
func (c *caseGateway) asked(calls map[deployment.Call]int) bool {
	for call := range calls {
		if call.Path == refusedPath {
			return true
		}
	}
	return false
}

// refusedPath is the function in the requests of callers that are refused.
const refusedPath = "values:echo"

func (tt credentialCase) overGRPC(t *testing.T, g *gateway) {
	ctx := g.context()
	for _, value := range tt.auth {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", value)
	}
	ctx = metadata.AppendToOutgoingContext(ctx, tt.header...)
	state := g.authState(ctx, &gatewayv1.AuthStateRequest{})
	defer state.cancel()
	if tt.want.code == codes.OK {
		me, err := g.functions.Query(ctx, &gatewayv1.QueryRequest{Path: "users:me"})
		if err != nil {
			t.Fatalf("call: %v", err)
		}
		tt.checkMe(t, me.GetValue().GetStructValue().GetFields()["subject"].GetStringValue())
		stream := g.subscribe(ctx, &gatewayv1.SubscribeRequest{Path: "users:me"})
		defer stream.cancel()
		tt.checkMe(t, result(stream).GetValue().GetStructValue().GetFields()["subject"].GetStringValue())
		tt.checkStates(t, state.next, state.next)
		return
	}
	var trailer metadata.MD
	_, err := g.functions.Query(ctx, &gatewayv1.QueryRequest{Path: refusedPath}, grpc.Trailer(&trailer))
	tt.refused(t, err, trailer)
	stream := g.subscribe(ctx, &gatewayv1.SubscribeRequest{Path: refusedPath})
	tt.refused(t, stream.end(), stream.Trailer())
	event := state.next()
	if tt.waits(t, event) {
		return
	}
	err = state.end()
	if !tt.anonymous() {
		tt.refused(t, err, state.Trailer())
	}
}

// refused checks a refusal over gRPC.
func (tt credentialCase) refused(t *testing.T, err error, trailer metadata.MD) {
	t.Helper()
	tt.want.checkStatus(t, err, trailer)
	tt.on.answered(fmt.Sprint(err, trailer, status.Convert(err).Proto()))
}

func (tt credentialCase) anonymous() bool { return len(tt.auth) == 0 }

// waits checks the one event of AuthState, and reports whether the stream stays open after it.
func (tt credentialCase) waits(t *testing.T, event *gatewayv1.AuthStateResponse) bool {
	t.Helper()
	want, reason := gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED, tt.want.reason
	if tt.want.code == codes.Unavailable { // an outage: the token may be good
		want, reason = gatewayv1.AuthStateResponse_STATE_LOADING, ""
	}
	if event.GetState() != want || event.GetReason() != reason || event.GetIdentity() != nil {
		t.Errorf("AuthState: %v, want %v %s", event, want, reason)
	}
	return tt.anonymous() || want == gatewayv1.AuthStateResponse_STATE_LOADING
}

// checkMe compares the subject that the deployment sees.
func (tt credentialCase) checkMe(t *testing.T, subject string) {
	t.Helper()
	if want := tt.id.GetSubject(); subject != want {
		t.Errorf("the deployment sees %q, want %q", subject, want)
	}
}

// checkStates wants LOADING and then AUTHENTICATED, for an anonymous caller one UNAUTHENTICATED.
func (tt credentialCase) checkStates(t *testing.T, events ...func() *gatewayv1.AuthStateResponse) {
	t.Helper()
	if tt.anonymous() {
		if event := events[0](); event.GetState() != gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED || event.GetReason() != "NO_CREDENTIALS" {
			t.Errorf("AuthState: %v", event)
		}
		return
	}
	for i, want := range []gatewayv1.AuthStateResponse_State{gatewayv1.AuthStateResponse_STATE_LOADING, gatewayv1.AuthStateResponse_STATE_AUTHENTICATED} {
		event := events[i]()
		id := event.GetIdentity()
		if event.GetState() != want || event.GetReason() != "" {
			t.Errorf("AuthState: %v, want %v", event, want)
		}
		if id.GetSubject() != tt.id.GetSubject() || id.GetSessionId() != tt.id.GetSessionId() || id.GetOrgId() != tt.id.GetOrgId() ||
			id.GetOrgRole() != tt.id.GetOrgRole() || id.GetOrgSlug() != tt.id.GetOrgSlug() || id.GetActorSubject() != tt.id.GetActorSubject() {
			t.Errorf("AuthState: %v, want %v", id, tt.id)
		}
	}
}

func (tt credentialCase) overREST(t *testing.T, g *gateway) {
	header := slices.Clone(tt.header)
	for _, value := range tt.auth {
		header = append(header, "Authorization", value)
	}
	if tt.want.code == codes.OK {
		me := g.rest("POST", "/v1/query", `{"path":"users:me"}`, header...)
		if want := tt.id.GetSubject(); me.status != http.StatusOK || !strings.Contains(me.body, `"`+want+`"`) && want != "" {
			t.Fatalf("call: HTTP %d %s", me.status, me.body)
		}
		if event := g.sse("GET", "/v1/subscribe?path=users:me", "", header...).result(); event.name != "value" || !strings.Contains(event.data, tt.id.GetSubject()) {
			t.Errorf("stream: %+v", event)
		}
		state := g.sse("GET", "/v1/auth/state", "", header...)
		next := func() *gatewayv1.AuthStateResponse {
			return fromJSON(t, state.next().data, &gatewayv1.AuthStateResponse{})
		}
		tt.checkStates(t, next, next)
		return
	}
	for _, refusal := range []answer{
		g.rest("POST", "/v1/query", `{"path":"`+refusedPath+`"}`, header...),
		g.rest("GET", "/v1/subscribe?path="+refusedPath, "", append([]string{"Accept", "text/event-stream"}, header...)...),
		g.rest("GET", "/v1/subscribe?path="+refusedPath, "", header...),
	} {
		tt.want.checkAnswer(t, refusal)
		tt.on.answered(fmt.Sprint(refusal.header, refusal.body))
	}
	if slices.Contains(tt.header, "Grpc-Metadata-Authorization") { // found before the stream begins, so the refusal is an HTTP status
		tt.want.checkAnswer(t, g.rest("GET", "/v1/auth/state", "", header...))
		return
	}
	state := g.sse("GET", "/v1/auth/state", "", header...)
	defer state.cancel()
	first := state.next()
	tt.on.answered(first.data)
	if tt.waits(t, fromJSON(t, first.data, &gatewayv1.AuthStateResponse{})) {
		return
	}
	last := state.next()
	tt.want.checkBody(t, last.data)
	if rest := state.block(); last.name != "status" || rest != nil {
		t.Errorf("AuthState ends with %+v, %q", last, rest)
	}
}

// bearer is the value of a good header.
func bearer(token string) []string { return []string{"Bearer " + token} }

func denied(reason string) failure {
	return failure{code: codes.PermissionDenied, reason: reason, http: http.StatusForbidden}
}

// Credentials that can be accepted or refused with the keys that have been fetched.
func TestCredentials(t *testing.T) {
	t.Parallel()
	is, tenant := newCaseIssuer(t, "", caseKey()), newCaseIssuer(t, "", otherCaseKey())
	proxied := newCaseIssuer(t, "/__clerk", caseKey())
	tenant.begin, proxied.begin = is.begin, is.begin
	const app = "https://app.cases.example"
	on := struct{ plain, templates, parties, required, machines, genuine, proxied, both *caseGateway }{
		plain:     startCases(t, is, nil),
		templates: startCases(t, is, nil, func(c *Config) { c.AllowTemplateTokens = true }),
		parties:   startCases(t, is, nil, func(c *Config) { c.AuthorizedParties = []string{app, "https://admin.cases.example"} }),
		required:  startCases(t, is, nil, func(c *Config) { c.RequireAuth = true }),
		machines:  startCases(t, is, nil, func(c *Config) { c.AllowMachineTokens = true }),
		genuine:   startCases(t, is, nil, func(c *Config) { c.RefuseImpersonation = true }),
		proxied:   startCases(t, proxied, nil),
		both:      startCases(t, is, []*caseIssuer{tenant}),
	}
	p, now := on.plain, is.begin
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a URL of a token was fetched") }))
	defer trap.Close()

	malformed, class, audience, issuer := unauthenticated("MALFORMED"), unauthenticated("TOKEN_CLASS"), unauthenticated("AUDIENCE"), unauthenticated("ISSUER")
	expired, subject := unauthenticated("TOKEN_EXPIRED"), unauthenticated("SUBJECT")
	template := edit{"sid": nil, "v": nil, "sts": nil, "fva": nil}
	sessionless := &gatewayv1.Identity{Subject: "user_adaOfTheCases"}
	machine := edit{"sub": "mch_7OfTheCases", "jti": "mt_9OfTheCases", "sid": nil, "sts": nil, "v": nil}
	with := func(base, change edit) edit {
		all := maps.Clone(base)
		maps.Copy(all, change)
		return all
	}
	raw := func(text string) json.RawMessage { return json.RawMessage(text) }
	good := is.token(nil)
	org := &gatewayv1.Identity{
		Subject: "user_adaOfTheCases", SessionId: "sess_adaOfTheCases", OrgId: "org_7OfTheCases", OrgRole: "org:admin", OrgSlug: "acmeOfTheCases",
	}

	cases := []credentialCase{
		{name: "a session token", on: p, auth: bearer(good)},
		{name: "a session token by cat", on: p, auth: bearer(is.tokenWith(edit{"cat": "cl_B7d4PD111AAA", "oiat": now}, nil))},
		{name: "a template token, allowed", on: on.templates, auth: bearer(is.token(template)), id: sessionless},
		{name: "a template token by cat, allowed", on: on.templates, auth: bearer(is.tokenWith(edit{"cat": "cl_B7d4PD222AAA"}, template)), id: sessionless},
		{name: "a template token by cat", on: p, auth: bearer(is.tokenWith(edit{"cat": "cl_B7d4PD222AAA"}, nil)), want: class},
		{name: "a template token by its missing sid", on: p, auth: bearer(is.token(template)), want: class},
		{name: "no credential where one is needed", on: on.required, want: unauthenticated("NO_CREDENTIALS")},
		{name: "no credential where none is needed", on: p, id: &gatewayv1.Identity{}},
		{name: "header: Bearer and a space", on: p, auth: []string{"Bearer "}, want: malformed},
		{name: "header: Bearer only", on: p, auth: []string{"Bearer"}, want: malformed},
		{name: "header: empty", on: p, auth: []string{""}, want: malformed},
		{name: "header: Basic", on: p, auth: []string{"Basic YWRhOmh1bnRlcjI="}, want: malformed},
		{name: "header: a JWT without scheme", on: p, auth: []string{good}, want: malformed},
		{name: "the deployment's admin key", on: p, auth: []string{"Convex " + p.dev.AdminKey()}, want: malformed},
		{name: "the deployment's admin key as a token", on: p, auth: bearer(p.dev.AdminKey()), want: malformed},
		{name: "two credentials: two values", on: p, auth: append(bearer(good), bearer(good)...), want: unauthenticated("AMBIGUOUS_CREDENTIALS")},
		{name: "two credentials: Grpc-Metadata-Authorization beside it", on: p, auth: bearer(good), header: []string{"Grpc-Metadata-Authorization", "Bearer " + good}, only: overREST, want: unauthenticated("AMBIGUOUS_CREDENTIALS")},
		{name: "two credentials: Grpc-Metadata-Authorization alone", on: p, header: []string{"Grpc-Metadata-Authorization", "Bearer " + good}, only: overREST, want: unauthenticated("AMBIGUOUS_CREDENTIALS")},
		{name: "bearer in lower case", on: p, auth: []string{"bearer " + good}},
		{name: "expired since 1 s", on: p, auth: bearer(is.token(edit{"iat": now - 60, "exp": now - 1})), want: expired},
		{name: "expires now", on: p, auth: bearer(is.token(edit{"iat": now - 60, "exp": now})), want: expired},
		{name: "expires in 1 s", on: p, auth: bearer(is.token(edit{"iat": now - 60, "exp": now + 1})), want: expired},
		{name: "exp is missing", on: p, auth: bearer(is.token(edit{"exp": nil})), want: malformed},
		{name: "exp is null", on: p, auth: bearer(is.token(edit{"exp": raw("null")})), want: malformed},
		{name: "exp is a string", on: p, auth: bearer(is.token(edit{"exp": fmt.Sprint(now + 60)})), want: malformed},
		{name: "exp is negative", on: p, auth: bearer(is.token(edit{"exp": -now})), want: malformed},
		{name: "exp is 1e30", on: p, auth: bearer(is.token(edit{"exp": raw("1e30")})), want: malformed},
		{name: "exp is a fraction", on: p, auth: bearer(is.token(edit{"exp": raw(fmt.Sprint(now+60) + ".5")})), want: malformed},
		{name: "a lifetime of ten years", on: p, auth: bearer(is.token(edit{"exp": now + 10*365*86400})), want: unauthenticated("TOKEN_LIFETIME")},
		{name: "iat 3 s ahead", on: p, auth: bearer(is.token(edit{"iat": now + 3}))},
		{name: "nbf 3 s ahead", on: p, auth: bearer(is.token(edit{"nbf": now + 3}))},
		{name: "iat 30 s ahead", on: p, auth: bearer(is.token(edit{"iat": now + 30})), want: unauthenticated("TOKEN_NOT_YET_VALID")},
		{name: "nbf 30 s ahead", on: p, auth: bearer(is.token(edit{"nbf": now + 30})), want: unauthenticated("TOKEN_NOT_YET_VALID")},
		{name: "aud is missing", on: p, auth: bearer(is.token(edit{"aud": nil})), want: audience},
		{name: "aud is another", on: p, auth: bearer(is.token(edit{"aud": "other"})), want: audience},
		{name: "two audiences", on: p, auth: bearer(is.token(edit{"aud": []string{"convex", "x"}})), want: audience},
		{name: "no audience in the list", on: p, auth: bearer(is.token(edit{"aud": []string{}})), want: audience},
		{name: "aud is a number", on: p, auth: bearer(is.token(edit{"aud": 7})), want: audience},
		{name: "one audience in a list", on: p, auth: bearer(is.token(edit{"aud": []string{"convex"}}))},
		{name: "another issuer, another tenant's key", on: on.both, auth: bearer(tenant.token(edit{"iss": "https://clerk.evil.com"})), want: issuer},
		{name: "our issuer, another tenant's key id", on: on.both, auth: bearer(tenant.token(edit{"iss": is.URL()})), want: unauthenticated("UNKNOWN_KEY")},
		{name: "our issuer and key id, another tenant's key", on: on.both, auth: bearer(tenant.tokenWith(edit{"kid": is.ID()}, edit{"iss": is.URL()})), want: unauthenticated("BAD_SIGNATURE")},
		{name: "iss with a slash", on: p, auth: bearer(is.token(edit{"iss": is.URL() + "/"})), want: issuer},
		{name: "iss with another scheme", on: p, auth: bearer(is.token(edit{"iss": strings.Replace(is.URL(), "http:", "https:", 1)})), want: issuer},
		{name: "iss in upper case", on: p, auth: bearer(is.token(edit{"iss": strings.ToUpper(is.URL())})), want: issuer},
		{name: "iss with a suffix", on: p, auth: bearer(is.token(edit{"iss": is.URL() + ".evil"})), want: issuer},
		{name: "iss is a proxy's URL with a path", on: on.proxied, auth: bearer(proxied.token(nil))},
		{name: "the other tenant where it is configured", on: on.both, auth: bearer(tenant.token(nil))},
		{name: "the other tenant where it is not", on: p, auth: bearer(tenant.token(nil)), want: issuer},
		{name: "kid is missing", on: p, auth: bearer(is.tokenWith(edit{"kid": nil}, nil)), want: malformed},
		{name: "kid is a number", on: p, auth: bearer(is.tokenWith(edit{"kid": 7}, nil)), want: malformed},
		{name: "kid is long", on: p, auth: bearer(is.tokenWith(edit{"kid": strings.Repeat("k", 1000)}, nil)), want: malformed},
		{name: "signature of a wrong key", on: p, auth: bearer(wronglySigned(is, otherCaseKey())), want: unauthenticated("BAD_SIGNATURE")},
		{name: "signature of another payload", on: p, auth: bearer(flipped(good, "Ada of", "Eda of")), want: unauthenticated("BAD_SIGNATURE")},
		{name: "alg: none", on: p, auth: bearer(is.withAlg("none", func([]byte) []byte { return []byte("none") })), want: malformed},
		{name: "alg: HS256 with the public key", on: p, auth: bearer(is.withAlg("HS256", is.hs256)), want: malformed},
		{name: "alg: PS256", on: p, auth: bearer(is.withAlg("PS256", is.ps256)), want: malformed},
		{name: "alg: RS512", on: p, auth: bearer(is.withAlg("RS512", is.rs512)), want: malformed},
		{name: "alg: ES256", on: p, auth: bearer(is.withAlg("ES256", es256)), want: malformed},
		{name: "alg: rs256", on: p, auth: bearer(is.tokenWith(edit{"alg": "rs256"}, nil)), want: malformed},
		{name: "header member: jwk", on: p, auth: bearer(is.tokenWith(edit{"jwk": edit{"kty": "RSA", "n": "AQAB", "e": "AQAB"}}, nil)), want: malformed},
		{name: "header member: jku", on: p, auth: bearer(is.tokenWith(edit{"jku": trap.URL}, nil)), want: malformed},
		{name: "header member: x5c", on: p, auth: bearer(is.tokenWith(edit{"x5c": []string{"AA=="}}, nil)), want: malformed},
		{name: "header member: x5u", on: p, auth: bearer(is.tokenWith(edit{"x5u": trap.URL}, nil)), want: malformed},
		{name: "header member: crit", on: p, auth: bearer(is.tokenWith(edit{"crit": []string{"exp"}}, nil)), want: malformed},
		{name: "header member: b64", on: p, auth: bearer(is.tokenWith(edit{"b64": false}, nil)), want: malformed},
		{name: "form: flattened JSON", on: p, auth: bearer(inJSON(good, 0)), want: malformed},
		{name: "form: general JSON", on: p, auth: bearer(inJSON(good, 1)), want: malformed},
		{name: "form: two signatures", on: p, auth: bearer(inJSON(good, 2)), want: malformed},
		{name: "form: encrypted", on: p, auth: bearer("eyJhbGciOiJSU0EtT0FFUCJ9.AAAA.AAAA.AAAA.AAAA"), want: malformed},
		{name: "form: nested", on: p, auth: bearer(tokenInToken(is, good)), want: malformed},
		{name: "form: padding", on: p, auth: bearer(good + "="), want: malformed},
		{name: "form: a space before it", on: p, auth: bearer(" " + good)},
		{name: "form: a space in it", on: p, auth: bearer(strings.Replace(good, ".", ". ", 1)), want: malformed},
		{name: "form: a dot behind it", on: p, auth: bearer(good + "."), want: malformed},
		{name: "form: four parts", on: p, auth: bearer(good + ".AAAA"), want: malformed},
		{name: "form: dots", on: p, auth: bearer(strings.Repeat(".", 20_000)), want: malformed},
		{name: "form: other unused bits in the signature", on: p, auth: bearer(respell(good)), want: malformed},
		{name: "a token of 9 KiB", on: p, auth: bearer(is.token(edit{"bio": strings.Repeat("x", 7<<10)})), want: unauthenticated("TOKEN_TOO_LARGE")},
		{name: "sub is missing", on: p, auth: bearer(is.token(edit{"sub": nil})), want: subject},
		{name: "sub is empty", on: p, auth: bearer(is.token(edit{"sub": ""})), want: subject},
		{name: "sub is a number", on: p, auth: bearer(is.token(edit{"sub": 7})), want: subject},
		{name: "sub is a machine", on: p, auth: bearer(is.token(edit{"sub": "mch_7OfTheCases"})), want: class},
		{name: "sub is an organization", on: p, auth: bearer(is.token(edit{"sub": "org_7OfTheCases"})), want: subject},
		{name: "SUB beside sub", on: p, auth: bearer(is.token(edit{"SUB": "user_eveOfTheCases"})), want: malformed},
		{name: "sub twice", on: p, auth: bearer(is.rewritten(`"sub":"user_adaOfTheCases"`, `"sub":"user_adaOfTheCases","sub":"user_eveOfTheCases"`)), want: malformed},
		{name: "Exp only", on: p, auth: bearer(is.token(edit{"exp": nil, "Exp": now + 60})), want: malformed},
		{name: "a handshake", on: p, auth: bearer(is.token(edit{"sub": nil, "sid": nil, "aud": nil, "handshake": []string{"__session=ofTheCases"}})), want: class},
		{name: "a client cookie", on: on.templates, auth: bearer(is.token(edit{"sub": nil, "sid": nil, "aud": nil, "id": "client_7OfTheCases", "rotating_token": "rotatingOfTheCases"})), want: class},
		{name: "a machine's JWT with cat", on: p, auth: bearer(is.tokenWith(edit{"cat": "cl_B7d4PD333AAA"}, machine)), want: class},
		{name: "a machine's JWT without cat", on: on.templates, auth: bearer(is.token(machine)), want: class},
		{name: "a machine's JWT, allowed", on: on.machines, auth: bearer(is.tokenWith(edit{"cat": "cl_B7d4PD333AAA"}, machine)), id: &gatewayv1.Identity{Subject: "mch_7OfTheCases"}},
		{name: "a machine's JWT without cat, allowed", on: on.machines, auth: bearer(is.token(machine)), id: &gatewayv1.Identity{Subject: "mch_7OfTheCases"}},
		{name: "a machine's JWT for another audience", on: on.machines, auth: bearer(is.token(with(machine, edit{"aud": "mch_8OfTheCases"}))), want: audience},
		{name: "a machine's JWT of nine years", on: on.machines, auth: bearer(is.token(with(machine, edit{"exp": now + 3e8}))), want: unauthenticated("TOKEN_LIFETIME")},
		{name: "an OAuth token by typ", on: p, auth: bearer(is.tokenWith(edit{"typ": "at+jwt"}, nil)), want: class},
		{name: "an OAuth token by typ, where machines are allowed", on: on.machines, auth: bearer(is.tokenWith(edit{"typ": "application/at+jwt"}, machine)), want: class},
		{name: "an opaque machine token", on: p, auth: bearer("mt_2xKa9Bgv7NxMRDFyQw8LpZ3cTmU1vHjE"), want: class},
		{name: "an opaque machine token, where machines are allowed", on: on.machines, auth: bearer("mt_2xKa9Bgv7NxMRDFyQw8LpZ3cTmU1vHjE"), want: class},
		{name: "an API key", on: p, auth: bearer("ak_2xKa9Bgv7NxMRDFyQw8LpZ3cTmU1vHjE"), want: class},
		{name: "an opaque OAuth token", on: p, auth: bearer("oat_2xKa9Bgv7NxMRDFyQw8LpZ3cTmU1vHjE"), want: class},
		{name: "a pending session", on: p, auth: bearer(is.token(edit{"sts": "pending"})), want: denied("SESSION_PENDING")},
		{name: "azp is not listed", on: on.parties, auth: bearer(is.token(edit{"azp": "https://evil.cases.example"})), want: denied("AZP")},
		{name: "azp is not the origin", on: on.parties, auth: bearer(is.token(edit{"azp": app})), header: []string{"Origin", "https://admin.cases.example"}, want: denied("AZP")},
		{name: "a browser without azp", on: on.parties, auth: bearer(good), header: []string{"Origin", app}, want: denied("AZP")},
		{name: "azp is the origin, and neither is listed", on: on.parties, auth: bearer(is.token(edit{"azp": "https://evil.cases.example"})), header: []string{"Origin", "https://evil.cases.example"}, want: denied("AZP")},
		{name: "azp is the origin", on: on.parties, auth: bearer(is.token(edit{"azp": app})), header: []string{"Origin", app}},
		{name: "azp where nothing is listed", on: p, auth: bearer(is.token(edit{"azp": app})), header: []string{"Origin", "https://evil.cases.example"}},
		{name: "no browser and no azp", on: on.parties, auth: bearer(good)},
		{name: "no browser and a listed azp", on: on.parties, auth: bearer(is.token(edit{"azp": app}))},
		{name: "an impersonated user", on: p, auth: bearer(is.token(edit{"act": edit{"iss": "https://dashboard.clerk.com", "sub": "user_boss"}})),
			id: &gatewayv1.Identity{Subject: "user_adaOfTheCases", SessionId: "sess_adaOfTheCases", ActorSubject: "user_boss"}},
		{name: "an impersonated user, refused", on: on.genuine, auth: bearer(is.token(edit{"act": edit{"sub": "user_boss"}})), want: denied("IMPERSONATION")},
		{name: "a user, where impersonation is refused", on: on.genuine, auth: bearer(good)},
		{name: "a claim subject", on: p, auth: bearer(is.token(edit{"subject": "spoof"})), want: denied("RESERVED_CLAIM")},
		{name: "a claim issuer", on: p, auth: bearer(is.token(edit{"issuer": "spoof"})), want: denied("RESERVED_CLAIM")},
		{name: "a claim tokenIdentifier", on: p, auth: bearer(is.token(edit{"tokenIdentifier": "spoof"})), want: denied("RESERVED_CLAIM")},
		{name: "the organization of a token of version 1", on: p, auth: bearer(is.token(edit{"v": nil, "org_id": org.OrgId, "org_role": org.OrgRole, "org_slug": org.OrgSlug})), id: org},
		{name: "the organization of a token of version 2", on: p, auth: bearer(is.token(edit{"o": edit{"id": org.OrgId, "rol": "admin", "slg": org.OrgSlug}})), id: org},
		{name: "a forged organization in version 2", on: p, auth: bearer(is.token(edit{"org_id": org.OrgId, "org_role": org.OrgRole}))},
		{name: "sid is a path", on: p, auth: bearer(is.token(edit{"sid": "../users/x"})), want: malformed},
	}
	t.Run("cases", func(t *testing.T) {
		for _, tt := range cases {
			t.Run(tt.name, tt.run)
		}
	})
	t.Run("a token of 1 MiB", func(t *testing.T) { p.beyondHeaders(t, is.token(edit{"bio": strings.Repeat("x", 1<<20)})) })
	t.Run("a kid of 1 MB", func(t *testing.T) { p.beyondHeaders(t, is.tokenWith(edit{"kid": strings.Repeat("k", 1_000_000)}, nil)) })
	t.Run("the actor is logged", func(t *testing.T) {
		actor := p.audit.Names().Name("user_boss")
		if logs := p.logs.String(); !strings.Contains(logs, `"actor":"`+actor+`"`) || strings.Contains(on.genuine.logs.String(), `"actor"`) {
			t.Error("the actor is not logged, or is where impersonation is refused")
		}
	})
	t.Run("why an opaque token is refused", func(t *testing.T) {
		if got := p.in(t).rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer mt_2xKa"); !strings.Contains(got.body, "send a JWT") {
			t.Errorf("HTTP %d %s", got.status, got.body)
		}
	})
	t.Run("no request to Clerk", func(t *testing.T) {
		for _, e := range []devclerk.Endpoint{devclerk.GetSession, devclerk.Tokens, devclerk.Users, devclerk.Revoke, devclerk.M2MVerify} {
			if n := is.Requests(e); n != 0 {
				t.Errorf("%d requests of %s", n, e)
			}
		}
	})
	t.Run("no secret is revealed", func(t *testing.T) {
		for _, g := range []*caseGateway{p, on.templates, on.parties, on.required, on.machines, on.genuine, on.proxied, on.both} {
			g.revealsNothing(t)
		}
	})
}

// beyondHeaders sends a token that is larger than all headers may be: the transport refuses it.
func (c *caseGateway) beyondHeaders(t *testing.T, token string) {
	t.Helper()
	c.hideToken(token)
	g := c.in(t)
	_, err := g.functions.Query(g.as(token), &gatewayv1.QueryRequest{Path: refusedPath})
	if code := status.Code(err); code == codes.OK || code == codes.Unauthenticated {
		t.Errorf("over gRPC: %v", err)
	}
	r, err := http.NewRequestWithContext(g.context(), http.MethodPost, "http://"+g.HTTPAddr()+"/v1/query", strings.NewReader(`{"path":"`+refusedPath+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := g.client.Do(r)
	if err != nil {
		return // cut off before it was all sent
	}
	defer resp.Body.Close()
	if _, _ = io.Copy(io.Discard, resp.Body); resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("HTTP %d", resp.StatusCode)
	}
}

// wronglySigned is a good token signed with another key.
func wronglySigned(is *caseIssuer, key *rsa.PrivateKey) string {
	header, payload := is.parts(nil, nil)
	return sign(key, header, payload)
}

// flipped changes a token's payload, and not its signature.
func flipped(token, old, text string) string {
	p := strings.Split(token, ".")
	payload := strings.Replace(string(decodePart(p[1])), old, text, 1)
	return p[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + "." + p[2]
}

func publicPEM(t *testing.T, key *rsa.PublicKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

func (is *caseIssuer) hs256(input []byte) []byte {
	mac := hmac.New(sha256.New, []byte(publicPEM(is.t, &is.key.PublicKey)))
	mac.Write(input)
	return mac.Sum(nil)
}

func (is *caseIssuer) ps256(input []byte) []byte {
	digest := sha256.Sum256(input)
	signature, err := rsa.SignPSS(rand.Reader, is.key, crypto.SHA256, digest[:], nil)
	if err != nil {
		is.t.Fatal(err)
	}
	return signature
}

func (is *caseIssuer) rs512(input []byte) []byte {
	digest := sha512.Sum512(input)
	signature, err := rsa.SignPKCS1v15(nil, is.key, crypto.SHA512, digest[:])
	if err != nil {
		is.t.Fatal(err)
	}
	return signature
}

func es256(input []byte) []byte {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	digest := sha256.Sum256(input)
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		panic(err)
	}
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
}

// inJSON is a token in the JSON forms of a JWS (RFC 7515, 7.2): flattened, or with a list of so many signatures.
func inJSON(token string, signatures int) string {
	p := strings.Split(token, ".")
	if signatures == 0 {
		return fmt.Sprintf(`{"protected":%q,"payload":%q,"signature":%q}`, p[0], p[1], p[2])
	}
	one := fmt.Sprintf(`{"protected":%q,"signature":%q}`, p[0], p[2])
	return fmt.Sprintf(`{"payload":%q,"signatures":[%s]}`, p[1], strings.Join(slices.Repeat([]string{one}, signatures), ","))
}

// tokenInToken is a token whose payload is a token.
func tokenInToken(is *caseIssuer, token string) string {
	header, _ := is.parts(edit{"cty": "JWT"}, nil)
	return sign(is.key, header, []byte(token))
}

// respell changes bits of the last character that no decoder needs.
func respell(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	return token[:len(token)-1] + alphabet[last^1:last^1+1]
}

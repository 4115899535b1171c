package server

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"convexgateway/auth/lease"
	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

const operatorToken = "an-operator-of-the-tests-0123456789"

func withOperator(c *Config) { c.AdminAddr, c.AdminToken = "127.0.0.1:0", operatorToken }

// operate sends a request to the admin port with a token; empty: none.
func (g *gateway) operate(token, method, route, body string, header ...string) answer {
	g.t.Helper()
	began := time.Now()
	if token != "" {
		header = append(header, "Authorization", "Bearer "+token)
	}
	return g.read(g.do(g.context(), method, "http://"+g.AdminAddr()+"/admin/v1/"+route, body, header...), began)
}

// commanded sends a command, and returns how many streams it has asked to end.
func (g *gateway) commanded(name, body string) int {
	g.t.Helper()
	got := g.operate(operatorToken, http.MethodPost, name, body)
	var reply struct{ Streams int }
	if err := json.Unmarshal([]byte(got.body), &reply); err != nil || got.status != http.StatusOK {
		g.t.Fatalf("%s: %d %s", name, got.status, got.body)
	}
	return reply.Streams
}

// listedStream is a line of a list of streams.
type listedStream struct {
	Subject, Session, Path, Client, Address, Protocol string
	AgeSeconds, Bytes                                 int64
	Streams, Listed                                   int // of the last line
}

func (g *gateway) listed(query string) (streams []listedStream, last listedStream) {
	g.t.Helper()
	got := g.operate(operatorToken, http.MethodGet, "streams"+query, "")
	if got.status != http.StatusOK {
		g.t.Fatalf("streams: %d %s", got.status, got.body)
	}
	for lines := bufio.NewScanner(strings.NewReader(got.body)); lines.Scan(); {
		last = listedStream{}
		d := json.NewDecoder(strings.NewReader(lines.Text()))
		d.DisallowUnknownFields() // nothing else is in a list
		if err := d.Decode(&last); err != nil {
			g.t.Fatalf("%q: %v", lines.Text(), err)
		}
		streams = append(streams, last)
	}
	return streams[:len(streams)-1], last
}

// awaitListed waits until so many streams are selected.
func (g *gateway) awaitListed(query string, want int) []listedStream {
	g.t.Helper()
	for {
		if streams, last := g.listed(query); last.Streams == want {
			return streams
		}
		if g.context().Err() != nil {
			g.t.Fatalf("never %d streams", want)
		}
	}
}

// disconnected is how a stream ends that an operator ends.
var (
	disconnected = failure{code: codes.Unavailable, reason: "DRAINING", retry: true}
	blocked      = failure{code: codes.Unavailable, reason: "FUNCTION_BLOCKED", http: 503, retry: true}
)

// A list has who, what, from where, since when and how much; never arguments.
func TestOperatorListsStreams(t *testing.T) {
	t.Parallel()
	g := start(t, withOperator)
	ada := g.subscribe(g.as(g.token(deployment.TokenRequest{User: "ada"})), &gatewayv1.SubscribeRequest{Path: "counter.js:get", ArgsJson: []byte(`{"name":"confidential"}`)})
	result(ada)
	result(g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "users:me"}))
	sse := g.sse("GET", "/v1/subscribe?path=messages:list", "")
	sse.result()
	g.awaitListed("", 3)
	streams, last := g.listed("?subject=user_ada")
	if len(streams) != 1 || last.Streams != 1 || last.Listed != 1 {
		t.Fatalf("%+v, %+v", streams, last)
	}
	s := streams[0]
	if s.Subject != "user_ada" || s.Session != "sess_ada" || s.Path != "counter:get" || !strings.HasPrefix(s.Client, "grpc-go/") ||
		s.Address != "127.0.0.1" || s.Protocol != "grpc" || s.Bytes == 0 || s.AgeSeconds > 60 {
		t.Errorf("%+v", s)
	}
	if got := g.operate(operatorToken, http.MethodGet, "streams", ""); strings.Contains(got.body, "confidential") {
		t.Errorf("arguments are in %s", got.body)
	}
	for query, want := range map[string]int{"?path=users:me": 1, "?path=users.js:me": 1, "?session=sess_ada": 1, "?session=sess_bob": 0, "?path=messages:list": 1} {
		if _, last := g.listed(query); last.Streams != want {
			t.Errorf("%s selects %d streams", query, last.Streams)
		}
	}
	if streams, last := g.listed("?limit=2"); len(streams) != 2 || last.Listed != 2 || last.Streams != 3 {
		t.Errorf("limit=2: %d lines, %+v", len(streams), last)
	}
	ada.cancel()
	g.awaitListed("", 2)
}

// An operator ends streams by subject, session or path, and no others.
func TestOperatorDisconnects(t *testing.T) {
	t.Parallel()
	for body, ends := range map[string]string{
		`{"subject":"user_ada"}`: "ada", `{"session":"sess_ada"}`: "ada", `{"path":"counter.js:get"}`: "path",
		`{"subject":"user_ada","path":"counter:get"}`: "none",
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			g := start(t, withOperator)
			ada := g.subscribe(g.as(g.token(deployment.TokenRequest{User: "ada"})), &gatewayv1.SubscribeRequest{Path: "users:me"})
			result(ada)
			counter := g.subscribe(g.as(g.token(deployment.TokenRequest{User: "bob"})), &gatewayv1.SubscribeRequest{Path: "counter:get", ArgsJson: []byte(`{"name":"a"}`)})
			result(counter)
			watching := g.watch(g.context())
			watching.add(watchedCounter(1, "a"))
			watching.await(map[uint32]string{1: "0"})
			other := g.watch(g.context())
			other.add(&gatewayv1.WatchQuery{Target: 1, Path: "users:me"})
			other.await(map[uint32]string{1: "null"})

			g.commanded("disconnect", body)
			switch ends {
			case "ada":
				disconnected.checkStatus(t, ada.end(), ada.Trailer())
			case "path":
				disconnected.checkStatus(t, counter.end(), counter.Trailer())
				disconnected.checkStatus(t, watching.end(), watching.stream.Trailer())
			}
			left := map[string]int{"ada": 3, "path": 2, "none": 4}[ends]
			g.awaitListed("", left)
			if _, last := g.listed(""); last.Streams != left {
				t.Errorf("%d streams are left", last.Streams)
			}
			if !strings.Contains(g.logs.String(), `"audit":true`) {
				t.Error("no audit line")
			}
		})
	}
}

// A blocked function is refused on every wire, in a Watch as a removed target, and its streams end. Others go on, and the block ends.
func TestOperatorBlocksAFunction(t *testing.T) {
	t.Parallel()
	g := start(t, withOperator)
	stream := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "users:me"})
	result(stream)
	if n := g.commanded("block", `{"path":"users.js:me","for":"2h"}`); n != 1 {
		t.Errorf("%d streams were asked to end", n)
	}
	blocked.checkStatus(t, stream.end(), stream.Trailer())
	g.fails(t, convex.Query, "users:me", `{}`, blocked)
	again := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "users:me"})
	blocked.checkStatus(t, again.end(), again.Trailer())
	w := g.watch(g.context())
	w.add(&gatewayv1.WatchQuery{Target: 1, Path: "users:me"})
	for r := w.next(); ; r = w.next() {
		if changes := r.GetChanges(); len(changes) > 0 {
			if removed := changes[0].GetRemoved(); removed.GetReason() != "FUNCTION_BLOCKED" || removed.GetCode() != int32(codes.Unavailable) {
				t.Errorf("%v", r)
			}
			break
		}
	}
	g.mustCall(g.context(), convex.Query, "counter:get", `{"name":"a"}`)
	if got := g.operate(operatorToken, http.MethodGet, "blocks", ""); !strings.Contains(got.body, `"users.js:me"`) {
		t.Errorf("blocks: %s", got.body)
	}
	g.commanded("unblock", `{"path":"users:me"}`)
	g.mustCall(g.context(), convex.Query, "users:me", `{}`)
}

// A command acts on all replicas; one that starts later has the blocks.
func TestOperatorCommandsAllReplicas(t *testing.T) {
	t.Parallel()
	hub := new(lease.Hub)
	join := func(c *Config) { withOperator(c); c.Exchange = hub.Join() }
	g := start(t, join)
	replica := startBefore(t, g.dev, join)
	stream := replica.subscribe(replica.as(g.token(deployment.TokenRequest{User: "ada"})), &gatewayv1.SubscribeRequest{Path: "users:me"})
	result(stream)
	g.commanded("disconnect", `{"subject":"user_ada"}`)
	disconnected.checkStatus(t, stream.end(), stream.Trailer())
	g.commanded("block", `{"path":"users:me"}`)
	for _, err := replica.call(replica.context(), convex.Query, "users:me", `{}`); err == nil; {
		_, err = replica.call(replica.context(), convex.Query, "users:me", `{}`)
	}
	replica.fails(t, convex.Query, "users:me", `{}`, blocked)
}

// Drain has the replica end its streams and stop.
func TestOperatorDrains(t *testing.T) {
	t.Parallel()
	g := start(t, withOperator, func(c *Config) { c.DrainPeriod = -1 })
	stream := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "users:me"})
	result(stream)
	if got := g.operate(operatorToken, http.MethodPost, "drain", "{}"); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	disconnected.checkStatus(t, stream.end(), stream.Trailer())
}

// Nobody else commands: without the token, with another, by cookie or query, from a page of the web, and on the public ports.
func TestOnlyOperatorsCommand(t *testing.T) {
	t.Parallel()
	g := start(t, withOperator)
	stream := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "users:me"})
	result(stream)
	routes := map[string]string{
		"streams": "GET", "blocks": "GET", "disconnect": "POST", "block": "POST", "unblock": "POST", "drain": "POST", "nothing": "POST", "": "GET",
	}
	for route, method := range routes {
		for _, token := range []string{"", "x", operatorToken[1:], operatorToken + "x", strings.ToUpper(operatorToken), g.token(deployment.TokenRequest{User: "ada"})} {
			if got := g.operate(token, method, route, `{"path":"users:me"}`); got.status != http.StatusUnauthorized {
				t.Errorf("%s with %.8q: %d %s", route, token, got.status, got.body)
			}
		}
		if got := g.operate("", method, route+"?access_token="+operatorToken, `{"path":"users:me"}`, "Cookie", "token="+operatorToken); got.status != http.StatusUnauthorized {
			t.Errorf("%s by query: %d", route, got.status)
		}
		got := g.rest(method, "/admin/v1/"+route, `{"path":"users:me"}`, "Authorization", "Bearer "+operatorToken)
		if got.status != http.StatusNotFound {
			t.Errorf("%s on the public port: %d %s", route, got.status, got.body)
		}
	}
	if got := g.operate(operatorToken, "POST", "block", `{"path":"users:me"}`, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"); got.status != http.StatusUnauthorized {
		t.Errorf("from a page: %d", got.status)
	}
	if _, last := g.listed(""); last.Streams != 1 {
		t.Errorf("%d streams are left", last.Streams)
	}
	g.mustCall(g.context(), convex.Query, "users:me", `{}`)
	if logs := g.logs.String(); strings.Contains(logs, operatorToken) || !strings.Contains(logs, `"event":"admin_refused"`) {
		t.Error("the token is in the logs, or the refusals are not")
	}
	if n := strings.Count(g.logs.String(), `"event":"admin_refused"`); n > 30 {
		t.Errorf("%d lines of refusals", n)
	}
}

// Without a token and an authority there are no commands, and metrics are served as before.
func TestNoOperatorNoCommands(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.AdminAddr = "127.0.0.1:0" })
	if got := g.operate("", http.MethodGet, "streams", ""); got.status != http.StatusNotFound {
		t.Errorf("%d", got.status)
	}
	if got := g.fromAdmin("/metrics"); got.status != http.StatusOK {
		t.Errorf("metrics: %d", got.status)
	}
}

// What a command cannot be is refused, and changes nothing.
func TestCommandsAreChecked(t *testing.T) {
	t.Parallel()
	g := start(t, withOperator)
	long := strings.Repeat("x", 1025)
	for _, test := range [][2]string{
		{"disconnect", `{}`}, {"disconnect", ``}, {"disconnect", `{"subject":1}`}, {"disconnect", `{"subject":"a"} {}`}, {"disconnect", `{"user":"a"}`},
		{"disconnect", `{"subject":"` + long + `"}`}, {"disconnect", `{"path":"a b"}`}, {"disconnect", `{"subject":"` + strings.Repeat("x", 9<<10) + `"}`},
		{"block", `{}`}, {"block", `{"path":"a:b","for":"25h"}`}, {"block", `{"path":"a:b","for":"-1s"}`}, {"block", `{"path":"a:b","for":"soon"}`},
		{"block", `{"path":"a:b","subject":"x"}`}, {"unblock", `{}`}, {"block", `[]`}, {"drain", `{"now":true}`},
	} {
		if got := g.operate(operatorToken, http.MethodPost, test[0], test[1]); got.status != http.StatusBadRequest {
			t.Errorf("%s %.60s: %d %s", test[0], test[1], got.status, got.body)
		}
	}
	for _, query := range []string{"?limit=0", "?limit=10001", "?limit=x", "?path=a%20b"} {
		if got := g.operate(operatorToken, http.MethodGet, "streams"+query, ""); got.status != http.StatusBadRequest {
			t.Errorf("%s: %d", query, got.status)
		}
	}
	g.mustCall(g.context(), convex.Query, "users:me", `{}`)
}

// Blocks are bounded; those that are there can still be ended and renewed.
func TestBlocksAreBounded(t *testing.T) {
	t.Parallel()
	g := start(t, withOperator)
	for i := range 1_000 {
		g.commanded("block", fmt.Sprintf(`{"path":"a:f%d"}`, i))
	}
	if got := g.operate(operatorToken, http.MethodPost, "block", `{"path":"a:more"}`); got.status != http.StatusTooManyRequests {
		t.Errorf("%d %s", got.status, got.body)
	}
	g.commanded("unblock", `{"path":"a:f0"}`)
	g.commanded("block", `{"path":"a:f1","for":"3h"}`)
}

// With an authority a certificate that it has signed is an operator's, and no other; who has none may read metrics.
func TestOperatorByCertificate(t *testing.T) {
	t.Parallel()
	var port, operator, stranger Config
	withTLS, trust := selfSigned(t)
	withTLS(&port)
	operators, _ := selfSigned(t)
	operators(&operator)
	strangers, _ := selfSigned(t)
	strangers(&stranger)
	g := start(t, func(c *Config) {
		c.AdminAddr, c.AdminTLSCert, c.AdminTLSKey, c.AdminClientCA = "127.0.0.1:0", port.TLSCert, port.TLSKey, operator.TLSCert
	})
	get := func(route string, with *Config) (int, error) {
		t.Helper()
		settings := trust.Clone()
		if with != nil {
			pair, err := tls.LoadX509KeyPair(with.TLSCert, with.TLSKey)
			if err != nil {
				t.Fatal(err)
			}
			settings.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil } // whatever the server asks for
		}
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: settings, DisableKeepAlives: true}}
		resp, err := client.Get("https://" + g.AdminAddr() + route)
		if err != nil {
			return 0, err
		}
		defer resp.Body.Close()
		return resp.StatusCode, nil
	}
	if status, err := get("/admin/v1/streams", &operator); err != nil || status != http.StatusOK {
		t.Errorf("the operator: %d, %v", status, err)
	}
	if status, err := get("/admin/v1/streams", nil); err != nil || status != http.StatusUnauthorized {
		t.Errorf("no certificate: %d, %v", status, err)
	}
	if status, err := get("/admin/v1/streams", &stranger); err == nil {
		t.Errorf("another's certificate: %d", status)
	}
	if status, err := get("/metrics", nil); err != nil || status != http.StatusOK {
		t.Errorf("metrics: %d, %v", status, err)
	}
}

// A list under load has its limit of lines, of bounded length; readers who stop take a bounded number of places and bytes.
func TestListsAreBounded(t *testing.T) {
	t.Parallel()
	g := start(t, withOperator)
	long := strings.Repeat("x", 8<<10)
	ctx := metadata.AppendToOutgoingContext(g.context(), "x-forwarded-for", long)
	for range 300 {
		if _, err := g.functions.Subscribe(ctx, &gatewayv1.SubscribeRequest{Path: "users:me"}); err != nil {
			t.Fatal(err)
		}
	}
	g.awaitListed("", 300)
	if got := g.operate(operatorToken, http.MethodGet, "streams?limit=100", ""); strings.Count(got.body, "\n") != 101 || len(got.body) > 101*600 {
		t.Errorf("%d lines of %d bytes", strings.Count(got.body, "\n"), len(got.body))
	}
}

package server

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"convexgateway/auth/lease"
	"convexgateway/dev/deployment"
	"convexgateway/server/rest"
	"convexgateway/server/ticket"
)

// issue asks for a ticket; header alternates names and values.
func (g *gateway) issue(token, body string, header ...string) (issued rest.IssuedTicket) {
	g.t.Helper()
	got := g.rest("POST", "/v1/tickets", body, append([]string{"Authorization", "Bearer " + token}, header...)...)
	if got.status != 200 || got.header.Get("Content-Type") != "application/json" || got.header.Get("Cache-Control") != "no-store" {
		g.t.Fatalf("HTTP %d %s", got.status, got.body)
	}
	decoder := json.NewDecoder(strings.NewReader(got.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&issued); err != nil || issued.Ticket == "" {
		g.t.Fatalf("%v: %s", err, got.body)
	}
	return issued
}

func counterTicket(name string) string {
	return fmt.Sprintf(`{"subscribe":{"path":"counter:get","args":{"name":%q}}}`, name)
}

var (
	usedUp    = failure{code: codes.Unauthenticated, reason: "TICKET", http: 401}
	malformed = failure{code: codes.Unauthenticated, reason: "MALFORMED", http: 401}
	ambiguous = failure{code: codes.Unauthenticated, reason: "AMBIGUOUS_CREDENTIALS", http: 401}
	badForm   = failure{code: codes.InvalidArgument, reason: "INVALID_REQUEST", http: 400}
)

// refuses fails the test unless the request of an EventSource is refused with want.
func (g *gateway) refuses(t *testing.T, want failure, route string, header ...string) {
	t.Helper()
	want.checkAnswer(t, g.rest("GET", route, "", append([]string{"Accept", "text/event-stream"}, header...)...))
}

// A page that may not put its token into a URL follows a query as its user, and resumes after a lost connection.
func TestTicketOfPage(t *testing.T) {
	t.Parallel()
	g := start(t, fromPage, func(c *Config) { c.AuthorizedParties = []string{page} })
	token := g.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"azp": page}})
	before := time.Now()
	issued := g.issue(token, counterTicket("t"), "Origin", page)
	if left := issued.ExpiresAt.Sub(before); left > 30*time.Second+time.Minute || left < 29*time.Second {
		t.Errorf("expires in %v", left)
	}
	if u, err := url.Parse(issued.URL); err != nil || u.Path != "/v1/subscribe" || u.Query().Get("path") != "counter:get" ||
		u.Query().Get("args") != `{"name":"t"}` || u.Query().Get("ticket") != issued.Ticket {
		t.Errorf("URL %s", issued.URL)
	}
	first := g.sse("GET", issued.URL, "", "Origin", page)
	zero := first.result()
	g.add("t")
	if e := first.result(); e.name != "value" {
		t.Errorf("event %+v", e)
	}
	g.refuses(t, usedUp, issued.URL, "Origin", page) // as EventSource repeats it after a lost connection
	again := g.issue(token, counterTicket("t"), "Origin", page)
	if again.Ticket == issued.Ticket {
		t.Error("the same ticket again")
	}
	second := g.sse("GET", again.URL+"&last_event_id="+zero.id, "", "Origin", page)
	one := second.result()
	if one.name != "value" || one.id == "" {
		t.Errorf("event %+v", one)
	}
	resumed := g.issue(token, `{"subscribe":{"path":"counter:get","args":{"name":"t"},"resumeToken":"`+one.id+`"}}`, "Origin", page)
	if e := g.sse("GET", resumed.URL, "", "Origin", page).result(); e.name != "unchanged" {
		t.Errorf("event %+v", e)
	}
	g.quiet(t, token, issued.Ticket, again.Ticket, resumed.Ticket)
}

// quiet fails the test if a secret is in the logs.
func (g *gateway) quiet(t *testing.T, secrets ...string) {
	t.Helper()
	logs := g.logs.String()
	if !strings.Contains(logs, `"method":"/v1/tickets"`) {
		t.Error("nothing was logged")
	}
	for _, secret := range secrets {
		if strings.Contains(logs, secret) || strings.Contains(logs, secret[len(secret)/2:]) {
			t.Error("a secret is in the logs")
		}
	}
}

// A stream by ticket has the caller's identity, in each form and on both routes.
func TestTicketKeepsIdentity(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.RequireAuth = true })
	token := g.token(deployment.TokenRequest{User: "ada"})
	me := g.sse("GET", g.issue(token, `{"subscribe":{"path":"users:me"}}`).URL, "")
	if e := me.result(); !strings.Contains(e.data, `"user_ada"`) {
		t.Errorf("event %+v", e)
	}
	state := g.sse("GET", g.issue(token, `{"authState":{}}`).URL, "")
	for _, want := range []string{"STATE_LOADING", "STATE_AUTHENTICATED"} {
		if e := state.next(); e.name != "auth" || !strings.Contains(e.data, want) || !strings.Contains(e.data, "user_ada") {
			t.Errorf("event %+v, want %s", e, want)
		}
	}
	lines := g.request(g.context(), "GET", g.issue(token, `{"subscribe":{"path":"users:me"}}`).URL, "")
	defer lines.Body.Close()
	if lines.StatusCode != http.StatusOK || lines.Header.Get("Content-Type") != "application/x-ndjson" {
		t.Errorf("HTTP %d", lines.StatusCode)
	}
}

// A ticket is valid for its request in every equal form.
func TestTicketOfEqualRequests(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := g.token(deployment.TokenRequest{User: "ada"})
	key := strings.Repeat("k", 22)
	args := `{"value":{"b":-0.0,"a":[2,{"$integer":"AQAAAAAAAAA="}],"c":1e2,"e":"é+& \""}}`
	asked := fmt.Sprintf(`{"subscribe":{"path":"values.js:echo","argsJson":%q,"valueFormat":"VALUE_FORMAT_JSON","refreshKey":%q,"heartbeat":"7.5s"}}`,
		base64.StdEncoding.EncodeToString([]byte(args)), key)
	written := "/v1/subscribe?" + url.Values{
		"path": {"values:echo"}, "value_format": {"2"}, "heartbeat": {"7500ms"},
		"args": {`{ "value": {"e":"\u00e9\u002b& \"", "c":100, "a":[2.0,{"$integer":"AQAAAAAAAAA="}], "b":{"$float":"AAAAAAAAAIA="}} }`},
	}.Encode()
	for _, route := range []string{g.issue(token, asked).URL, written + "&ticket=" + g.issue(token, asked).Ticket} {
		if e := g.sse("GET", route, "").result(); e.name != "value" || !strings.Contains(e.data, "valueJson") {
			t.Errorf("%s: event %+v", route, e)
		}
	}
	for _, other := range []string{"heartbeat=8s", "value_format=1", "args=%7B%22value%22:1%7D", "path=users:me"} {
		name, _, _ := strings.Cut(other, "=")
		query, _ := url.ParseQuery(strings.TrimPrefix(written, "/v1/subscribe?"))
		query.Del(name)
		g.refuses(t, usedUp, "/v1/subscribe?"+query.Encode()+"&"+other+"&ticket="+g.issue(token, asked).Ticket)
	}
}

// A refresh key is in no URL: a ticket holds it, sealed, and its stream is extended by it.
func TestTicketSealsRefreshKey(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := func(ttl time.Duration) string { return g.token(deployment.TokenRequest{User: "ada", TTL: ttl}) }
	for i, form := range []string{
		`{"subscribe":{"path":"users:me","refreshKey":%q}}`, `{"authState":{"refreshKey":%q}}`, `{"subscribe":{"path":"users:me","refresh_key":%q,"heartbeat":"7s"}}`,
	} {
		key := strings.Repeat(fmt.Sprintf("key-of-%d.", i), 3)
		body := fmt.Sprintf(form, key)
		issued := g.issue(token(time.Minute), body)
		if text, _ := base64.RawURLEncoding.DecodeString(issued.Ticket); strings.Contains(issued.URL, "key-of") || strings.Contains(strings.ToLower(issued.URL), "refresh") || bytes.Contains(text, []byte(key)) {
			t.Errorf("URL %s", issued.URL)
		}
		stream := g.sse("GET", issued.URL, "")
		stream.next()
		refreshed := g.rest("POST", "/v1/auth/refresh", `{"refreshKey":"`+key+`"}`, "Authorization", "Bearer "+token(2*time.Minute))
		if refreshed.status != 200 || !strings.Contains(refreshed.body, `"adoptedStreams":1`) {
			t.Errorf("%s: HTTP %d %s", body, refreshed.status, refreshed.body)
		}
		g.quiet(t, key)
	}
}

// A refresh key in a URL is refused, whatever its name's spelling and the route.
func TestRefreshKeyInURL(t *testing.T) {
	t.Parallel()
	g := start(t)
	token, key := g.token(deployment.TokenRequest{User: "ada"}), strings.Repeat("k", 22)
	issued := g.issue(token, counterTicket("t"))
	for _, name := range []string{"refresh_key", "refreshKey", "REFRESH_KEY", "refresh%5Fkey", "Refreshkey"} {
		for _, route := range []string{"/v1/subscribe?path=users:me&", "/v1/auth/state?", "/v1/query?path=users:me&", issued.URL + "&"} {
			got := g.rest("GET", route+name+"="+key, "")
			badForm.checkAnswer(t, got)
			if strings.Contains(got.body, key) {
				t.Errorf("%s: %s", route, got.body)
			}
		}
		for _, route := range []string{"/v1/subscribe?path=users:me&", "/v1/auth/state?", "/v1/auth/refresh?", "/v1/tickets?"} {
			badForm.checkAnswer(t, g.rest("POST", route+name+"="+key, "{}", "Authorization", "Bearer "+token))
		}
	}
	g.quiet(t, key)
	if e := g.sse("GET", issued.URL, "").result(); e.name != "value" {
		t.Errorf("event %+v: the ticket was used up", e)
	}
	state := g.sse("POST", "/v1/auth/state", `{"refreshKey":"`+key+`"}`, "Authorization", "Bearer "+token)
	if e := state.next(); e.name != "auth" {
		t.Errorf("event %+v", e)
	}
}

// A ticket is valid for the request that it was issued for and no other. A refused one elsewhere does not use it up.
func TestTicketIsBound(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := g.token(deployment.TokenRequest{User: "ada"})
	issued := g.issue(token, counterTicket("t"), "Origin", page)
	native := g.issue(token, counterTicket("t"))
	with := "&ticket=" + issued.Ticket
	route := counterRoute + counterArgs("t")
	altered := []byte(issued.Ticket)
	if i := len(altered) / 2; altered[i] == 'A' {
		altered[i] = 'B'
	} else {
		altered[i] = 'A'
	}
	forged := start(t).tickets.Seal(ticket.Ticket{Expires: time.Now().Add(ticket.Life), Token: token})
	now := time.Now()
	sealed := func(change func(*ticket.Ticket)) string {
		k, err := g.tickets.Open(issued.Ticket)
		if err != nil {
			t.Fatal(err)
		}
		k.ID[0]++
		change(&k)
		return route + "&ticket=" + g.tickets.Seal(k)
	}
	tests := map[string]struct {
		want   failure
		route  string
		origin string
	}{
		"other arguments":   {usedUp, counterRoute + counterArgs("u") + with, page},
		"no arguments":      {usedUp, "/v1/subscribe?path=counter:get" + with, page},
		"other function":    {usedUp, "/v1/subscribe?path=users:me" + with, page},
		"other method":      {usedUp, "/v1/auth/state?" + with[1:], page},
		"other origin":      {usedUp, issued.URL, foreign},
		"null origin":       {usedUp, issued.URL, "null"},
		"native's, by page": {usedUp, native.URL, page},
		"altered":           {usedUp, route + "&ticket=" + string(altered), page},
		"other key":         {usedUp, route + "&ticket=" + forged, page},
		"expired now":       {usedUp, sealed(func(k *ticket.Ticket) { k.Expires = now }), page},
		"expired":           {usedUp, sealed(func(k *ticket.Ticket) { k.Expires = now.Add(-time.Hour) }), page},
		"years ahead":       {usedUp, sealed(func(k *ticket.Ticket) { k.Expires = now.AddDate(9, 0, 0) }), page},
		"cut":               {usedUp, route + "&ticket=" + issued.Ticket[:(len(issued.Ticket)-4)/4*4], page},
		"short":             {malformed, route + "&ticket=" + issued.Ticket[:40], page},
		"empty":             {malformed, route + "&ticket=", page},
		"no base64":         {malformed, route + "&ticket=%21" + issued.Ticket, page},
		"padded":            {malformed, route + "&ticket=" + issued.Ticket + "=", page},
		"twice":             {badForm, issued.URL + with, page},
		"on a query":        {badForm, "/v1/query?path=counter:get" + with, page},
		"on health":         {badForm, "/healthz?" + with[1:], page},
		"unknown field":     {badForm, issued.URL + "&color=1", page},
		"bad escape":        {badForm, issued.URL + "&color=%zz", page},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { g.refuses(t, test.want, test.route, "Origin", test.origin) })
	}
	g.refuses(t, ambiguous, issued.URL, "Authorization", "Bearer "+token)
	g.refuses(t, ambiguous, issued.URL, "Authorization", "")
	g.refuses(t, usedUp, issued.URL, "Origin", page, "Origin", foreign)
	for _, posted := range []string{"/v1/subscribe", "/v1/query", "/v1/tickets"} {
		badForm.checkAnswer(t, g.rest("POST", posted+"?"+with[1:], `{"path":"users:me"}`))
	}
	if runs := g.dev.Stats(); runs.QueryRuns["counter:get"]+runs.QueryRuns["users:me"] != 0 || runs.SocketsOpened != 0 {
		t.Errorf("the deployment was called: %+v", runs)
	}
	g.sse("GET", issued.URL, "").result() // a page of the gateway's own origin sends no Origin
	g.sse("GET", native.URL, "").result()
	g.refuses(t, usedUp, issued.URL, "Origin", page)
	g.refuses(t, usedUp, native.URL)
	g.quiet(t, token, issued.Ticket, native.Ticket, forged)
}

// A ticket is refused when its token has expired or been revoked since, as in any other call.
func TestTokenOfTicketEnds(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := g.token(deployment.TokenRequest{User: "ada"})
	issued := g.issue(token, counterTicket("t"))
	k, err := g.tickets.Open(issued.Ticket)
	if err != nil {
		t.Fatal(err)
	}
	k.ID[0]++
	k.Token = g.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"exp": time.Now().Add(-time.Second).Unix()}})
	expired := failure{code: codes.Unauthenticated, reason: "TOKEN_EXPIRED", http: 401}
	g.refuses(t, expired, counterRoute+counterArgs("t")+"&ticket="+g.tickets.Seal(k))

	if got := g.rest("POST", "/v1/auth/sign-out", "{}", "Authorization", "Bearer "+token); got.status != 200 {
		t.Fatalf("HTTP %d %s", got.status, got.body)
	}
	g.refuses(t, failure{code: codes.Unauthenticated, reason: "SIGNED_OUT", http: 401}, issued.URL)
}

// A ticket does not outlive its token.
func TestTicketOfShortToken(t *testing.T) {
	t.Parallel()
	g := start(t)
	issued := g.issue(g.token(deployment.TokenRequest{User: "ada", TTL: 20 * time.Second}), counterTicket("t"))
	if time.Until(issued.ExpiresAt) > 20*time.Second {
		t.Errorf("expires at %v", issued.ExpiresAt)
	}
}

// Replicas with one key accept each other's tickets, and each ticket once.
func TestTicketOfReplica(t *testing.T) {
	t.Parallel()
	var hub lease.Hub
	replica := func(fill byte) func(*Config) {
		return func(c *Config) {
			c.ClusterKeys, c.Exchange = Keys{keyOf(bytes.Repeat([]byte{fill}, 32))}, hub.Join()
		}
	}
	a := start(t, replica(7))
	b, otherKey := startBefore(t, a.dev, replica(7)), startBefore(t, a.dev, replica(8))
	token := a.token(deployment.TokenRequest{User: "ada"})
	for range 2 {
		issued := a.issue(token, counterTicket("t"))
		otherKey.refuses(t, usedUp, issued.URL)
		b.sse("GET", issued.URL, "").result()
		a.refuses(t, usedUp, issued.URL)
		b.refuses(t, usedUp, issued.URL)
		a, b = b, a
	}
}

// A request that Subscribe or AuthState would refuse gets no ticket.
func TestTicketRequests(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := g.token(deployment.TokenRequest{User: "ada"})
	invalid := failure{code: codes.InvalidArgument, reason: "INVALID_VALUE", http: 400}
	tests := map[string]struct {
		body  string
		want  failure
		names string
	}{
		"empty":           {``, badForm, "subscribe or authState"},
		"no JSON":         {`path=x`, badForm, "subscribe or authState"},
		"list":            {`[]`, badForm, "subscribe or authState"},
		"neither":         {`{}`, badForm, "subscribe or authState"},
		"both":            {`{"subscribe":{"path":"users:me"},"authState":{}}`, badForm, "subscribe or authState"},
		"other":           {`{"query":{}}`, badForm, `unknown field \"query\"`},
		"unknown field":   {`{"subscribe":{"path":"users:me","color":1}}`, badForm, "color"},
		"null":            {`{"subscribe":null}`, badForm, "subscribe"},
		"text after":      {`{"authState":{}} x`, badForm, "subscribe or authState"},
		"path":            {`{"subscribe":{"path":"a b"}}`, failure{code: codes.InvalidArgument, reason: "INVALID_PATH", http: 400}, "path"},
		"args":            {`{"subscribe":{"path":"users:me","args":{"a":{"$date":1}}}}`, invalid, "args"},
		"both args":       {`{"subscribe":{"path":"users:me","args":{},"argsJson":"e30="}}`, invalid, "args_json"},
		"format":          {`{"subscribe":{"path":"users:me","valueFormat":9}}`, invalid, "value_format"},
		"resume token":    {`{"subscribe":{"path":"users:me","resumeToken":"!"}}`, invalid, "resume_token"},
		"heartbeat":       {`{"subscribe":{"path":"users:me","heartbeat":"1s"}}`, invalid, "heartbeat"},
		"heartbeat (2)":   {`{"authState":{"heartbeat":"1s"}}`, invalid, "heartbeat"},
		"refresh key":     {`{"subscribe":{"path":"users:me","refreshKey":"k"}}`, invalid, "refresh_key"},
		"refresh key (2)": {`{"authState":{"refreshKey":"k"}}`, invalid, "refresh_key"},
		"too long a URL": {`{"subscribe":{"path":"values:echo","args":{"value":"` + strings.Repeat("x", 24<<10) + `"}}}`,
			failure{code: codes.InvalidArgument, reason: "REQUEST_TOO_LARGE", http: 413}, "args"},
		"too large a body": {`{"subscribe":{"path":"values:echo","args":{"value":"` + strings.Repeat("x", 64<<10) + `"}}}`,
			failure{code: codes.InvalidArgument, reason: "REQUEST_TOO_LARGE", http: 413}, "65536"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := g.rest("POST", "/v1/tickets", test.body, "Authorization", "Bearer "+token)
			test.want.checkAnswer(t, got)
			if !strings.Contains(got.body, test.names) {
				t.Errorf("does not name %s: %s", test.names, got.body)
			}
		})
	}
	if got := g.rest("POST", "/v1/tickets", counterTicket("t"), "Authorization", "Bearer "+token, "Origin", strings.Repeat("o", 301)); got.status != 400 {
		t.Errorf("long origin: HTTP %d %s", got.status, got.body)
	}
	failure{code: codes.Unimplemented, reason: "METHOD_NOT_ALLOWED", http: 405}.checkAnswer(t, g.rest("GET", "/v1/tickets", ""))
}

// Tickets are for callers with a token; anonymous ones need none.
func TestTicketNeedsToken(t *testing.T) {
	t.Parallel()
	g := start(t)
	none := failure{code: codes.Unauthenticated, reason: "NO_CREDENTIALS", http: 401}
	none.checkAnswer(t, g.rest("POST", "/v1/tickets", counterTicket("t")))
	malformed.checkAnswer(t, g.rest("POST", "/v1/tickets", counterTicket("t"), "Authorization", "Bearer a.b.c"))
	ambiguous.checkAnswer(t, g.rest("POST", "/v1/tickets", counterTicket("t"), "Authorization", "Bearer a.b.c", "Authorization", "Bearer a.b.c"))
	open := startFake(t, hangUp)
	none.checkAnswer(t, open.rest("POST", "/v1/tickets", counterTicket("t")))
}

// The largest token fits into a ticket, and its ticket into a URL together with arguments.
func TestTicketOfLargeToken(t *testing.T) {
	t.Parallel()
	g := start(t)
	filler := func(n int) string {
		return g.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"filler": strings.Repeat("x", n)}})
	}
	token := filler(5600)
	token = filler(5600 + (8<<10-len(token))*3/4 - 3)
	if len(token) > 8<<10 || len(token) < 8<<10-16 {
		t.Fatalf("token of %d bytes", len(token))
	}
	value := strings.Repeat("x", 12<<10)
	issued := g.issue(token, `{"subscribe":{"path":"values:echo","args":{"value":"`+value+`"}}}`, "Origin", "https://"+strings.Repeat("o", 253))
	if len(issued.Ticket) > 12<<10 {
		t.Errorf("ticket of %d bytes", len(issued.Ticket))
	}
	e := g.sse("GET", issued.URL, "", "Origin", "https://"+strings.Repeat("o", 253), "User-Agent", strings.Repeat("u", 4<<10)).result()
	if !strings.Contains(e.data, value) {
		t.Errorf("event of %d bytes", len(e.data))
	}
}

// A token in the URL is a bad credential, never an anonymous call, and is not logged.
func TestTokenInURL(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := g.token(deployment.TokenRequest{User: "ada"})
	routes := map[string]string{}
	for _, parameter := range []string{
		"access_token=", "token=", "authorization=Bearer%20", "Access_Token=", "jwt=", "color=", "last_event_id=", "ticket=", "args=", "path=",
		"resume_token=bearer+",
	} {
		routes[parameter] = parameter + token
	}
	routes["as a name"] = token + "=1"
	routes["opaque"] = "token=secret-of-somebody"
	routes["empty"] = "access_token="
	for name, query := range routes {
		for _, route := range []string{"/v1/query?path=users:me&", "/v1/subscribe?path=users:me&"} {
			for _, header := range [][]string{nil, {"Authorization", "Bearer " + token}} {
				got := g.rest("GET", route+query, "", header...)
				malformed.checkAnswer(t, got)
				if strings.Contains(got.body, token) {
					t.Errorf("%s: the answer holds the token", name)
				}
			}
		}
	}
	malformed.checkAnswer(t, g.rest("POST", "/v1/query?access_token="+token, `{"path":"users:me"}`))
	malformed.checkAnswer(t, g.rest("POST", "/v1/tickets?access_token="+token, counterTicket("t"), "Authorization", "Bearer "+token))
	state := g.sse("GET", "/v1/auth/state?access_token="+token, "")
	if e := state.next(); e.name != "auth" || !strings.Contains(e.data, "STATE_UNAUTHENTICATED") || !strings.Contains(e.data, "MALFORMED") {
		t.Errorf("event %+v", e)
	}
	malformed.checkBody(t, state.next().data)
	if runs := g.dev.Stats(); runs.QueryRuns["users:me"] != 0 || runs.SocketsOpened != 0 {
		t.Errorf("the deployment was called: %+v", runs)
	}
	g.quiet(t, token, "secret-of-somebody")
	if got := g.rest("GET", "/v1/query?path=values:echo&args="+url.QueryEscape(`{"value":"eyJ.is.no token"}`), ""); got.status != 200 {
		t.Errorf("HTTP %d %s", got.status, got.body)
	}
}

package server

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"

	"convexgateway/server/rest"
)

// Over every wire a query of a signed-in caller sees nobody if that is asked for, and its caller if not.
func TestAnonymousQueriesOverEachWire(t *testing.T) {
	t.Parallel()
	g := start(t, withSample)
	token := g.ada("org_1", 0)
	for name, call := range map[string]struct{ method, route, body, header, anonymousRoute, anonymousBody string }{
		"body":                 {"POST", "/v1/query", `{"path":"users:me"}`, "", "/v1/query", `{"path":"users:me","anonymous":true}`},
		"other order":          {"POST", "/v1/query", `{"anonymous":false,"path":"users:me"}`, "", "/v1/query", `{"anonymous":true,"args":{},"path":"users:me"}`},
		"unusual body":         {"POST", "/v1/query", `{"path":"users:me","argsJson":"e30="}`, "", "/v1/query", `{"path":"users:me","argsJson":"e30=","anonymous":true}`},
		"parameter":            {"GET", "/v1/query?path=users:me", "", "", "/v1/query?path=users:me&anonymous=true", ""},
		"function, POST":       {"POST", "/v1/functions/users/me", `{}`, "", "/v1/functions/users/me?anonymous=true", `{}`},
		"function, GET":        {"GET", "/v1/functions/users/me", "", "", "/v1/functions/users/me?anonymous=true&args={}", ""},
		"Connect":              {"POST", "/convexgateway.v1.FunctionService/Query", `{"path":"users:me"}`, "", "/convexgateway.v1.FunctionService/Query", `{"path":"users:me","anonymous":true}`},
		"Connect, by contract": {"POST", "/convex.app.users.Users/Me", `{}`, "X-Anonymous", "/convex.app.users.Users/Me", `{}`},
	} {
		header := []string{"Authorization", "Bearer " + token, "Content-Type", "application/json"}
		if got := g.rest(call.method, call.route, call.body, header...); got.status != 200 || !strings.Contains(got.body, "user_ada") {
			t.Errorf("%s: HTTP %d %s", name, got.status, got.body)
		}
		if call.header != "" {
			header = append(header, call.header, "true")
		}
		if got := g.rest(call.method, call.anonymousRoute, call.anonymousBody, header...); got.status != 200 || strings.Contains(got.body, "ada") {
			t.Errorf("%s, anonymous: HTTP %d %s", name, got.status, got.body)
		}
	}
	for _, stream := range []struct{ method, route, body string }{
		{"POST", "/v1/subscribe", `{"path":"users:me","anonymous":true}`},
		{"GET", "/v1/subscribe?path=users:me&anonymous=true", ""},
		{"POST", "/v1/functions/users/me?anonymous=true", `{}`},
		{"GET", "/v1/functions/users/me?anonymous=true", ""},
	} {
		if event := g.sse(stream.method, stream.route, stream.body, "Authorization", "Bearer "+token).result(); event.name != "value" || strings.Contains(event.data, "ada") {
			t.Errorf("%s %s: %+v", stream.method, stream.route, event)
		}
	}
	if stats := g.dev.Stats(); stats.Authenticates != 0 {
		t.Errorf("%d Authenticate messages", stats.Authenticates)
	}
}

// Where nothing can be anonymous, asking for it is refused.
func TestAnonymousIsForQueries(t *testing.T) {
	t.Parallel()
	g := start(t, withSample)
	for _, call := range []struct{ method, route, body string }{
		{"POST", "/v1/mutate", `{"path":"messages:send","args":{"body":"x"},"anonymous":true}`},
		{"POST", "/v1/action", `{"path":"actions:sleep","args":{"ms":1},"anonymous":false}`},
		{"POST", "/v1/functions/messages/send?anonymous=true", `{"body":"x"}`},
		{"POST", "/v1/query?anonymous=true", `{"path":"users:me"}`},
		{"GET", "/v1/query?path=users:me&anonymous=yes", ""},
		{"POST", "/v1/functions/users/me?anonymous=true&color=1", `{}`},
		{"POST", "/v1/functions/users/me?anonymous=true&anonymous=true", `{}`},
		{"POST", "/v1/functions/users/me?args={}", `{}`},
	} {
		if got := g.rest(call.method, call.route, call.body); got.status != 400 {
			t.Errorf("%s %s %s: HTTP %d %s", call.method, call.route, call.body, got.status, got.body)
		}
	}
}

// A ticket of an anonymous query opens that one alone.
func TestAnonymousTicket(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := g.ada("org_1", 0)
	var ticket rest.IssuedTicket
	got := g.rest("POST", rest.TicketRoute, `{"subscribe":{"path":"users:me","anonymous":true}}`, "Authorization", "Bearer "+token)
	if err := json.Unmarshal([]byte(got.body), &ticket); err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	g.keep(ticket.Ticket)
	own, err := url.Parse(ticket.URL)
	if err != nil {
		t.Fatal(err)
	}
	query := own.Query()
	query.Del("anonymous")
	own.RawQuery = query.Encode()
	if got := g.rest("GET", own.String(), ""); got.status == 200 || !strings.Contains(got.body, "TICKET") {
		t.Errorf("HTTP %d %s", got.status, got.body)
	}
	if event := g.sse("GET", ticket.URL, "").result(); event.name != "value" || strings.Contains(event.data, "ada") {
		t.Errorf("%+v", event)
	}
}

// Methods of the app's contract are anonymous by metadata, and their streams by their options as well.
func TestAnonymousQueriesOfAContract(t *testing.T) {
	t.Parallel()
	g := start(t, withSample)
	ada := g.aUser("ada")
	anonymous := metadata.AppendToOutgoingContext(ada, "x-anonymous", "true")
	if got := g.typed().mustCall(ada, "users.Users.Me", `{}`); !strings.Contains(got, "user_ada") {
		t.Errorf("%s", got)
	}
	if got := g.typed().mustCall(anonymous, "users.Users.Me", `{}`); strings.Contains(got, "ada") {
		t.Errorf("%s", got)
	}
	for _, test := range []struct {
		options string
		is      bool
	}{{`{}`, false}, {`{"options":{"anonymous":true}}`, true}} {
		if got := field(g.typed().subscribe(ada, "users.Users.SubscribeMe", test.options).next(), "value"); strings.Contains(got, "user_ada") == test.is {
			t.Errorf("%s: %s", test.options, got)
		}
	}
	if got := field(g.typed().subscribe(anonymous, "users.Users.SubscribeMe", `{}`).next(), "value"); strings.Contains(got, "ada") {
		t.Errorf("%s", got)
	}
}

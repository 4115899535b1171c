package rest

import (
	"net/url"
	"strings"
	"testing"
)

// The URL of a ticket is read as the request of POST /v1/tickets.
func FuzzTicketRequest(f *testing.F) {
	f.Add(`{"subscribe":{"path":"a:b","args":{"x":[1,-0.0,"é&+"]},"heartbeat":"7.5s","refreshKey":"kkkkkkkkkkkkkkkkkkkkkk"}}`)
	f.Add(`{"subscribe":{"path":"a.b","argsJson":"eyJhIjp7IiRpbnRlZ2VyIjoiQVFBQUFBQUFBQUE9In19","valueFormat":2,"resumeToken":"AQ"}}`)
	f.Add(`{"authState":{"heartbeat":"300s"}}`)
	f.Fuzz(func(t *testing.T, body string) {
		route, req, err := readTicketRequest(strings.NewReader(body))
		if err != nil {
			return
		}
		query, err := streamQuery(req)
		if err != nil {
			return
		}
		parsed, err := url.ParseQuery(query.Encode())
		if err != nil {
			t.Fatal(err)
		}
		again := newStreamRequest(route)
		if err := readParameters(parsed, again); err != nil {
			t.Fatalf("%s: %v", query.Encode(), err)
		}
		if same, err := streamQuery(again); err != nil || streamHash(route, same) != streamHash(route, query) {
			t.Errorf("%v: %v is not %v", err, same, query)
		}
	})
}

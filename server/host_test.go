package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
)

// under makes a request under a name of a host.
func (g *gateway) under(host, method, url, body string) answer {
	g.t.Helper()
	r, err := http.NewRequestWithContext(g.context(), method, url, strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	r.Host = host
	began := time.Now()
	resp, err := g.client.Do(r)
	if err != nil {
		g.t.Fatal(err)
	}
	return g.read(resp, began)
}

// A page whose name is made to resolve to this machine is of the gateway's origin, but not under its name.
func TestHosts(t *testing.T) {
	t.Parallel()
	withAdmin := func(c *Config) { c.AdminAddr, c.PprofAddr, c.Console = "127.0.0.1:0", "127.0.0.1:0", true }
	local := start(t, withAdmin, func(c *Config) { c.LocalHosts = true })
	named := start(t, withAdmin, func(c *Config) { c.AllowedHosts = []string{"gateway.example.com"} })
	anywhere := start(t, withAdmin)
	refused := failure{code: codes.PermissionDenied, reason: "HOST_NOT_ALLOWED", http: 403}
	for host, allowed := range map[string][3]bool{ // local, named, anywhere
		"localhost": {true, true, true}, "localhost:8080": {true, true, true}, "127.0.0.1:8080": {true, true, true}, "[::1]:8080": {true, true, true},
		"app.localhost:8080": {true, true, true}, "10.1.2.3": {true, true, true}, "LOCALHOST.": {true, true, true},
		"gateway.example.com": {false, true, true}, "Gateway.Example.com:443": {false, true, true},
		"evil.example.com": {false, false, true}, "localhost.evil.example.com:8080": {false, false, true}, "127.0.0.1.nip.example": {false, false, true},
		"gateway.example.com.evil.example": {false, false, true}, "notlocalhost": {false, false, true},
	} {
		for i, g := range []*gateway{local, named, anywhere} {
			rest := "http://" + g.HTTPAddr()
			for _, got := range []answer{
				g.under(host, "GET", rest+"/v1/query?path=users:me", ""), g.under(host, "POST", rest+"/v1/query", `{"path":"users:me"}`),
				g.under(host, "GET", rest+"/", ""), g.under(host, "GET", rest+"/openapi.json", ""),
			} {
				if !allowed[i] {
					refused.checkAnswer(t, got)
				} else if got.status != 200 {
					t.Errorf("%s: HTTP %d %s", host, got.status, got.body)
				}
			}
			for _, probe := range []string{"/healthz", "/readyz"} {
				if got := g.under(host, "GET", rest+probe, ""); got.status != 200 {
					t.Errorf("%s of %s: HTTP %d %s", probe, host, got.status, got.body)
				}
			}
			inAdmin := allowed[i] && (i != 2 || allowed[0]) // its address is a loopback one
			for _, url := range []string{"http://" + g.AdminAddr() + "/metrics", "http://" + g.PprofAddr() + "/debug/pprof/symbol"} {
				if got := g.under(host, "GET", url, ""); (got.status == 200) != inAdmin {
					t.Errorf("%s under %s: HTTP %d, want it: %v", url, host, got.status, inAdmin)
				}
			}
		}
	}
	for name, good := range map[string]bool{"a.example.com": true, "gateway": true, "*": false, "a:80": false, "A.b": false, "": false, "a.": false, "https://a": false} {
		c := testConfig()
		c.AllowedHosts = []string{name}
		if err := c.Validate(); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// A page of an origin that is not allowed may send a POST without a preflight. Without a credential, which it cannot have, it is
// refused before it runs anything.
func TestAnonymousPOSTsOfForeignPages(t *testing.T) {
	t.Parallel()
	g := start(t, fromPage)
	token := g.token(deployment.TokenRequest{User: "ada"})
	refused := failure{code: codes.PermissionDenied, reason: "CROSS_SITE", http: 403}
	own := "http://" + g.HTTPAddr()
	for name, test := range map[string]struct {
		header  []string
		allowed bool
	}{
		"no browser":      {nil, true},
		"allowed":         {[]string{"Origin", page, "Sec-Fetch-Site", "cross-site"}, true},
		"own":             {[]string{"Origin", own}, true},
		"own, by a proxy": {[]string{"Origin", "https://api.example.com", "Sec-Fetch-Site", "same-origin"}, true},
		"a user's":        {[]string{"Origin", foreign, "Authorization", "Bearer " + token}, true},
		"foreign":         {[]string{"Origin", foreign}, false},
		"foreign, newer":  {[]string{"Origin", foreign, "Sec-Fetch-Site", "cross-site"}, false},
		"other port":      {[]string{"Origin", "http://127.0.0.1:1", "Sec-Fetch-Site", "same-site"}, false},
		"null":            {[]string{"Origin", "null"}, false},
		"without origin":  {[]string{"Sec-Fetch-Site", "cross-site"}, false},
	} {
		for route, body := range map[string]string{
			"/v1/mutate": `{"path":"counter:add","args":{"name":"foreign"}}`, "/v1/query": `{"path":"users:me"}`, "/v1/action": `{"path":"actions:sleep","args":{"ms":1}}`,
		} {
			got := g.rest("POST", route, body, append([]string{"Content-Type", "text/plain"}, test.header...)...)
			if !test.allowed {
				refused.checkAnswer(t, got)
			} else if got.status != 200 {
				t.Errorf("%s, %s: HTTP %d %s", name, route, got.status, got.body)
			}
		}
	}
	if got := g.mustCall(g.context(), convex.Query, "counter:get", `{"name":"foreign"}`); got != "5" {
		t.Errorf("%s mutations ran, want 5", got)
	}
	if got := g.rest("POST", "/v1/subscribe", `{"path":"users:me"}`, "Origin", foreign); got.status != 403 {
		t.Errorf("a stream: HTTP %d", got.status)
	}
	if got := g.rest("GET", "/v1/query?path=users:me", "", "Origin", foreign); got.status != 200 { // its page cannot read it
		t.Errorf("GET: HTTP %d", got.status)
	}
}

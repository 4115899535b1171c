package server

import (
	"strings"
	"testing"

	"convexgateway/auth"
	"convexgateway/auth/service"
	"convexgateway/dev/deployment"
)

// Everybody who may call is seen by functions as who they are, over every way at the same time: two services, users for whom they act, the
// user herself, and callers without a credential. So no way shares anything across identities.
func TestServicesOverEveryWay(t *testing.T) {
	t.Parallel()
	billing, billingHash := newKey()
	jobs, jobsHash := newKey()
	acting := service.Rules{OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"user_*"}, Functions: []string{"users:me"}}}
	g := startServices(t, []service.Entry{
		{Name: "billing", Keys: []string{billingHash}, Rules: acting}, {Name: "jobs", Keys: []string{jobsHash}, Rules: acting},
	}, withSample)
	g.keep(billing)
	g.keep(jobs)
	ada := g.token(deployment.TokenRequest{User: "ada"})
	const ownIssuer = `"issuer":"` + servicesIssuer + `"`
	callers := map[string]struct {
		header []string
		seen   []string // what the result has
		not    []string // and has not
	}{
		"billing":         {as(billing), []string{`"subject":"service:billing"`, ownIssuer}, []string{"act.sub"}},
		"jobs":            {as(jobs), []string{`"subject":"service:jobs"`, ownIssuer}, []string{"act.sub"}},
		"billing for ada": {as(billing, "user_ada"), []string{`"subject":"user_ada"`, `"act.sub":"service:billing"`, ownIssuer}, nil},
		"jobs for ada":    {as(jobs, "user_ada"), []string{`"subject":"user_ada"`, `"act.sub":"service:jobs"`, ownIssuer}, nil},
		"billing for bob": {as(billing, "user_bob"), []string{`"subject":"user_bob"`, `"act.sub":"service:billing"`}, nil},
		"ada":             {as(ada), []string{`"subject":"user_ada"`, `/clerk"`}, []string{"act.sub", servicesIssuer}},
		"nobody":          {nil, nil, []string{"subject"}},
	}
	g.onWays(t, func(t *testing.T, call way) {
		for name, caller := range callers {
			value, reason := call(g.context(), t, "users:me", caller.header...)
			value = strings.ReplaceAll(value, `": "`, `":"`)
			if reason != "" {
				t.Errorf("%s: %s", name, reason)
			}
			for _, text := range caller.seen {
				if !strings.Contains(value, text) {
					t.Errorf("%s: %s without %s", name, value, text)
				}
			}
			for _, text := range caller.not {
				if strings.Contains(value, text) {
					t.Errorf("%s: %s with %s", name, value, text)
				}
			}
		}
	})
}

// as is the header of a credential, and of subjects on whose behalf the call is.
func as(credential string, subjects ...string) []string {
	var header []string
	if credential != "" {
		header = append(header, "Authorization", "Bearer "+credential)
	}
	for _, s := range subjects {
		header = append(header, "X-On-Behalf-Of", s)
	}
	return header
}

// A header x-on-behalf-of of a caller that may not use it is refused, whatever it says and over every way: no call runs under another identity
// than the one it asks for.
func TestOnBehalfOfIsRefused(t *testing.T) {
	t.Parallel()
	billing, billingHash := newKey()
	jobs, jobsHash := newKey()
	g := startServices(t, []service.Entry{
		{Name: "billing", Keys: []string{billingHash}, Rules: service.Rules{
			OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"user_a*", "service:*"}, Functions: []string{"*"}},
		}},
		{Name: "jobs", Keys: []string{jobsHash}},
	}, withSample)
	ada := g.token(deployment.TokenRequest{User: "ada"})
	const notAllowed, invalid = string(auth.ReasonOnBehalfOf), "INVALID_VALUE"
	calls := map[string]struct {
		header []string
		want   string
	}{
		"a user":                     {as(ada, "user_ada"), notAllowed},
		"nobody":                     {as("", "user_ada"), notAllowed},
		"a service without the rule": {as(jobs, "user_ada"), notAllowed},
		"a subject that none may":    {as(billing, "user_bob"), notAllowed},
		"a service as subject":       {as(billing, "service:jobs"), notAllowed},
		"the service itself":         {as(billing, "service:billing"), notAllowed},
		"twice":                      {as(billing, "user_ada", "user_ada"), invalid},
		"two subjects":               {as(billing, "user_ada", "user_alan"), invalid},
		"a list":                     {as(billing, "user_ada,user_alan"), invalid},
		"a list with a space":        {as(billing, "user_ada, user_alan"), invalid},
		"empty":                      {as(billing, ""), invalid},
		"too long":                   {as(billing, "user_a"+strings.Repeat("x", 256)), invalid},
		"twice, by a user":           {as(ada, "user_ada", "user_ada"), invalid},
		"a bad key":                  {as(billing+"x", "user_ada"), string(auth.ReasonUnknownService)},
	}
	g.onWays(t, func(t *testing.T, call way) {
		for name, c := range calls {
			if value, reason := call(g.context(), t, "users:me", c.header...); reason != c.want {
				t.Errorf("%s: %q %s, want %s", name, reason, value, c.want)
			}
		}
	})
	for name, header := range map[string][]string{
		"as metadata of grpc-gateway": {"Grpc-Metadata-X-On-Behalf-Of", "user_ada"},
		"both":                        {"X-On-Behalf-Of", "user_ada", "Grpc-Metadata-X-On-Behalf-Of", "user_ada"},
	} {
		if got := g.rest("POST", "/v1/query", `{"path":"users:me"}`, append(header, as(billing)...)...); got.status != 400 {
			t.Errorf("%s: HTTP %d %s", name, got.status, got.body)
		}
	}
	if runs := g.dev.Stats().QueryRuns["users:me"]; runs != 0 {
		t.Errorf("the query ran %d times", runs)
	}
}

// Without a services file nobody may use the header, and an API key is no credential.
func TestNoServices(t *testing.T) {
	t.Parallel()
	g := start(t, withSample)
	key, _ := newKey()
	ada := g.token(deployment.TokenRequest{User: "ada"})
	g.onWays(t, func(t *testing.T, call way) {
		for want, header := range map[string][]string{
			string(auth.ReasonOnBehalfOf): as(ada, "user_ada"), "TOKEN_CLASS": as(key), "INVALID_VALUE": as("", ""),
		} {
			if value, reason := call(g.context(), t, "users:me", header...); reason != want {
				t.Errorf("%q %s, want %s", reason, value, want)
			}
		}
	})
}

// A service may call what its entry lists, and for a user what is listed there, over every way; nothing else reaches the deployment.
func TestFunctionsOfServices(t *testing.T) {
	t.Parallel()
	key, hash := newKey()
	g := startServices(t, []service.Entry{{Name: "billing", Keys: []string{hash}, Rules: service.Rules{
		Functions:  []string{"users:*"},
		OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"*"}, Functions: []string{"messages:list"}},
	}}}, withSample)
	const refused = "FUNCTION_NOT_ALLOWED"
	g.onWays(t, func(t *testing.T, call way) {
		for _, c := range []struct {
			path   string
			header []string
			want   string
		}{
			{"users:me", as(key), ""}, {"messages:list", as(key), refused},
			{"users:me", as(key, "user_ada"), refused}, {"messages:list", as(key, "user_ada"), ""},
		} {
			if value, reason := call(g.context(), t, c.path, c.header...); reason != c.want {
				t.Errorf("%s with %d headers: %q %s, want %q", c.path, len(c.header)/2, reason, value, c.want)
			}
		}
	})
}

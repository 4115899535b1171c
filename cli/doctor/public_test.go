package doctor

import (
	"strings"
	"testing"

	"convexgateway/dev/deployment"
)

// Public functions that answer differently with and without a token are found.
func TestPublicFunctions(t *testing.T) {
	t.Parallel()
	d, cfg := startDeployment(t, deployment.Config{})
	cfg.API, cfg.Token = "../../examples/convex-app/api", token(t, d, deployment.TokenRequest{})
	for name, c := range map[string]struct {
		public []string
		change func(*Config)
		status Status
		seen   string
		fix    string
	}{
		"none":             {nil, nil, Skip, "no --public-functions", ""},
		"no list":          {[]string{"users:*"}, func(c *Config) { c.API = "" }, Skip, "--api or --deploy-key-file", ""},
		"a deploy key":     {[]string{"users:*"}, func(c *Config) { c.API, c.DeployKey = "", d.AdminKey() }, Fail, "differently: users:me", "--public-functions"},
		"a bad deploy key": {[]string{"users:*"}, func(c *Config) { c.API, c.DeployKey = "", "dev:nope|00" }, Fail, "cannot be listed", "--api"},
		"no token":         {[]string{"users:*"}, func(c *Config) { c.Token = "" }, Skip, "--token", ""},
		"the same":         {[]string{"messages:list"}, nil, OK, "1 queries answer", ""},
		"different":        {[]string{"messages:list", "users:*"}, nil, Fail, "differently: users:me", "get null"},
		"with arguments":   {[]string{"messages:*", "counter:get"}, nil, Warn, "need arguments: counter:get, messages:page", "compare"},
		"no query":         {[]string{"messages:send", "nothing:*"}, nil, Warn, "no query", "only queries"},
		"no deployment":    {[]string{"messages:list"}, func(c *Config) { c.ConvexURL = "http://127.0.0.1:1" }, Fail, "messages:list", "--convex-url"},
		"a throwing one":   {[]string{"errors:crash"}, nil, OK, "1 queries", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := cfg
			if cfg.PublicFunctions = c.public; c.change != nil {
				c.change(&cfg)
			}
			f := (&runner{Config: cfg}).publicFunctions(t.Context())
			if f.Status != c.status || !strings.Contains(f.Seen, c.seen) || !strings.Contains(f.Fix, c.fix) || (c.fix == "") != (f.Fix == "") {
				t.Errorf("%+v, want %s, %q and %q", f, c.status, c.seen, c.fix)
			}
		})
	}
}

package doctor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
)

// A deployment that has drifted from the files is found, and what has changed is named.
func TestContract(t *testing.T) {
	t.Parallel()
	sample, err := os.ReadFile("../../examples/convex-app/api/spec.json")
	if err != nil {
		t.Fatal(err)
	}
	d, cfg := startDeployment(t, deployment.Config{})
	cfg.DeployKey = d.AdminKey()
	without := strings.Replace(string(sample), `"identifier": "users.js:me"`, `"identifier": "users.js:you"`, 1)
	for name, c := range map[string]struct {
		spec   string
		change func(*Config)
		status Status
		seen   string
		fix    string
	}{
		"no --api":   {"", func(*Config) {}, Skip, "no --api", ""},
		"as it is":   {string(sample), nil, OK, "13 functions, as deployed", ""},
		"no key":     {string(sample), func(c *Config) { c.DeployKey = "" }, Skip, "13 functions in --api; not compared", ""},
		"a bad key":  {string(sample), func(c *Config) { c.DeployKey = "dev:nope|00" }, Fail, "function spec", "deploy key"},
		"no spec":    {"{", nil, Fail, "spec.json", "generate"},
		"renamed":    {without, nil, Fail, "users:me (added), users:you (removed)", "generate"},
		"arguments":  {strings.Replace(string(sample), `"limit"`, `"count"`, 1), nil, Fail, "messages:list (arguments)", "deploy the functions"},
		"result":     {strings.Replace(string(sample), "bigint", "number", 1), nil, Fail, "messages:clear (result)", "deploy the functions"},
		"kind":       {strings.Replace(string(sample), `"functionType": "Query"`, `"functionType": "Action"`, 1), nil, Fail, "(kind)", "deploy the functions"},
		"fewer":      {`{"functions":[]}`, nil, Warn, "and 3 more", "deploy the functions"},
		"strictly":   {`{"functions":[]}`, func(c *Config) { c.StrictAPI = true }, Fail, "actions:sleep (added)", "deploy the functions"},
		"no answer":  {string(sample), func(c *Config) { c.ConvexURL = "http://127.0.0.1:1" }, Fail, "function spec", "deployment"},
		"bad folder": {"", func(c *Config) { c.API = filepath.Join(c.API, "nope") }, Fail, "spec.json", "generate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := cfg
			if name != "no --api" {
				cfg.API = t.TempDir()
				if err := os.WriteFile(filepath.Join(cfg.API, "spec.json"), []byte(c.spec), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if c.change != nil {
				c.change(&cfg)
			}
			f := (&runner{Config: cfg}).contract(t.Context())
			if f.Status != c.status || !strings.Contains(f.Seen, c.seen) || !strings.Contains(f.Fix, c.fix) || (c.fix == "") != (f.Fix == "") {
				t.Errorf("%+v, want %s, %q and %q", f, c.status, c.seen, c.fix)
			}
			if strings.Contains(f.Seen+f.Fix, cfg.DeployKey) && cfg.DeployKey != "" {
				t.Error("the key is in the finding")
			}
		})
	}
	expect(t, cfg, "contract", Skip, "no --api", "")
}

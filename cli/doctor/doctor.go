package doctor

import (
	"context"
	"net/http"
	"sync"
	"time"

	"convexgateway/auth/nats"
	"convexgateway/server"
)

// Config is what is checked: the settings of a gateway, and what the checks need beside them.
type Config struct {
	server.Config
	server.Upstream

	Replicas nats.Config // of the exchange; without a URL there is one replica

	Token     string           // a JWT, which is a secret; "": none is checked
	DeployKey string           // of the deployment, a secret; "": its functions are not compared with the contract
	Through   string           // public URL of the running gateway behind its proxy; "": no proxy is checked
	Quiet     time.Duration    // how long a quiet stream through the proxy must last
	Limit     time.Duration    // of the time of each check; 0: DefaultLimit
	Now       func() time.Time // nil: time.Now
}

// Status is the outcome of a check.
type Status string

// The outcomes of checks.
const (
	OK   Status = "ok"
	Warn Status = "warn" // it works now, but may fail later
	Fail Status = "FAIL"
	Skip Status = "-" // not checked; Seen has the reason
)

// Finding is what a check has found. Seen is what it saw, Fix what to do about it.
type Finding struct {
	Check  string `json:"check"`
	Status Status `json:"verdict"`
	Seen   string `json:"seen"`
	Fix    string `json:"fix,omitempty"`
}

// DefaultLimit is the default of Config.Limit.
const DefaultLimit = 10 * time.Second

// check is one check. Its name becomes Finding.Check.
type check struct {
	name  string
	limit time.Duration
	run   func(context.Context) Finding
}

// Run runs all checks at the same time, and returns their findings in a fixed order.
func Run(ctx context.Context, cfg Config) []Finding {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Limit == 0 {
		cfg.Limit = DefaultLimit
	}
	r := &runner{Config: cfg, client: &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}}
	defer r.client.CloseIdleConnections()
	checks := r.checks()
	findings := make([]Finding, len(checks))
	var running sync.WaitGroup
	for i, c := range checks {
		running.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, c.limit)
			defer cancel()
			findings[i] = c.run(ctx)
			findings[i].Check = c.name
		})
	}
	running.Wait()
	return findings
}

// Failed returns the number of failed checks.
func Failed(findings []Finding) (n int) {
	for _, f := range findings {
		if f.Status == Fail {
			n++
		}
	}
	return n
}

// runner has the checks as its methods. Its client has connections of its own, apart from http.DefaultTransport's.
type runner struct {
	Config
	client *http.Client
}

// checks lists the checks in the order of their findings.
func (r *runner) checks() []check {
	limit := r.Limit
	list := []check{
		{"deployment", limit, r.version},
		{"live queries", limit, r.handshake},
	}
	for _, issuer := range r.Issuers {
		list = append(list, check{"issuer " + issuer, limit, func(ctx context.Context) Finding { return r.clerkIssuer(ctx, issuer) }})
	}
	for _, issuer := range r.OtherIssuers {
		list = append(list, check{"issuer " + issuer.URL, limit, func(ctx context.Context) Finding { return r.otherIssuer(ctx, issuer) }})
	}
	if len(r.Issuers)+len(r.OtherIssuers) == 0 {
		list = append(list, check{"issuer", limit, noIssuer})
	}
	list = append(list,
		check{"token at the gateway", limit, r.tokenAtGateway},
		check{"token at the deployment", limit, r.tokenAtDeployment},
		check{"clock", limit, r.clock},
		check{"Clerk secret key", limit, r.secretKey},
		check{"webhook secret", limit, r.webhookSecret},
		check{"keys", limit, r.keys},
		check{"contract", limit, r.contract},
		check{"public functions", limit, r.publicFunctions},
		check{"other replicas", limit, r.replicas},
		check{"TLS files", limit, r.tlsFiles},
		check{"REST port", limit, r.restPort},
		check{"gRPC port", limit, r.grpcPort},
		check{"admin port", limit, r.adminPort},
		check{"limits", limit, r.limits},
		check{"public callers", limit, r.publicCallers},
	)
	if r.Through != "" {
		list = append(list,
			check{"proxy: gateway", limit, r.alive},
			check{"proxy: ready", limit, r.ready},
			check{"proxy: streams", limit + r.Quiet, r.stream},
			check{"proxy: gRPC streams", limit + r.Quiet, r.grpcStream},
		)
	}
	return list
}

func ok(seen string) Finding        { return Finding{Status: OK, Seen: seen} }
func warn(seen, fix string) Finding { return Finding{Status: Warn, Seen: seen, Fix: fix} }
func fail(seen, fix string) Finding { return Finding{Status: Fail, Seen: seen, Fix: fix} }
func skip(seen string) Finding      { return Finding{Status: Skip, Seen: seen} }

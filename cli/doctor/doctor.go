// Package doctor tries out a gateway's configuration: what it stands before, whose tokens it takes, and the proxy in front of
// it. Every check asks the real thing, within a time limit, and says what it saw and what to do about it.
package doctor

import (
	"context"
	"net/http"
	"sync"
	"time"

	"convexgateway/auth/nats"
	"convexgateway/server"
)

// Config is what is tried out.
type Config struct {
	server.Config
	server.Upstream

	Replicas nats.Config // without a URL: this is the only one

	Token   string           // a JWT to try; a secret. Empty: none
	Through string           // public URL of the running gateway, behind its proxy; empty: none
	Quiet   time.Duration    // how long a stream through the proxy has to survive
	Limit   time.Duration    // of each check; 0: DefaultLimit
	Now     func() time.Time // nil: time.Now
}

// Verdict is what a check came to.
type Verdict string

// The verdicts.
const (
	OK   Verdict = "ok"
	Warn Verdict = "warn" // it works, but may not go on to
	Fail Verdict = "FAIL"
	Skip Verdict = "-" // not tried; Seen says why
)

// Finding is the outcome of one check.
type Finding struct {
	Check   string  `json:"check"`
	Verdict Verdict `json:"verdict"`
	Seen    string  `json:"seen"`
	Fix     string  `json:"fix,omitempty"`
}

// DefaultLimit is how long one check may take.
const DefaultLimit = 10 * time.Second

// check is one question. Its name is put into what it finds.
type check struct {
	name  string
	limit time.Duration
	run   func(context.Context) Finding
}

// Run makes all checks at the same time, and returns their findings in a fixed order.
func Run(ctx context.Context, cfg Config) []Finding {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Limit == 0 {
		cfg.Limit = DefaultLimit
	}
	p := &practice{Config: cfg, client: &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}}
	defer p.client.CloseIdleConnections()
	checks := p.checks()
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

// Failed counts the findings that are failures.
func Failed(findings []Finding) (n int) {
	for _, f := range findings {
		if f.Verdict == Fail {
			n++
		}
	}
	return n
}

// practice is what the checks share. Its client keeps each check's connections apart from the gateway's own.
type practice struct {
	Config
	client *http.Client
}

// checks lists the questions, in the order in which their answers are shown.
func (p *practice) checks() []check {
	limit := p.Limit
	list := []check{
		{"deployment", limit, p.version},
		{"live queries", limit, p.handshake},
	}
	for _, issuer := range p.Issuers {
		list = append(list, check{"issuer " + issuer, limit, func(ctx context.Context) Finding { return p.clerkIssuer(ctx, issuer) }})
	}
	for _, issuer := range p.OtherIssuers {
		list = append(list, check{"issuer " + issuer.URL, limit, func(ctx context.Context) Finding { return p.otherIssuer(ctx, issuer) }})
	}
	if len(p.Issuers)+len(p.OtherIssuers) == 0 {
		list = append(list, check{"issuer", limit, noIssuer})
	}
	list = append(list,
		check{"token at the gateway", limit, p.tokenHere},
		check{"token at the deployment", limit, p.tokenThere},
		check{"clock", limit, p.clock},
		check{"Clerk secret key", limit, p.secretKey},
		check{"webhook secret", limit, p.webhookSecret},
		check{"other replicas", limit, p.others},
		check{"TLS files", limit, p.tlsFiles},
		check{"REST port", limit, p.restPort},
		check{"gRPC port", limit, p.grpcPort},
		check{"admin port", limit, p.adminPort},
	)
	if p.Through != "" {
		list = append(list,
			check{"proxy: gateway", limit, p.alive},
			check{"proxy: ready", limit, p.ready},
			check{"proxy: streams", limit + p.Quiet, p.stream},
		)
	}
	return list
}

func ok(seen string) Finding        { return Finding{Verdict: OK, Seen: seen} }
func warn(seen, fix string) Finding { return Finding{Verdict: Warn, Seen: seen, Fix: fix} }
func fail(seen, fix string) Finding { return Finding{Verdict: Fail, Seen: seen, Fix: fix} }
func skip(seen string) Finding      { return Finding{Verdict: Skip, Seen: seen} }

package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"convexgateway/bench/load"
	"convexgateway/bench/table"
	"convexgateway/bench/wire"
)

const (
	attackMemory   = 128 << 20        // bytes of a gateway's memory
	attackBudget   = attackMemory / 2 // bytes that it may hold for callers, by default
	attackFiles    = 4096             // that a gateway may have open
	attackersFrom  = "127.0.0.2"      // another caller than the others, who are 127.0.0.1
	closedIssuer   = "http://127.0.0.1:1"
	mebibyte       = 1 << 20
	attackStreams  = 20_000
	streamsOnConns = 4
)

// boundedAttack is an attack that makes a gateway hold bytes, places or connections for its callers. Each has a gateway of its own, with
// little memory.
type boundedAttack struct {
	*attackRun
	files       int  // that the gateway may have open; 0: any number
	requireAuth bool // the gateway takes no anonymous calls
	issuer      bool // the gateway has issuers, one of them out of reach
}

// boundedAttacks measures these attacks, and returns those that were measured before an error.
func (b *bench) boundedAttacks(ctx context.Context) (measured []*attackRun, err error) {
	for _, a := range b.boundedRuns() {
		for range b.runs {
			if err := b.measureBounded(ctx, a); err != nil {
				return measured, fmt.Errorf("%s: %w", a.Kind, err)
			}
		}
		measured = append(measured, a.attackRun)
	}
	return measured, nil
}

// boundedRuns returns all of these attacks.
func (b *bench) boundedRuns() []boundedAttack {
	of := func(kind string, attackers, calls int) boundedAttack {
		return boundedAttack{attackRun: &attackRun{Attack: load.Attack{
			Kind: kind, Attackers: attackers, Calls: calls, From: attackersFrom, Token: unsignedToken(), Live: wire.LivePath,
		}, bounded: true}}
	}
	sleeping := of("sleeping actions", 1, b.count(5_000, 200))
	sleeping.files, sleeping.with = attackFiles, fmt.Sprintf(" with %s descriptors", thousands(attackFiles))
	waiting := of("waiting streams", streamsOnConns, b.count(attackStreams/streamsOnConns, 50))
	waiting.issuer = true
	attacks := []boundedAttack{
		of("unfinished uploads", 1, b.count(40, 4)),
		of("inflating calls", 1, b.count(60, 4)),
		of("unread results", b.count(120, 8), 1),
		of("long names", 1, b.count(20, 4)),
		of("health watches", streamsOnConns, b.count(attackStreams/streamsOnConns, 50)),
		of("reflection streams", streamsOnConns, b.count(attackStreams/streamsOnConns, 50)),
		sleeping, waiting,
		of("large metadata", 4, 0),
	}
	for _, a := range attacks {
		attacks = append(attacks, a.withAuth())
		if a.Kind == sleeping.Kind { // all its calls are refused
			attacks[len(attacks)-1].floor = &attackRun{Attack: a.Attack}
		}
	}
	return attacks
}

// withAuth returns the same attack on a gateway that takes no anonymous calls.
func (a boundedAttack) withAuth() boundedAttack {
	r := *a.attackRun
	r.with += " with --require-auth"
	a.attackRun, a.requireAuth = &r, true
	return a
}

// measureBounded measures an attack once.
func (b *bench) measureBounded(ctx context.Context, a boundedAttack) error {
	defer b.stopAll()
	up, err := b.upstream(ctx)
	if err != nil {
		return err
	}
	flags, token, err := b.boundedFlags(ctx, a)
	if err != nil {
		return err
	}
	g, err := b.gatewayWithin(ctx, capacity{attackMemory, a.files}, up.url, flags...)
	if err != nil {
		return err
	}
	a.GRPC, a.HTTP = g.grpc, g.http
	v, err := b.newOthers(ctx, up, g, token)
	if err != nil {
		return err
	}
	defer v.close()
	if err := b.measureAttack(ctx, a.attackRun, v); err != nil || a.floor == nil {
		return err
	}
	return b.measureFloor(ctx, a, v)
}

// measureFloor measures the same attack on a server that only refuses, beside the same callers of the gateway.
func (b *bench) measureFloor(ctx context.Context, a boundedAttack, v *others) error {
	_, at, err := b.own(ctx, "refusing")
	if err != nil {
		return err
	}
	a.floor.GRPC = at.GRPC
	return b.measureAttack(ctx, a.floor, v)
}

// boundedFlags returns the flags of an attack's gateway, and the token of its other callers, if they need one.
func (b *bench) boundedFlags(ctx context.Context, a boundedAttack) (flags []string, token string, err error) {
	if !a.requireAuth && !a.issuer {
		return nil, "", nil
	}
	_, at, err := b.own(ctx, "deployment")
	if err != nil {
		return nil, "", err
	}
	flags = []string{"--clerk-issuer", at.Issuer + "," + closedIssuer}
	if a.requireAuth {
		flags = append(flags, "--require-auth")
		tokens, err := tokensOf(ctx, at.URL, 1)
		if err != nil {
			return nil, "", err
		}
		token = tokens[0]
	}
	return flags, token, nil
}

// unsignedToken is a token of the issuer out of reach, which nobody can check.
func unsignedToken() string {
	encode := base64.RawURLEncoding.EncodeToString
	now := time.Now().Unix()
	claims := fmt.Sprintf(`{"iss":%q,"sub":"user_x","sid":"sess_x","aud":"convex","iat":%d,"nbf":%d,"exp":%d,"v":2,"sts":"active","fva":[0,-1]}`,
		closedIssuer, now, now, now+3600)
	return encode([]byte(`{"alg":"RS256","typ":"JWT","kid":"x"}`)) + "." + encode([]byte(claims)) + "." + encode(make([]byte, 256))
}

// measureMemory records how much more memory than that the gateway has had at most.
func (s *attackRun) measureMemory(g *gateway, before float64) error {
	if !s.bounded {
		return nil
	}
	peak, err := g.PeakRSS()
	s.grown = append(s.grown, (peak-before)/mebibyte)
	return err
}

// budget is the gateway's budget in each run, in MiB.
func (s *attackRun) budget() (each table.Series) {
	for range s.grown {
		each = append(each, attackBudget/mebibyte)
	}
	return each
}

package doctor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"convexgateway/auth/nats"
)

// others tries the way to the other replicas.
func (p *practice) others(ctx context.Context) Finding {
	if p.Replicas.URL == "" {
		return skip("no NATS: what one replica is told of sign-outs, revocations, refreshes and tickets stays there")
	}
	trial, err := nats.Try(ctx, p.Replicas)
	if err != nil {
		return fail(err.Error(), p.replicasFix(err))
	}
	seen := fmt.Sprintf("NATS at %s, there and back in %v", trial.Server, trial.Took.Round(10*time.Microsecond))
	if p.Replicas.Key == nil {
		return warn(seen+"; tokens cross it as plain text", "give all replicas the same --ticket-key: openssl rand -base64 32")
	}
	return ok(seen + ", sealed")
}

func (p *practice) replicasFix(err error) string {
	switch {
	case errors.Is(err, nats.ErrCredentials):
		return "give a user of NATS in --nats-url (nats://user:password@host:4222), or a credentials file as --nats-creds"
	case errors.Is(err, nats.ErrPermission):
		return "let the user publish and subscribe to " + p.Replicas.Subject + ".* (--nats-subject)"
	}
	return "look at --nats-url and --nats-creds, and whether this machine may reach the server"
}

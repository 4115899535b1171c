package doctor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"convexgateway/auth/nats"
)

// replicas sends a message to itself over NATS.
func (r *runner) replicas(ctx context.Context) Finding {
	if r.Replicas.URL == "" {
		return skip("no NATS: sign-outs, revocations, refreshes and used tickets act on one replica only")
	}
	trial, err := nats.Try(ctx, r.Replicas)
	if err != nil {
		return fail(err.Error(), r.replicasFix(err))
	}
	seen := fmt.Sprintf("NATS at %s, there and back in %v", trial.Server, trial.Took.Round(10*time.Microsecond))
	if len(r.Replicas.Keys) == 0 {
		return warn(seen+"; tokens cross it as plain text", "give all replicas the same --cluster-key: openssl rand -base64 32")
	}
	return ok(seen + ", sealed")
}

func (r *runner) replicasFix(err error) string {
	switch {
	case errors.Is(err, nats.ErrCredentials):
		return "give a user of NATS in --nats-url (nats://user:password@host:4222), or a credentials file as --nats-creds"
	case errors.Is(err, nats.ErrPermission):
		return "let the user publish and subscribe to " + r.Replicas.Subject + ".* (--nats-subject)"
	}
	return "look at --nats-url and --nats-creds, and whether this machine may reach the server"
}

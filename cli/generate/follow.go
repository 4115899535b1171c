package generate

import (
	"context"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live"
	"convexgateway/convex/spec"
)

// keyLifetime is how long the deployment is taken to accept a deploy key. They do not expire, but for those that are deleted.
const keyLifetime = 10 * 365 * 24 * time.Hour

// Follow calls use with the spec of ConvexURL, and again whenever it has changed, until ctx ends, over one socket that is made again when it is
// lost. An error that use gets is of this spec alone; Follow fails if the deployment refuses the key.
func (s Source) Follow(ctx context.Context, use func(*spec.Spec, []spec.Warning, error)) error {
	client, err := live.New(s.ConvexURL, live.Options{Admin: true})
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	now := time.Now()
	admin := convex.Credential{Identity: convex.Identity{1}, Token: s.DeployKey, Issued: now, Expires: now.Add(keyLifetime)}
	sub, err := client.Subscribe(admin, spec.Query(), []byte("{}"), live.SubscribeOptions{})
	if err != nil {
		return err
	}
	defer sub.Close()
	var newest *convex.Result
	for {
		state := sub.State()
		if state.Err != nil {
			return state.Err
		}
		if state.Result != newest {
			newest = state.Result
			use(read(newest))
		}
		if _, err := sub.Next(ctx); err != nil {
			return nil // its context has ended
		}
	}
}

// read returns the spec that the deployment's query has returned.
func read(r *convex.Result) (*spec.Spec, []spec.Warning, error) {
	if r.Err != nil {
		return nil, nil, r.Err
	}
	return spec.Parse(r.Value)
}

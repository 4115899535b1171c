package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"convexgateway/dev/deployment/call"
)

// Slots are how many functions of each kind run at a time in a deployment; 0 is the number of Convex's defaults
// (get-convex/convex-backend crates/common/src/knobs.rs). Equal queries at once take one slot each, unlike Convex's.
type Slots struct{ Queries, Mutations, Actions int }

const (
	slotWait       = 5 * time.Second // for a slot, before a call is refused
	slotWaitAction = 10 * time.Second
)

// slots are free while they can be sent to.
type slots [3]chan struct{}

func newSlots(s Slots) (all slots) {
	for kind, n := range [...]int{call.Query: s.Queries, call.Mutation: s.Mutations, call.Action: s.Actions} {
		if n == 0 {
			n = [...]int{call.Query: 16, call.Mutation: 16, call.Action: 64}[kind]
		}
		all[kind] = make(chan struct{}, n)
	}
	return all
}

// take waits for a slot. It fails with TooManyConcurrentRequests. An action that another one calls takes none.
func (s slots) take(ctx context.Context, c call.Call) (release func(), err error) {
	if c.Kind == call.Action && c.Nested {
		return func() {}, nil
	}
	slot := s[c.Kind]
	release = func() { <-slot }
	select {
	case slot <- struct{}{}:
		return release, nil
	default:
	}
	wait := time.NewTimer(map[bool]time.Duration{true: slotWaitAction, false: slotWait}[c.Kind == call.Action])
	defer wait.Stop()
	select {
	case slot <- struct{}{}:
		return release, nil
	case <-ctx.Done():
		return nil, call.ErrInternal
	case <-wait.C:
		return nil, call.NewError(call.RateLimited, "TooManyConcurrentRequests", fmt.Sprintf("Too many concurrent requests. Your backend "+
			"is limited to %d concurrent %ss. To get more resources, upgrade to Convex Pro. If you are already on Convex Pro, please contact "+
			"support.", cap(slot), strings.ToLower(c.Kind.String())))
	}
}

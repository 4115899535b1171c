package rpc

import (
	"context"
	"runtime"

	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/tap"

	"convexgateway/server/call"
)

// callsPerTurn is how many calls are read, on all connections together, before their reader makes way for others.
const callsPerTurn = 64

// Arriving returns the context of a call that begins, by which its reading can be ended. It is for [grpc.InTapHandle], which the
// connection's reader calls, so it must not wait.
//
// The reader starts a goroutine for each call. It takes less time for one than the goroutine does, so a burst of calls would fill the
// queue of Go's scheduler, in which the goroutines of other callers then wait. So it yields from time to time: the calls that it has
// started come before the next ones. It does so rarely enough that the memory of the streams of one connection lies together, where
// the fan-out reads it faster.
//
// A call is refused here if too many of its address arrive, but it is its goroutine that responds: after an error of its tap handle
// grpc-go keeps the timer of a call with a deadline until then.
func (s *Services) Arriving(ctx context.Context, info *tap.Info) (context.Context, error) {
	w := newWindow(ctx)
	if s.Limits.Arriving == nil {
		return w, nil
	}
	if s.begun.Add(1)%callsPerTurn == 0 {
		runtime.Gosched()
	}
	w.arriving.Places, w.arriving.Caller = s.Limits.Arriving, s.addressOf(ctx, info)
	w.refused = w.arriving.Take()
	return w, nil
}

// addressOf returns the network of the address that a call comes from.
func (s *Services) addressOf(ctx context.Context, info *tap.Info) string {
	c := call.Call{}
	if p, ok := peer.FromContext(ctx); ok {
		c.Peer = p.Addr.String()
		c.Address = s.Proxies.Caller(call.HostOf(c.Peer), info.Header["x-forwarded-for"], info.Header["forwarded"])
	}
	return s.Limits.CallerOf(&c, nil)
}

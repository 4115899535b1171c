package rpc

import (
	"context"
	"log/slog"
	"time"

	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/tap"

	"convexgateway/server/call"
)

// Arriving returns the context of a call that begins, by which its reading can be ended, or refuses the call if too many of its address
// have begun and have not been admitted yet: each has a goroutine already. It is for [grpc.InTapHandle], which the connection's reader
// calls, so it must not wait.
func (s *Services) Arriving(ctx context.Context, info *tap.Info) (context.Context, error) {
	w := newWindow(ctx)
	if s.Limits.Arriving == nil || over(ctx) {
		return w, nil
	}
	w.arriving = call.Arrival{Places: s.Limits.Arriving, Caller: s.addressOf(ctx, info)}
	if err := w.arriving.Take(); err != nil {
		w.end()
		return nil, s.refuseArrival(ctx, info, w.arriving.Caller, err)
	}
	return w, nil
}

// over reports whether a call's deadline has passed, so that grpc-go does not handle it.
func over(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && !time.Now().Before(deadline)
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

// refuseArrival returns the status of a call that is refused, and logs it as other refused calls.
func (s *Services) refuseArrival(ctx context.Context, info *tap.Info, caller string, err error) error {
	p := call.ProblemOf(err)
	if s.Limits.Refusals.Add(caller, p.Reason) {
		s.Logger.LogAttrs(ctx, slog.LevelInfo, "call", slog.String("method", call.CutText(info.FullMethodName, maxLoggedName)),
			slog.String("code", p.Code.String()), slog.String("caller", caller), slog.String("reason", p.Reason))
	}
	return statusOf(p, StructFormat, maxDetails).Err()
}

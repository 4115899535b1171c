package audit

import (
	"context"
	"log/slog"
	"time"

	"convexgateway/auth"
	"convexgateway/internal/expiring"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// Event is what an audit line is of.
type Event string

// The events.
const (
	SignIn            Event = "sign_in"            // the deployment has accepted the first token of a sign-in on this replica
	CredentialRefused Event = "credential_refused" // with the reason
	SignOut           Event = "sign_out"           // by the caller
	Revocation        Event = "revocation"         // by the issuer, or on another replica
	Start             Event = "start"              // with the settings
	Reload            Event = "reload"
	Drain             Event = "drain"
)

const (
	rememberSignIn = 24 * time.Hour
	maxSignIns     = 100_000 // that are remembered
)

// Log writes audit lines: "audit":true, the event, and its attributes. A nil *Log writes none. Safe for concurrent use. Close it in the
// end.
type Log struct {
	names    *Names
	handler  slog.Handler
	refusals *limit.Refusals
	signIns  *expiring.Map[auth.SignIn, struct{}]
}

// New returns a log that writes to a logger, at any level.
func New(logger *slog.Logger, names *Names) *Log {
	l := &Log{names: names, handler: logger.Handler(), signIns: expiring.New[auth.SignIn, struct{}](maxSignIns)}
	l.refusals = limit.NewRefusals(func(attrs ...slog.Attr) { l.Write(context.Background(), CredentialRefused, attrs...) })
	return l
}

// Close writes the last sums.
func (l *Log) Close() { l.refusals.Close() }

// Names returns how callers are named.
func (l *Log) Names() *Names {
	if l == nil {
		return nil
	}
	return l.names
}

// Write writes a line. Attributes hold no secret; subjects and sessions in them are to be [Names.Name]s.
func (l *Log) Write(ctx context.Context, event Event, attrs ...slog.Attr) {
	if l == nil {
		return
	}
	r := slog.NewRecord(time.Now(), slog.LevelInfo, "audit", 0)
	r.AddAttrs(slog.Bool("audit", true), slog.String("event", string(event)))
	r.AddAttrs(attrs...)
	_ = l.handler.Handle(ctx, r) // not asked whether the level is enabled; there is no other place to report an error
}

// SignedIn writes that the deployment has accepted a caller's token, once a sign-in and day.
func (l *Log) SignedIn(ctx context.Context, id *auth.Identity) {
	if l == nil || id == nil {
		return
	}
	signIn, now := id.SignIn(), time.Now()
	if _, known := l.signIns.Get(signIn, now); known || !l.signIns.Add(signIn, struct{}{}, now.Add(rememberSignIn), now) {
		return
	}
	l.Write(ctx, SignIn, l.ofCall(ctx, id)...)
}

// Refused writes that the credential of a call is refused. Of many refusals of an address and reason it writes some, and a sum each minute.
func (l *Log) Refused(ctx context.Context, reason string) {
	if l == nil || !l.refusals.Add(call.From(ctx).Caller(), reason) {
		return
	}
	l.Write(ctx, CredentialRefused, append(l.ofCall(ctx, nil), slog.String("reason", reason))...)
}

// ofCall returns the attributes of a caller, and of the call that the context has.
func (l *Log) ofCall(ctx context.Context, id *auth.Identity) []slog.Attr {
	c := call.From(ctx)
	attrs := l.names.AppendCaller(c.LogAttrs(ctx), id)
	return AppendClient(append(attrs, slog.String("caller", c.Address)), c)
}

// Revoked writes that a session, or a user, has been signed out or revoked. Of what another replica has revoked there is a line where it
// has ended streams.
func (l *Log) Revoked(r auth.Revocation, elsewhere bool, ended int) {
	if l == nil || elsewhere && ended == 0 {
		return
	}
	event, from := Revocation, "here"
	switch {
	case elsewhere:
		from = "another replica"
	case r.Reason == auth.ReasonSignedOut:
		event = SignOut
	}
	attrs := []slog.Attr{slog.String("reason", string(r.Reason)), slog.String("from", from), slog.Int("streams_ended", ended), slog.String("issuer", r.Issuer)}
	for _, of := range []struct{ key, value string }{{"subject", r.Subject}, {"session", r.SessionID}} {
		if name := l.names.Name(of.value); name != "" {
			attrs = append(attrs, slog.String(of.key, name))
		}
	}
	l.Write(context.Background(), event, attrs...)
}

package doctor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"

	"convexgateway/convex"
	"convexgateway/convex/live"
)

// version requests the deployment's version.
func (r *runner) version(ctx context.Context) Finding {
	client, err := convex.NewHTTPClient(r.ConvexURL, convex.HTTPOptions{Attempts: 1})
	if err != nil {
		return fail(err.Error(), "set --convex-url to the deployment's URL, https://….convex.cloud")
	}
	defer client.Close()
	version, err := client.Version(ctx)
	switch {
	case err != nil:
		return fail(err.Error(), r.deploymentFix())
	case len(version) > 100 || strings.ContainsAny(version, "<>\n"):
		return fail("an answer that is no version", r.deploymentFix())
	}
	return ok(fmt.Sprintf("version %s at %s", version, r.ConvexURL))
}

// deploymentFix returns what to do about an unreachable deployment. A common mistake is the address of HTTP actions.
func (r *runner) deploymentFix() string {
	if u, err := url.Parse(r.ConvexURL); err == nil && strings.HasSuffix(u.Hostname(), ".convex.site") {
		return "set --convex-url to the .convex.cloud address: .convex.site is that of HTTP actions"
	}
	return "look at --convex-url, and whether this machine may reach it"
}

// handshake opens a sync socket as an anonymous caller and waits for the deployment's first answer.
func (r *runner) handshake(ctx context.Context) Finding {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	log := &lastLogEntry{stop: cancel}
	client, err := live.New(r.ConvexURL, live.Options{Linger: -1, Compress: r.UpstreamCompression, Logger: slog.New(log)})
	if err != nil {
		return fail(err.Error(), "set --convex-url to the deployment's URL, https://….convex.cloud")
	}
	defer func() { _ = client.Close() }()
	sub, err := client.Subscribe(convex.Credential{}, convex.Path{}, nil, live.SubscribeOptions{})
	if err != nil {
		return fail(err.Error(), r.deploymentFix())
	}
	defer sub.Close()
	for state := sub.State(); ; {
		if state.Link == live.Connected {
			return ok("the deployment answered over its WebSocket")
		}
		if state, err = sub.Next(ctx); err != nil || state.Err != nil {
			return fail("no answer over the WebSocket: "+log.text(), "let WebSockets (/api/sync) through any proxy or firewall on the way to the deployment")
		}
	}
}

// lastLogEntry is a log handler that keeps the newest entry. After maxLogEntries it calls stop, because the sync client
// retries without end. Safe for concurrent use.
type lastLogEntry struct {
	stop func()

	mu      sync.Mutex
	last    string
	entries int
}

const maxLogEntries = 3

// Enabled implements [slog.Handler].
func (*lastLogEntry) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements [slog.Handler].
func (l *lastLogEntry) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = r.Message
	r.Attrs(func(a slog.Attr) bool {
		l.last += ": " + a.Value.String()
		return true
	})
	if l.entries++; l.entries == maxLogEntries {
		l.stop()
	}
	return nil
}

// WithAttrs implements [slog.Handler].
func (l *lastLogEntry) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup implements [slog.Handler].
func (l *lastLogEntry) WithGroup(string) slog.Handler { return l }

// text returns the newest entry.
func (l *lastLogEntry) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == "" {
		return "it neither refused nor answered"
	}
	return l.last
}

// noSuchQuery is called with a token: the deployment verifies the token before it looks for the function.
const noSuchQuery = "convexgateway/doctor:nothing"

// tokenAtDeployment calls a function that does not exist with the token.
func (r *runner) tokenAtDeployment(ctx context.Context) Finding {
	if r.Token == "" {
		return skip("not tried: give a JWT with --token")
	}
	client, err := convex.NewHTTPClient(r.ConvexURL, convex.HTTPOptions{Attempts: 1})
	if err != nil {
		return skip("not tried: no deployment")
	}
	defer client.Close()
	path, err := convex.ParsePath(noSuchQuery)
	if err != nil {
		return fail(err.Error(), "")
	}
	_, err = client.Call(ctx, convex.Call{Kind: convex.Query, Path: path, Args: []byte("{}"), Token: r.Token})
	if err == nil {
		return ok("the deployment takes it")
	}
	if _, found := errors.AsType[*convex.FunctionError](err); found { // the token was accepted, and the function looked for
		return ok("the deployment takes it")
	}
	failed, _ := errors.AsType[*convex.DeploymentError](err)
	switch {
	case failed != nil && failed.Class == convex.Unauthorized:
		return fail("the deployment refuses it: "+failed.Code, "list the token's issuer (domain) and audience (applicationID) in convex/auth.config.ts and deploy it; a token of Clerk's lives for 60 s")
	case failed != nil && failed.Class == convex.AuthUnavailable:
		return fail("the deployment cannot reach the token's issuer: "+failed.Code, "make the issuer's /.well-known/openid-configuration reachable from the deployment")
	}
	return fail(err.Error(), r.deploymentFix())
}

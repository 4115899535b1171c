package audit

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/auth"
	"convexgateway/server/call"
)

// lines is a log at the level of errors.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.b.Reset()
	return l.b.String()
}

func newLog() (*Log, *lines) {
	to := &lines{}
	return New(slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: slog.LevelError})), NewNames(Full, nil)), to
}

// An audit line is written whatever the level.
func TestAuditIgnoresTheLevel(t *testing.T) {
	t.Parallel()
	l, to := newLog()
	defer l.Close()
	l.Write(t.Context(), Reload, slog.Bool("ok", true))
	if got := to.take(); !strings.Contains(got, `msg=audit audit=true event=reload ok=true`) {
		t.Error(got)
	}
	var none *Log
	none.Write(t.Context(), Reload)
	none.SignedIn(t.Context(), ada)
	none.Refused(t.Context(), "ISSUER")
	none.Revoked(auth.Revocation{}, false, 1)
	if none.Names() != nil {
		t.Error("names")
	}
}

// A sign-in has one line a day, however many calls and streams it has; an anonymous caller has none.
func TestSignInIsWrittenOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, to := newLog()
		defer l.Close()
		again := *ada
		other := *ada
		other.SessionID = "sess_2"
		var all sync.WaitGroup
		for _, id := range []*auth.Identity{ada, &again, nil, &other, ada} {
			all.Go(func() { l.SignedIn(t.Context(), id) })
		}
		all.Wait()
		if got := to.take(); strings.Count(got, "event=sign_in") != 2 || !strings.Contains(got, "session=sess_2") || !strings.Contains(got, "actor=user_boss") {
			t.Error(got)
		}
		time.Sleep(rememberSignIn) //nolint:forbidigo // the bubble's clock
		l.SignedIn(t.Context(), ada)
		if got := to.take(); strings.Count(got, "event=sign_in") != 1 {
			t.Errorf("the next day: %s", got)
		}
	})
}

// Of many refusals of an address the first of a minute have lines, and the others a sum.
func TestRefusalsAreSummed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, to := newLog()
		ctx := call.With(context.Background(), &call.Call{Address: "192.0.2.1", RequestID: "r"})
		for range 1_000 {
			l.Refused(ctx, "BAD_SIGNATURE")
		}
		first := strings.Count(to.take(), "event=credential_refused")
		if first == 0 || first >= 100 {
			t.Errorf("%d lines", first)
		}
		time.Sleep(2 * time.Minute) //nolint:forbidigo // the bubble's clock
		synctest.Wait()
		want := fmt.Sprintf(`audit=true event=credential_refused caller="address 192.0.2.1" reason=BAD_SIGNATURE more_times=%d`, 1_000-first)
		if got := to.take(); strings.Count(got, "\n") != 1 || !strings.Contains(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
		l.Close()
	})
}

func TestRevocations(t *testing.T) {
	t.Parallel()
	l, to := newLog()
	defer l.Close()
	revoked := auth.Revocation{Issuer: "https://issuer.test", SessionID: "sess_ada", Reason: auth.ReasonSessionRevoked}
	for _, test := range []struct {
		r         auth.Revocation
		elsewhere bool
		ended     int
		want      string // empty: no line
	}{
		{auth.SignOut(ada), false, 2, `event=sign_out reason=SIGNED_OUT from=here streams_ended=2`},
		{auth.SignOut(ada), true, 3, `event=revocation reason=SIGNED_OUT from="another replica" streams_ended=3`},
		{auth.SignOut(ada), true, 0, ``},
		{revoked, false, 0, `event=revocation reason=SESSION_REVOKED from=here streams_ended=0 issuer=https://issuer.test session=sess_ada`},
	} {
		l.Revoked(test.r, test.elsewhere, test.ended)
		if got := to.take(); !strings.Contains(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

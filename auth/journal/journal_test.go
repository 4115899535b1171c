package journal

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
)

func open(t *testing.T, path string, others lease.Exchange) *Journal {
	t.Helper()
	j, err := Open(path, others, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// delivered returns what a subscriber receives at once.
func delivered(j lease.Exchange) (got []auth.Revocation) {
	j.Subscribe(func(n lease.Notice) { got = append(got, *n.Revocation) })()
	return got
}

func revocation(session string, ago time.Duration) auth.Revocation {
	return auth.Revocation{Issuer: "https://a", SessionID: session, IssuedUpTo: time.Now().Add(-ago).Round(0), Reason: auth.ReasonSessionEnded}
}

// Revocations of this replica and of others are delivered after a restart, for as long as tokens may live, and no longer.
func TestRevocationsSurviveRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "revocations")
	synctest.Test(t, func(t *testing.T) {
		hub := &lease.Hub{}
		j, other := open(t, path, hub.Join()), hub.Join()
		for _, r := range []auth.Revocation{
			revocation("sess_1", 0), {Issuer: "https://a", Subject: "user_1", IssuedUpTo: time.Now(), Reason: auth.ReasonUserBanned},
			{Issuer: "https://a", Subject: "user_1", OneSignIn: true, IssuedUpTo: time.Now(), Reason: auth.ReasonSignedOut},
		} {
			j.Publish(lease.Notice{Revocation: &r})
		}
		theirs := revocation("sess_2", time.Minute)
		other.Publish(lease.Notice{Revocation: &theirs})
		other.Publish(lease.Notice{Ticket: &lease.UsedTicket{}})
		j.Close()
		for _, test := range []struct {
			pause time.Duration
			want  int
		}{{0, 4}, {23 * time.Hour, 4}, {time.Hour, 3}, {5 * time.Second, 0}} {
			time.Sleep(test.pause) //nolint:forbidigo // the bubble's clock
			again := open(t, path, nil)
			if got := delivered(again); len(got) != test.want {
				t.Errorf("%v later: %d revocations, want %d: %+v", test.pause, len(got), test.want, got)
			}
			again.Close()
		}
	})
}

// A late revocation, or one that is repeated, does not replace a newer one of the same session.
func TestOlderRevocationIsNotKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "revocations")
	j := open(t, path, nil)
	newest := revocation("sess_1", 0)
	for _, ago := range []time.Duration{time.Minute, 0, time.Hour, 0, 30 * time.Second} {
		r := newest
		r.IssuedUpTo = newest.IssuedUpTo.Add(-ago)
		j.Publish(lease.Notice{Revocation: &r})
	}
	j.Close()
	again := open(t, path, nil)
	defer again.Close()
	if got := delivered(again); len(got) != 1 || !got[0].IssuedUpTo.Equal(newest.IssuedUpTo) {
		t.Errorf("%+v", got)
	}
}

// Lines that cannot be read are skipped, and the others are kept.
func TestBrokenLinesAreSkipped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "revocations")
	j := open(t, path, nil)
	for i := range 3 {
		r := revocation(fmt.Sprintf("sess_%d", i), 0)
		j.Publish(lease.Notice{Revocation: &r})
	}
	j.Close()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	broken := lines[0] + "{}\nnonsense\n\n" + strings.Repeat("x", 100_000) + "\n" + lines[1] + lines[2][:len(lines[2])/2]
	if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	again := open(t, path, nil)
	if got := delivered(again); len(got) != 2 {
		t.Errorf("%+v", got)
	}
	last := revocation("sess_last", 0)
	again.Publish(lease.Notice{Revocation: &last})
	again.Close()
	third := open(t, path, nil)
	defer third.Close()
	if got := delivered(third); len(got) != 3 {
		t.Errorf("%+v", got)
	}
}

// The file does not grow with what is replaced.
func TestFileIsCompacted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "revocations")
	j := open(t, path, nil)
	defer j.Close()
	began := time.Now()
	for i := range 5 * compactAfter {
		r := revocation(fmt.Sprintf("sess_%d", i%3), 0)
		r.IssuedUpTo = began.Add(time.Duration(i) * time.Millisecond)
		j.Publish(lease.Notice{Revocation: &r})
	}
	text, err := os.ReadFile(path)
	if lines := strings.Count(string(text), "\n"); err != nil || lines > compactAfter+3 {
		t.Errorf("%d lines, %v", lines, err)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("%v, %v", files, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestOpenFails(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "none", "revocations"), nil, slog.Default()); err == nil {
		t.Error("a file in a folder that does not exist")
	}
	if _, err := Open(t.TempDir(), nil, slog.Default()); err == nil {
		t.Error("a folder")
	}
}

package lease

import (
	"testing"
	"time"

	"convexgateway/auth"
)

func openAlone(r *Registry, id *auth.Identity, key string, changed func()) *Lease {
	l := r.OpenAlone(id, key, changed)
	return &l
}

// A stream with a credential of its own gets newer tokens that no other gets; by its refresh key it gets those of all.
func TestRefreshAlone(t *testing.T) {
	inRegistry(t, Config{}, func(t *testing.T, r *Registry, p people) {
		changes := 0
		alone := openAlone(r, p.ada(0), key1, func() { changes++ })
		defer alone.Close()
		others := []*Lease{openLease(r, p.ada(0), key1), openLease(r, p.ada(0), ""), openAlone(r, p.ada(0), key1, nil)}
		for _, l := range others {
			defer l.Close()
		}
		first, before := alone.State(), changes
		if !alone.CanRefresh() || !alone.CanRenew() {
			t.Error("it cannot be extended")
		}
		newer := p.ada(30)
		if err := alone.Refresh(newer); err != nil || alone.State().Identity != newer || !isClosed(first.Changed()) || changes != before+1 {
			t.Errorf("%v, %d changes", err, changes-before)
		}
		for i, l := range others {
			if l.State().Identity == newer {
				t.Errorf("stream %d has the token, too", i)
			}
		}
		newest := p.ada(40)
		if adopted, err := r.Refresh(newest, key1); err != nil || adopted != 3 || alone.State().Identity != newest {
			t.Errorf("by its key: %d, %v", adopted, err)
		}
	})
}

func TestRefreshAloneIsRefused(t *testing.T) {
	inRegistry(t, Config{}, func(t *testing.T, r *Registry, p people) {
		alone := openAlone(r, p.ada(30), "", nil)
		defer alone.Close()
		anonymous := openAlone(r, nil, "", nil)
		defer anonymous.Close()
		for _, tt := range []struct {
			name  string
			lease *Lease
			id    *auth.Identity
			want  auth.Reason
		}{
			{"equal", alone, p.ada(30), ""},
			{"older", alone, p.ada(20), auth.ReasonTokenSuperseded},
			{"other_user", alone, p.bob(40), auth.ReasonUserMismatch},
			{"other_session", alone, p.person("user_ada", "sess_new", 40, 1), auth.ReasonUserMismatch},
			{"anonymous", anonymous, p.ada(40), auth.ReasonUserMismatch},
		} {
			before := tt.lease.State()
			if err := tt.lease.Refresh(tt.id); reasonOf(err) != tt.want || (err == nil) != (tt.want == "") || tt.lease.State() != before {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		r.SignOut(p.ada(30))
		if err := alone.Refresh(p.ada(60)); reasonOf(err) != auth.ReasonSignedOut {
			t.Errorf("after its end: %v", err)
		}
	})
}

// It has a grace without a refresh key, and the phases of one that its client can extend.
func TestPhasesAlone(t *testing.T) {
	inRegistry(t, Config{Grace: 10 * time.Second}, func(t *testing.T, r *Registry, p people) {
		changed := make(chan struct{}, 8)
		l := openAlone(r, p.ada(0), "", func() { changed <- struct{}{} })
		defer l.Close()
		got := phases(l)
		if len(got) != 4 || got[1] != TokenNeeded || got[2] != Silent || got[3] != Ended || time.Since(p.began) != 70*time.Second || len(changed) != len(got) {
			t.Errorf("phases %v in %v, %d changes", got, time.Since(p.began), len(changed))
		}
	})
}

// A token that could not be checked is why the stream ends, if it claims to be the next one.
func TestUncheckedTokenAlone(t *testing.T) {
	for claimed, want := range map[int]auth.Reason{30: auth.ReasonAuthBackendUnavailable, -30: auth.ReasonTokenExpired} {
		inRegistry(t, Config{}, func(t *testing.T, r *Registry, p people) {
			l := openAlone(r, p.ada(0), "", nil)
			defer l.Close()
			unchecked := auth.NewError(auth.ReasonAuthBackendUnavailable, nil)
			unchecked.Claimed = p.ada(claimed)
			l.RefreshFailed(unchecked)
			phases(l)
			if err := l.State().Err; reasonOf(err) != want {
				t.Errorf("claimed to expire %d s later: %v", claimed, err)
			}
		})
	}
}

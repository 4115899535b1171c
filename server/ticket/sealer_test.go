package ticket

import (
	"bytes"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/server/call"
)

func TestUsedTicketsAreRefused(t *testing.T) {
	t.Parallel()
	const limit = 10
	now := time.Now()
	u := newUsedSet(limit)
	next := byte(0)
	fresh := func() ID { next++; return ID{next} } // and of a user of its own
	use := func(id ID, wantFirst bool, wantErr error) {
		t.Helper()
		if first, err := u.add(id, id, now); first != wantFirst || !errors.Is(err, wantErr) {
			t.Fatalf("%v, %v; want %v, %v", first, err, wantFirst, wantErr)
		}
	}
	id := fresh()
	use(id, true, nil)
	for range 8 { // for as long as any ticket is valid
		now = now.Add((Life + skew) / 8)
		use(id, false, nil)
	}
	now = now.Add(2 * usedLife)
	use(fresh(), true, nil)
	now = now.Add(usedLife)
	use(id, true, nil) // no longer kept, and long expired
	for range limit - 1 {
		use(fresh(), true, nil)
	}
	use(fresh(), false, call.ErrTooManyStreams)
	use(id, false, nil)

	now = now.Add(usedLife)
	for range limit {
		id = fresh()
		u.mark(id, id, now)
	}
	late := fresh()
	u.mark(late, late, now) // no room
	now = now.Add(usedLife - 1)
	use(late, false, call.ErrTooManyStreams)
	now = now.Add(1)
	use(fresh(), true, nil)
	if n := len(u.ids); n > limit || len(u.order) != n || len(u.held) > n {
		t.Errorf("%d tickets are kept", n)
	}
}

// However many tickets a few users use up, here or on other replicas, those of another user are accepted, and none twice.
func TestUsedTicketsOfOneUser(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(*usedSet, ID, Owner, time.Time){
		"here":      func(u *usedSet, id ID, owner Owner, now time.Time) { _, _ = u.add(id, owner, now) },
		"elsewhere": func(u *usedSet, id ID, owner Owner, now time.Time) { u.mark(id, owner, now) },
		"here and elsewhere": func(u *usedSet, id ID, owner Owner, now time.Time) {
			_, _ = u.add(id, owner, now)
			u.mark(id, owner, now)
		},
	} {
		for _, users := range []int{1, 3, 40} {
			const limit = 1 << 12
			u, now := newUsedSet(limit), time.Now()
			for round := range 3 { // the room is free again each time
				for i := range 3 * limit {
					use(u, ID{1, byte(round), byte(i), byte(i >> 8), byte(i >> 16)}, Owner{1, byte(i % users)}, now)
				}
				for i := range 10 {
					id, owner := ID{2, byte(round), byte(i)}, Owner{2, byte(i)}
					if first, err := u.add(id, owner, now); err != nil || !first {
						t.Fatalf("%s, %d users: another user's ticket: %v, %v", name, users, first, err)
					}
					if first, err := u.add(id, owner, now); err != nil || first {
						t.Fatalf("%s, %d users: the same ticket again: %v, %v", name, users, first, err)
					}
				}
				greedy := Owner{1}
				if first, err := u.add(ID{3, byte(round)}, greedy, now); !errors.Is(err, call.ErrTooManyStreams) || first {
					t.Errorf("%s, %d users: %v, %v", name, users, first, err)
				}
				now = now.Add(usedLife)
			}
			if first, err := u.add(ID{4}, Owner{1}, now); err != nil || !first {
				t.Errorf("%s, %d users, later: %v, %v", name, users, first, err)
			}
			if len(u.ids) != 1 || len(u.held) != 1 {
				t.Errorf("%s: %d tickets of %d users are kept", name, len(u.ids), len(u.held))
			}
		}
	}
}

// A ticket that was used on a replica that names no user may be anybody's.
func TestUsedTicketOfUnknownUser(t *testing.T) {
	t.Parallel()
	u, now := newUsedSet(32), time.Now()
	for i := range 33 {
		u.mark(ID{1, byte(i)}, Owner{}, now)
	}
	if first, err := u.add(ID{1, 32}, Owner{1}, now); !errors.Is(err, call.ErrTooManyStreams) || first {
		t.Errorf("%v, %v", first, err)
	}
}

func TestTicketsExpire(t *testing.T) {
	t.Parallel()
	issuer, redeemer := newTestTickets(t), newTestTickets(t)
	id := &auth.Identity{ExpiresAt: time.Now().Add(time.Hour)}
	now := time.Now()
	issuer.now = func() time.Time { return now }
	for offset, valid := range map[time.Duration]bool{
		0: true, Life - 10*time.Millisecond: true, Life: false, -skew: true, -skew - 10*time.Millisecond: false,
	} {
		redeemer.now = func() time.Time { return now.Add(offset) }
		text, expires := issuer.Issue(id, [32]byte{1}, "", "")
		_, err := redeemer.Redeem(text, [32]byte{1}, nil)
		if (err == nil) != valid {
			t.Errorf("after %v: %v", offset, err)
		}
		if !expires.Equal(now.Add(Life)) {
			t.Errorf("expires at %v", expires)
		}
	}
	marked, expires := issuer.Issue(id, [32]byte{1}, "", "")
	k, _ := issuer.Open(marked)
	redeemer.now = func() time.Time { return expires.Add(-time.Second) }
	redeemer.markUsed(lease.Notice{Ticket: &lease.UsedTicket{ID: k.ID, Until: k.Expires}})
	if _, err := redeemer.Redeem(marked, [32]byte{1}, nil); err == nil {
		t.Error("used on another replica, and redeemed")
	}
	redeemer.markUsed(lease.Notice{Ticket: &lease.UsedTicket{ID: ID{9}, Until: expires.Add(-time.Hour)}})
	redeemer.markUsed(lease.Notice{})
	if n := len(redeemer.used.ids); n != 4 { // three that were redeemed, and one that was marked in time
		t.Errorf("%d tickets are kept", n)
	}
}

func newTestTickets(t testing.TB) *Sealer {
	t.Helper()
	s, err := New(Keys{keyOf(make([]byte, 32))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The key may be in any form of base64.
func TestKeyInEveryAlphabet(t *testing.T) {
	t.Parallel()
	raw := bytes.Repeat([]byte{0xfb, 0xef}, 16)
	key := keyOf(raw)
	for _, text := range []string{
		string(key), base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw), string(key) + "\n",
	} {
		if got, err := Key(text).Bytes(); err != nil || !slices.Equal(got, raw) {
			t.Errorf("%q: %v", text, err)
		}
	}
	first, _ := Key("").Bytes()
	if second, err := Key("").Bytes(); err != nil || len(second) != 32 || slices.Equal(first, second) {
		t.Errorf("random: %d bytes, %v", len(second), err)
	}
}

func keyOf(raw []byte) Key { return Key(base64.StdEncoding.EncodeToString(raw)) }

func FuzzTicket(f *testing.F) {
	s := newTestTickets(f)
	k := Ticket{ID: ID{1}, Expires: time.UnixMilli(1), stream: [32]byte{2}, origin: "https://app.example.com", RefreshKey: "k", Token: "a.b.c"}
	f.Add([]byte(s.Seal(k)), 3)
	f.Add([]byte(""), 0)
	f.Add(make([]byte, fixedSize), 100)
	f.Fuzz(func(t *testing.T, text []byte, at int) {
		if got, err := s.Open(string(text)); err == nil && s.Seal(got) == "" {
			t.Error("opened, but cannot be sealed")
		}
		if got, ok := parse(text); ok && !bytes.HasSuffix(text, []byte(got.origin+got.RefreshKey+got.Token)) {
			t.Errorf("%v from %q", got, text)
		}
		sealed := s.Seal(Ticket{Token: string(text), RefreshKey: "key", origin: "https://app.example.com"})
		got, err := s.Open(sealed)
		if err != nil || got.Token != string(text) || got.origin != "https://app.example.com" || got.RefreshKey != "key" {
			t.Fatalf("%v, %v", got, err)
		}
		if len(text) > 0 && strings.Contains(sealed, string(text)) && len(text) > 8 {
			t.Error("the token can be read")
		}
		altered := []byte(sealed)
		if at >= 0 && at < len(altered) {
			altered[at] ^= 1
			if got, err := s.Open(string(altered)); err == nil {
				t.Errorf("altered at %d, and opened: %v", at, got)
			}
		}
	})
}

// A ticket that was sealed under the old key opens while the old key is the second one, and a replica that has the new key as
// its second one opens those of the new key.
func TestKeysAreRotated(t *testing.T) {
	t.Parallel()
	oldKey, newKey := keyOf(bytes.Repeat([]byte{1}, 32)), keyOf(bytes.Repeat([]byte{2}, 32))
	sealer := func(keys ...Key) *Sealer {
		s, err := New(keys, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	before, prepared, rotated, after := sealer(oldKey), sealer(oldKey, newKey), sealer(newKey, oldKey), sealer(newKey)
	own := sealer()
	for name, c := range map[string]struct {
		from, to *Sealer
		opens    bool
	}{
		"before to prepared": {before, prepared, true}, "prepared to before": {prepared, before, true},
		"prepared to rotated": {prepared, rotated, true}, "rotated to prepared": {rotated, prepared, true},
		"rotated to after": {rotated, after, true}, "after to rotated": {after, rotated, true},
		"before to after": {before, after, false}, "rotated to before": {rotated, before, false},
		"without a key": {own, own, true}, "of a random key": {own, rotated, false},
	} {
		text, _ := c.from.Issue(&auth.Identity{ExpiresAt: time.Now().Add(time.Hour)}, [32]byte{1}, "", "")
		if _, err := c.to.Redeem(text, [32]byte{1}, nil); (err == nil) != c.opens {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(Keys{oldKey, "short"}, nil); err == nil {
		t.Error("a bad second key is accepted")
	}
}

func TestParseKeys(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Keys{
		"": nil, " \n": nil, "a": {"a"}, " a , b\n": {"a", "b"}, "a,": {"a", ""}, ",a": {"", "a"},
	} {
		if got := ParseKeys(text); !slices.Equal(got, want) || got.First() != append(want, "")[0] {
			t.Errorf("%q: %d keys", text, len(got))
		}
	}
	if a, b := NewKey(), NewKey(); a == b || (Keys{a, b}).Check() != nil {
		t.Error("new keys are equal or bad")
	}
}

// One ticket has one text: the decoder passes over line ends.
func TestLineEndsInATicket(t *testing.T) {
	s := newTestTickets(t)
	text := s.Seal(Ticket{Token: "a.b.c", RefreshKey: "key", origin: "https://app.example.com"})
	if _, err := s.Open(text); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"\n", "\r", "\r\n"} {
		if _, err := s.Open(text[:20] + end + text[20:]); err == nil {
			t.Errorf("accepted with %q inside", end)
		}
	}
}

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
	fresh := func() ID { next++; return ID{next} }
	use := func(id ID, wantFirst bool, wantErr error) {
		t.Helper()
		if first, err := u.add(id, now); first != wantFirst || !errors.Is(err, wantErr) {
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
		u.mark(fresh(), now)
	}
	late := fresh()
	u.mark(late, now) // no room
	now = now.Add(usedLife - 1)
	use(late, false, call.ErrTooManyStreams)
	now = now.Add(1)
	use(fresh(), true, nil)
	if n := u.ids.Len(); n > limit {
		t.Errorf("%d tickets are kept", n)
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
		text, expires := issuer.Issue(id, [32]byte{1}, "")
		_, err := redeemer.Redeem(text, [32]byte{1}, nil)
		if (err == nil) != valid {
			t.Errorf("after %v: %v", offset, err)
		}
		if !expires.Equal(now.Add(Life)) {
			t.Errorf("expires at %v", expires)
		}
	}
	marked, expires := issuer.Issue(id, [32]byte{1}, "")
	k, _ := issuer.Open(marked)
	redeemer.now = func() time.Time { return expires.Add(-time.Second) }
	redeemer.markUsed(lease.Notice{Ticket: &lease.UsedTicket{ID: k.ID, Until: k.Expires}})
	if _, err := redeemer.Redeem(marked, [32]byte{1}, nil); err == nil {
		t.Error("used on another replica, and redeemed")
	}
	redeemer.markUsed(lease.Notice{Ticket: &lease.UsedTicket{ID: ID{9}, Until: expires.Add(-time.Hour)}})
	redeemer.markUsed(lease.Notice{})
	if n := redeemer.used.ids.Len(); n != 4 { // three that were redeemed, and one that was marked in time
		t.Errorf("%d tickets are kept", n)
	}
}

func newTestTickets(t testing.TB) *Sealer {
	t.Helper()
	s, err := New(keyOf(make([]byte, 32)), nil)
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
	k := Ticket{ID: ID{1}, Expires: time.UnixMilli(1), stream: [32]byte{2}, origin: "https://app.example.com", Token: "a.b.c"}
	f.Add([]byte(s.Seal(k)), 3)
	f.Add([]byte(""), 0)
	f.Add(make([]byte, fixedSize), 100)
	f.Fuzz(func(t *testing.T, text []byte, at int) {
		if got, err := s.Open(string(text)); err == nil && s.Seal(got) == "" {
			t.Error("opened, but cannot be sealed")
		}
		if got, ok := parse(text); ok && !bytes.HasSuffix(text, []byte(got.origin+got.Token)) {
			t.Errorf("%v from %q", got, text)
		}
		sealed := s.Seal(Ticket{Token: string(text), origin: "https://app.example.com"})
		got, err := s.Open(sealed)
		if err != nil || got.Token != string(text) || got.origin != "https://app.example.com" {
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

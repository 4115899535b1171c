package audit

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"convexgateway/auth"
	"convexgateway/server/call"
)

var ada = &auth.Identity{Issuer: "https://issuer.test", Subject: "user_ada", SessionID: "sess_ada", ActorSubject: "user_boss"}

// A hash is the same under the same key, on every replica, and another under any other key.
func TestNames(t *testing.T) {
	t.Parallel()
	key, other := bytes.Repeat([]byte{7}, 32), bytes.Repeat([]byte{8}, 32)
	name := NewNames(Hash, key).Name("user_ada")
	if len(name) != 16 || strings.Trim(name, "0123456789abcdef") != "" || name != NewNames(Hash, key).Name("user_ada") {
		t.Errorf("%q", name)
	}
	for what, got := range map[string]string{
		"another key": NewNames(Hash, other).Name("user_ada"), "a random key": NewNames(Hash, nil).Name("user_ada"),
		"another user": NewNames(Hash, key).Name("user_bob"), "in full": NewNames(Full, key).Name("user_ada"), "off": NewNames(Off, key).Name("user_ada"),
		"no names": (*Names)(nil).Name("user_ada"), "a long one": NewNames(Hash, key).Name(strings.Repeat("x", 4000)),
	} {
		if got == name {
			t.Errorf("%s: the same hash", what)
		}
	}
	if NewNames(Full, nil).Name("user_ada") != "user_ada" || NewNames(Off, nil).Name("user_ada") != "" || NewNames(Hash, key).Name("") != "" {
		t.Error("modes full and off")
	}
	if Mode("some").Valid() || !Hash.Valid() {
		t.Error("modes")
	}
}

// Neither mode hash nor off writes a subject, a session or an actor; off writes nothing of a user at all.
func TestCallerAttributes(t *testing.T) {
	t.Parallel()
	written := func(mode Mode) string {
		var log bytes.Buffer
		n := NewNames(mode, nil)
		c := &call.Call{UserAgent: strings.Repeat("ä", 50), Address: "192.0.2.1"}
		slog.New(slog.NewTextHandler(&log, nil)).LogAttrs(t.Context(), slog.LevelInfo, "", AppendClient(n.AppendCaller(nil, ada), c)...)
		return log.String() + n.Counted(c, ada)
	}
	full := written(Full)
	for _, want := range []string{"subject=user_ada", "session=sess_ada", "issuer=https://issuer.test", "actor=user_boss", "client=" + strings.Repeat("ä", 32) + "\n"} {
		if !strings.Contains(full, want) {
			t.Errorf("no %s in %s", want, full)
		}
	}
	if hashed := written(Hash); strings.Contains(hashed, "_ada") || strings.Contains(hashed, "_boss") || !strings.Contains(hashed, "issuer=") {
		t.Error(hashed)
	}
	if off := written(Off); strings.Contains(off, "subject") || strings.Contains(off, "issuer") || !strings.Contains(off, "client=") {
		t.Error(off)
	}
}

func TestNamesDoNotAllocateTwice(t *testing.T) {
	n := NewNames(Hash, nil)
	if got := testing.AllocsPerRun(100, func() { n.Name("user_2abcdefghijklmnopqrstuvwxyz") }); got > 1 { // the text itself
		t.Errorf("%v allocations", got)
	}
}

package nats

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
)

var (
	moment = time.Date(2026, 11, 5, 12, 30, 15, 678_000_000, time.UTC)
	key    = bytes.Repeat([]byte{7}, 32)

	revocation = lease.Notice{Revocation: &auth.Revocation{
		Issuer: "https://clerk.example", SessionID: "sess_1", Subject: "user_1", OneSignIn: true, IssuedUpTo: moment,
		Reason: auth.ReasonSignedOut,
	}}
	refresh = lease.Notice{Refresh: &lease.Refresh{KeyHash: [32]byte{1, 31: 2}, Token: "the.secret.token"}}
	ticket  = lease.Notice{Ticket: &lease.UsedTicket{ID: [16]byte{3, 15: 4}, Owner: [16]byte{5, 15: 6}, Until: moment.Add(time.Minute)}}
)

func testCodec(t testing.TB, keys ...[]byte) codec {
	t.Helper()
	c, err := newCodec(keys, DefaultSubject)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func testMessages() []message {
	return []message{
		{ID: id{1}, From: id{2}, At: moment, Notice: revocation},
		{ID: id{1}, From: id{2}, At: moment, Notice: refresh},
		{ID: id{1}, From: id{2}, At: moment, Notice: ticket},
		{ID: id{1}, From: id{2}, At: moment, More: true, Since: moment.Add(-time.Hour)},
		{ID: id{1}, From: id{2}, At: moment, Notice: lease.Notice{Ticket: &lease.UsedTicket{ID: [16]byte{3}, Until: moment}}},
		{ID: id{1}, From: id{2}, At: moment, Notice: lease.Notice{Command: &lease.Command{Subject: "user_ada", Session: "s", At: moment}}},
		{ID: id{1}, From: id{2}, At: moment, Notice: lease.Notice{Command: &lease.Command{Path: "a.js:b", Block: true, Until: moment.Add(time.Hour), At: moment}}},
		{ID: id{1}, From: id{2}, At: moment, Recall: true, Since: moment.Add(-time.Hour)},
	}
}

func TestMessagesAreDecodedAsEncoded(t *testing.T) {
	for _, keys := range [][][]byte{nil, {key}} {
		c := testCodec(t, keys...)
		for _, m := range testMessages() {
			data, err := c.encode(m)
			if err != nil {
				t.Fatal(err)
			}
			if sealed := !bytes.Contains(data, []byte(`"v":1`)); sealed != (keys != nil) {
				t.Errorf("sealed: %v with %d keys", sealed, len(keys))
			}
			got, err := c.decode(data)
			if err != nil || !reflect.DeepEqual(got, m) {
				t.Errorf("%+v, %v; want %+v", got, err, m)
			}
		}
	}
}

// The form is a contract between replicas of different versions.
func TestFormOnTheWire(t *testing.T) {
	data, err := testCodec(t).encode(testMessages()[0])
	const want = `{"v":1,"id":"AQAAAAAAAAAAAAAAAAAAAA==","from":"AgAAAAAAAAAAAAAAAAAAAA==","at":"2026-11-05T12:30:15.678Z",` +
		`"revocation":{"issuer":"https://clerk.example","sessionId":"sess_1","subject":"user_1","oneSignIn":true,` +
		`"issuedUpTo":"2026-11-05T12:30:15.678Z","reason":"SIGNED_OUT"}}`
	if err != nil || string(data) != want {
		t.Errorf("%s, %v", data, err)
	}
	later := strings.Replace(want, `"v":1`, `"v":1,"later":{"a":[1]}`, 1)
	if m, err := testCodec(t).decode([]byte(later)); err != nil || m.Notice.Revocation.SessionID != "sess_1" {
		t.Errorf("with an unknown member: %+v, %v", m, err)
	}
}

func TestBadMessages(t *testing.T) {
	const head = `{"v":1,"id":"AQAAAAAAAAAAAAAAAAAAAA==","from":"AgAAAAAAAAAAAAAAAAAAAA==","at":"2026-11-05T12:30:15Z",`
	tests := map[string]struct{ data, names string }{
		"empty":             {"", "not the JSON"},
		"other JSON":        {`[1]`, "not the JSON"},
		"text behind":       {head + `"ticket":{"id":"AQAAAAAAAAAAAAAAAAAAAA=="}} x`, "not the JSON"},
		"no version":        {`{}`, "version 0"},
		"later version":     {`{"v":2}`, "version 2"},
		"no id":             {`{"v":1}`, "id, from"},
		"short id":          {`{"v":1,"id":"AQ==","from":"AgAAAAAAAAAAAAAAAAAAAA=="}`, "id, from"},
		"unknown kind":      {head + `"later":{}}`, "kind"},
		"no subject":        {head + `"revocation":{"issuer":"https://a","reason":"SIGNED_OUT"}}`, "revocation"},
		"no issuer":         {head + `"revocation":{"sessionId":"sess_1","reason":"SIGNED_OUT"}}`, "issuer"},
		"no reason":         {head + `"revocation":{"issuer":"https://a","sessionId":"sess_1"}}`, "reason"},
		"reason for header": {head + `"revocation":{"issuer":"https://a","sessionId":"sess_1","reason":"A\r\nB"}}`, "reason"},
		"no key hash":       {head + `"refresh":{"token":"t"}}`, "keyHash"},
		"zero key hash":     {head + `"refresh":{"keyHash":"` + strings.Repeat("A", 43) + `=","token":"t"}}`, "keyHash"},
		"no token":          {head + `"refresh":{"keyHash":"` + strings.Repeat("B", 43) + `=","token":""}}`, "token"},
		"long token":        {head + `"refresh":{"keyHash":"` + strings.Repeat("B", 43) + `=","token":"` + strings.Repeat("t", maxTokenBytes+1) + `"}}`, "8192"},
		"half an owner":     {head + `"ticket":{"id":"AQAAAAAAAAAAAAAAAAAAAA==","owner":"AQ=="}}`, "owner"},
		"no ticket":         {head + `"ticket":{"id":"AQ=="}}`, "ticket"},
		"too large":         {strings.Repeat(" ", maxMessageBytes+1), "65536"},
	}
	for name, test := range tests {
		if _, err := testCodec(t).decode([]byte(test.data)); err == nil || !strings.Contains(err.Error(), test.names) {
			t.Errorf("%s: %v, want one that names %q", name, err, test.names)
		}
	}
}

// Only messages sealed under the same key for the same subject are accepted; a replica without a key accepts none that is sealed.
func TestSeal(t *testing.T) {
	other, err := newCodec([][]byte{key}, "other")
	if err != nil {
		t.Fatal(err)
	}
	data, err := testCodec(t, key).encode(testMessages()[1])
	if err != nil {
		t.Fatal(err)
	}
	plain, err := testCodec(t).encode(testMessages()[1])
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(data)
	changed[len(changed)/2] ^= 1
	for name, decode := range map[string]func() (message, error){
		"another key":     func() (message, error) { return testCodec(t, bytes.Repeat([]byte{8}, 32)).decode(data) },
		"another subject": func() (message, error) { return other.decode(data) },
		"no key":          func() (message, error) { return testCodec(t).decode(data) },
		"plain":           func() (message, error) { return testCodec(t, key).decode(plain) },
		"changed":         func() (message, error) { return testCodec(t, key).decode(changed) },
		"cut":             func() (message, error) { return testCodec(t, key).decode(data[:10]) },
	} {
		if m, err := decode(); err == nil || strings.Contains(err.Error(), "secret.token") {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
	if _, err := newCodec([][]byte{key, key[1:]}, DefaultSubject); err == nil {
		t.Error("a key of 31 bytes is accepted")
	}
}

// While keys are rotated, replicas with the new key first and those with the old one first read each other's messages.
func TestKeysAreRotated(t *testing.T) {
	newKey := bytes.Repeat([]byte{8}, 32)
	prepared, rotated := testCodec(t, key, newKey), testCodec(t, newKey, key)
	for _, c := range []struct {
		from, to codec
		opens    bool
	}{
		{prepared, rotated, true}, {rotated, prepared, true}, {testCodec(t, key), rotated, true}, {rotated, testCodec(t, newKey), true},
		{rotated, testCodec(t, key), false},
	} {
		data, err := c.from.encode(testMessages()[0])
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.to.decode(data); (err == nil) != c.opens || c.opens && !reflect.DeepEqual(got, testMessages()[0]) {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

func TestLargestToken(t *testing.T) {
	c := testCodec(t, key)
	m := testMessages()[1]
	m.Notice.Refresh = &lease.Refresh{KeyHash: [32]byte{1}, Token: strings.Repeat("t", maxTokenBytes)}
	data, err := c.encode(m)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.decode(data); err != nil || !reflect.DeepEqual(got, m) {
		t.Error(err)
	}
	m.Notice.Refresh.Token = strings.Repeat("\x00", 2*maxTokenBytes) // as JSON six times as long
	if _, err := c.encode(m); err == nil {
		t.Error("a message over the limit is sent")
	}
}

func FuzzDecode(f *testing.F) {
	c := testCodec(f)
	for _, m := range testMessages() {
		data, err := c.encode(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	sealed := testCodec(f, key)
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := sealed.decode(data); err == nil {
			t.Fatal("accepted without a seal")
		}
		m, err := c.decode(data)
		if err != nil {
			return
		}
		if kinds(m) != 1 {
			t.Fatalf("%d kinds in %+v", kinds(m), m)
		}
		again, err := c.encode(m)
		if err != nil {
			return // times out of range, and what grew beyond the limit
		}
		if got, err := c.decode(again); err != nil || !sameMessage(got, m) {
			t.Fatalf("%+v, %v; want %+v", got, err, m)
		}
	})
}

func kinds(m message) (n int) {
	for _, is := range []bool{m.Notice.Revocation != nil, m.Notice.Refresh != nil, m.Notice.Ticket != nil, m.Notice.Command != nil, m.Recall, m.More} {
		if is {
			n++
		}
	}
	return n
}

// sameMessage compares in the form on the wire, where a time zone has no name.
func sameMessage(a, b message) bool {
	c := codec{&sealer{}}
	x, err1 := c.encode(a)
	y, err2 := c.encode(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

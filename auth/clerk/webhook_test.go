package clerk

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	devclerk "convexgateway/dev/clerk"

	"convexgateway/auth"
)

// hooked is a verifier and the instance whose webhooks it accepts, on one clock.
type hooked struct {
	*WebhookVerifier
	now   *time.Time
	clerk *devclerk.Instance
}

func newHooked(tb testing.TB, change func(*WebhookConfig)) hooked {
	tb.Helper()
	now := start
	clock := func() time.Time { return now }
	clerk := devclerk.New(devclerk.Config{Clock: clock})
	c := WebhookConfig{Secrets: []string{clerk.WebhookSecret()}, InstanceIDs: []string{clerk.ID()}, Clock: clock}
	if change != nil {
		change(&c)
	}
	v, err := NewWebhookVerifier(c)
	if err != nil {
		tb.Fatal(err)
	}
	return hooked{v, &now, clerk}
}

// refused fails the test unless the webhook is refused for that reason.
func (h hooked) refused(t *testing.T, want *WebhookError, header http.Header, body []byte) {
	t.Helper()
	if r, err := h.Verify(header, body); !errors.Is(err, want) || r != (auth.Revocation{}) || !strings.HasPrefix(err.Error(), "webhook: ") {
		t.Errorf("%+v, %v; want %v", r, err, want)
	}
}

// sign returns a genuine webhook with that body.
func (h hooked) sign(body string) (http.Header, []byte) {
	return h.clerk.SignWebhook("msg_1", *h.now, []byte(body)), []byte(body)
}

// The example of Svix's documentation (docs.svix.com, "Verifying webhooks manually"), made by neither side of these tests.
func TestWebhookOfSvixDocumentation(t *testing.T) {
	v, err := NewWebhookVerifier(WebhookConfig{
		Secrets: []string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
		Clock:   func() time.Time { return time.Unix(1614265330, 0) },
	})
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	header.Set("svix-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
	header.Set("svix-timestamp", "1614265330")
	header.Set("svix-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
	// It is no event of Clerk's, but the signature is checked first.
	if _, err := v.Verify(header, []byte(`{"test": 2432232314}`)); !errors.Is(err, ErrWebhookBody) {
		t.Errorf("genuine: %v", err)
	}
	if _, err := v.Verify(header, []byte(`{"test": 2432232315}`)); !errors.Is(err, ErrWebhookSignature) {
		t.Errorf("changed: %v", err)
	}
}

// What each event revokes.
func TestWebhookRevocations(t *testing.T) {
	user := func(changes map[string]any) map[string]any {
		data := map[string]any{"object": "user", "id": "user_ada", "banned": false, "locked": false}
		maps.Copy(data, changes)
		maps.DeleteFunc(data, func(_ string, v any) bool { return v == nil })
		return data
	}
	session := map[string]any{"object": "session", "id": "sess_ada", "user_id": "user_ada"}
	for _, test := range []struct {
		event string
		data  map[string]any
		want  auth.Revocation
	}{
		{"session.ended", session, auth.Revocation{SessionID: "sess_ada", Reason: auth.ReasonSessionEnded}},
		{"session.removed", session, auth.Revocation{SessionID: "sess_ada", Reason: auth.ReasonSessionEnded}},
		{"session.revoked", session, auth.Revocation{SessionID: "sess_ada", Reason: auth.ReasonSessionRevoked}},
		{"session.pending", session, auth.Revocation{SessionID: "sess_ada", Reason: auth.ReasonSessionPending}},
		{"session.created", session, auth.Revocation{}},
		{"user.deleted", map[string]any{"object": "user", "id": "user_ada", "deleted": true}, auth.Revocation{Subject: "user_ada", Reason: auth.ReasonUserDeleted}},
		{"user.updated", user(nil), auth.Revocation{}},
		{"user.updated", user(map[string]any{"banned": true}), auth.Revocation{Subject: "user_ada", Reason: auth.ReasonUserBanned}},
		{"user.updated", user(map[string]any{"locked": true}), auth.Revocation{Subject: "user_ada", Reason: auth.ReasonSessionRevoked}},
		{"user.updated", user(map[string]any{"deprovisioned": true}), auth.Revocation{Subject: "user_ada", Reason: auth.ReasonUserBanned}},
		{"user.updated", user(map[string]any{"deprovisioned": true, "locked": true}), auth.Revocation{Subject: "user_ada", Reason: auth.ReasonUserBanned}},
		{"user.updated", user(map[string]any{"deprovisioned": true, "banned": nil, "locked": nil}), auth.Revocation{Subject: "user_ada", Reason: auth.ReasonUserBanned}},
		{"user.updated", user(map[string]any{"deprovisioned": false}), auth.Revocation{}},
		{"user.updated", user(map[string]any{"deprovisioned": nil}), auth.Revocation{}},
		{"user.updated", user(map[string]any{"banned": nil, "locked": nil}), auth.Revocation{}},
		{"user.created", user(map[string]any{"banned": true}), auth.Revocation{}},
		{"organization.deleted", map[string]any{"id": "org_1"}, auth.Revocation{}},
		{"something.new", nil, auth.Revocation{}},
	} {
		h := newHooked(t, nil)
		header, body := h.clerk.Webhook(test.event, test.data)
		if got, err := h.Verify(header, body); err != nil || got != test.want {
			t.Errorf("%s %v: %+v, %v", test.event, test.data, got, err)
		} else if got.Empty() != (got.Reason == "") {
			t.Errorf("%s: Empty is %v", test.event, got.Empty())
		}
	}
}

func TestWebhookSignature(t *testing.T) {
	h := newHooked(t, nil)
	header, body := h.clerk.Webhook("session.revoked", map[string]any{"id": "sess_ada"})
	good := header.Get("svix-signature")
	other := "v1," + base64.StdEncoding.EncodeToString(make([]byte, 32))
	for name, signature := range map[string]string{
		"zeroes": other, "no version": strings.TrimPrefix(good, "v1,"), "asymmetric": "v1a" + strings.TrimPrefix(good, "v1"),
		"version 2": "v2" + strings.TrimPrefix(good, "v1"), "cut": good[:len(good)-4], "longer": good + "A", "many others": strings.Repeat(other+" ", 100),
		"joined by a comma": other + "," + good, "spaces": " ", "version alone": "v1,", "lower case": strings.ToLower(good),
	} {
		t.Run(name, func(t *testing.T) {
			header := header.Clone()
			header.Set("svix-signature", signature)
			h.refused(t, ErrWebhookSignature, header, body)
		})
	}
	h.refused(t, ErrWebhookSignature, header, append(body, ' '))
	for _, name := range []string{"svix-id", "svix-timestamp"} {
		header := header.Clone()
		header.Set(name, strings.Replace(header.Get(name), header.Get(name)[9:10], "x", 1))
		if _, err := h.Verify(header, body); err == nil {
			t.Errorf("another %s was accepted", name)
		}
	}
	header.Set("svix-signature", other+" v1a,x "+good)
	if r, err := h.Verify(header, body); err != nil || r.SessionID != "sess_ada" {
		t.Errorf("among others: %+v, %v", r, err)
	}
}

func TestWebhookHeaders(t *testing.T) {
	h := newHooked(t, nil)
	header, body := h.clerk.Webhook("session.revoked", map[string]any{"id": "sess_ada"})
	for _, name := range []string{"Svix-Id", "Svix-Timestamp", "Svix-Signature"} {
		for _, value := range []string{"", "\x00"} {
			lacking := header.Clone()
			lacking.Set(name, value)
			if r, err := h.Verify(lacking, body); err == nil || r != (auth.Revocation{}) {
				t.Errorf("%s %q: %+v, %v", name, value, r, err)
			}
		}
		lacking := header.Clone()
		lacking.Del(name)
		h.refused(t, ErrWebhookHeaders, lacking, body)
	}
	h.refused(t, ErrWebhookHeaders, nil, body)
	h.refused(t, ErrWebhookHeaders, h.clerk.SignWebhook(strings.Repeat("m", maxWebhookID+1), start, body), body)
	standard := http.Header{}
	for name, values := range header {
		standard.Set(strings.Replace(name, "Svix-", "Webhook-", 1), values[0])
	}
	if r, err := h.Verify(standard, body); err != nil || r.SessionID != "sess_ada" {
		t.Errorf("webhook-*: %+v, %v", r, err)
	}
}

func TestWebhookTimestamp(t *testing.T) {
	for off, want := range map[time.Duration]*WebhookError{
		0: nil, -5 * time.Minute: nil, 5 * time.Minute: nil,
		-5*time.Minute - time.Second: ErrWebhookTimestamp, 5*time.Minute + time.Second: ErrWebhookTimestamp, -24 * time.Hour: ErrWebhookTimestamp,
	} {
		h := newHooked(t, nil)
		_, body := h.clerk.Webhook("session.revoked", map[string]any{"id": "sess_ada"})
		header := h.clerk.SignWebhook("msg_1", start.Add(off), body)
		if want != nil {
			h.refused(t, want, header, body)
		} else if r, err := h.Verify(header, body); err != nil || r.SessionID != "sess_ada" {
			t.Errorf("%v: %+v, %v", off, r, err)
		}
	}
	h := newHooked(t, nil)
	header, body := h.clerk.Webhook("session.revoked", map[string]any{"id": "sess_ada"})
	for at, want := range map[string]*WebhookError{
		"soon": ErrWebhookHeaders, "1790000000.0": ErrWebhookHeaders, "99999999999999999999": ErrWebhookHeaders,
		"-9223372036854775808": ErrWebhookTimestamp, "9223372036854775807": ErrWebhookTimestamp, "0": ErrWebhookTimestamp,
	} {
		header.Set("svix-timestamp", at)
		h.refused(t, want, header, body)
	}
}

// A replay revokes nothing, whenever and however often it comes.
func TestWebhookReplay(t *testing.T) {
	h := newHooked(t, nil)
	header, body := h.clerk.Webhook("session.revoked", map[string]any{"id": "sess_ada"})
	if r, err := h.Verify(header, body); err != nil || r.Empty() {
		t.Fatalf("%+v, %v", r, err)
	}
	for range 2 {
		*h.now = h.now.Add(2 * time.Minute)
		if r, err := h.Verify(header, body); err != nil || !r.Empty() {
			t.Errorf("again: %+v, %v", r, err)
		}
	}
	header = h.clerk.SignWebhook(header.Get("svix-id"), *h.now, body) // as when Svix tries again
	if r, err := h.Verify(header, body); err != nil || !r.Empty() {
		t.Errorf("delivered again: %+v, %v", r, err)
	}
}

// A message that was refused does not count as seen.
func TestRefusedWebhookMayComeAgain(t *testing.T) {
	h := newHooked(t, nil)
	header, body := h.clerk.Webhook("session.revoked", map[string]any{"id": "sess_ada"})
	forged := header.Clone()
	forged.Set("svix-signature", "v1,AAAA")
	h.refused(t, ErrWebhookSignature, forged, body)
	if r, err := h.Verify(header, body); err != nil || r.Empty() {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestWebhookIDsAreBounded(t *testing.T) {
	h := newHooked(t, nil)
	_, body := h.clerk.Webhook("session.revoked", map[string]any{"id": "sess_ada"})
	for i := range webhookIDLimit + 100 {
		if _, err := h.Verify(h.clerk.SignWebhook(fmt.Sprint("msg_", i), start, body), body); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.seen.Len(); n != webhookIDLimit {
		t.Errorf("%d ids", n)
	}
}

// Secrets being rotated, and another instance's.
func TestWebhookSecretsAndInstances(t *testing.T) {
	former, stranger := devclerk.New(devclerk.Config{}), devclerk.New(devclerk.Config{})
	h := newHooked(t, func(c *WebhookConfig) { c.Secrets = append(c.Secrets, former.WebhookSecret()) })
	_, body := h.clerk.Webhook("session.revoked", map[string]any{"id": "sess_ada"})
	if r, err := h.Verify(former.SignWebhook("msg_1", start, body), body); err != nil || r.Empty() {
		t.Errorf("second secret: %+v, %v", r, err)
	}
	h.refused(t, ErrWebhookSignature, stranger.SignWebhook("msg_2", start, body), body)

	_, others := stranger.Webhook("session.revoked", map[string]any{"id": "sess_ada"})
	h.refused(t, ErrWebhookInstance, h.clerk.SignWebhook("msg_3", start, others), others)
	anonymous := []byte(`{"object":"event","type":"session.revoked","data":{"id":"sess_ada"}}`)
	h.refused(t, ErrWebhookInstance, h.clerk.SignWebhook("msg_4", start, anonymous), anonymous)
	lenient := newHooked(t, func(c *WebhookConfig) { c.InstanceIDs = nil })
	if r, err := lenient.Verify(lenient.clerk.SignWebhook("msg_5", start, others), others); err != nil || r.Empty() {
		t.Errorf("any instance: %+v, %v", r, err)
	}
}

func TestWebhookBody(t *testing.T) {
	h := newHooked(t, func(c *WebhookConfig) { c.InstanceIDs = nil })
	for _, body := range []string{
		"", "null", "[]", "{", `"event"`, `{"object":"event"}`, `{"type":"session.revoked","data":{"id":"sess_a"}}`,
		`{"object":"event","type":5,"data":{}}`, `{"object":"event","type":"session.revoked"}`,
		`{"object":"event","type":"session.revoked","data":null}`, `{"object":"event","type":"session.revoked","data":"sess_a"}`,
		`{"object":"event","type":"session.revoked","data":{"id":7}}`, `{"object":"event","type":"session.revoked","data":{"id":""}}`,
		`{"object":"event","type":"session.revoked","data":{"id":"sess_../x"}}`, `{"object":"event","type":"session.revoked","data":{"id":"user_ada"}}`,
		`{"object":"event","type":"user.deleted","data":{"id":"sess_ada"}}`, `{"object":"event","type":"user.deleted","data":{"id":"user_"}}`,
		`{"object":"event","type":"user.deleted","data":{}}`, `{"object":"event","type":"user.updated","data":{"id":"user_ada","banned":"yes"}}`,
		`{"object":"event","type":"session.revoked","data":{"id":"sess_a"}} {}`,
	} {
		header, raw := h.sign(body)
		h.refused(t, ErrWebhookBody, header, raw)
	}
	for size, want := range map[int]*WebhookError{MaxWebhookBytes: nil, MaxWebhookBytes + 1: ErrWebhookTooLarge} {
		body := fmt.Sprintf(`{"object":"event","type":"%s"}`, strings.Repeat("x", size-len(`{"object":"event","type":""}`)))
		header, raw := h.sign(body)
		if _, err := h.Verify(header, raw); want == nil && err != nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	for _, err := range []*WebhookError{ErrWebhookBody, ErrWebhookTooLarge} {
		if !err.Malformed {
			t.Errorf("%v is not Malformed", err)
		}
	}
	for _, err := range []*WebhookError{ErrWebhookHeaders, ErrWebhookTimestamp, ErrWebhookSignature, ErrWebhookInstance} {
		if err.Malformed {
			t.Errorf("%v is Malformed", err)
		}
	}
}

func TestBadWebhookSettings(t *testing.T) {
	good := devclerk.New(devclerk.Config{}).WebhookSecret()
	for _, c := range []WebhookConfig{
		{}, {Secrets: []string{""}}, {Secrets: []string{"whsec_"}}, {Secrets: []string{"whsec_s3cr3t!"}}, {Secrets: []string{good, "c2VjcmV0"}},
		{Secrets: []string{good}, InstanceIDs: []string{"ins_1", "app_1"}},
	} {
		v, err := NewWebhookVerifier(c)
		if v != nil || err == nil || strings.Contains(err.Error(), "s3cr3t") || !strings.HasPrefix(err.Error(), "webhook ") {
			t.Errorf("%v: %v", c, err)
		}
	}
}

func TestWebhookSecretsAreNotPrinted(t *testing.T) {
	key := []byte("s3cr3t-s3cr3t-s3cr3t-s3cr3t!")
	c := WebhookConfig{Secrets: []string{"whsec_" + base64.StdEncoding.EncodeToString(key)}}
	v, err := NewWebhookVerifier(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		for _, printed := range []any{c, &c, v} {
			text := fmt.Sprintf(verb, printed)
			for _, secret := range []string{c.Secrets[0], string(key), fmt.Sprintf("%x", key)} {
				if strings.Contains(text, secret) {
					t.Errorf("%s of %T: %s", verb, printed, text)
				}
			}
		}
	}
}

// FuzzWebhook: a signed message revokes at most one session or one user, and only under a valid id; an unsigned one revokes nothing.
func FuzzWebhook(f *testing.F) {
	for _, body := range []string{
		`{"object":"event","type":"session.revoked","data":{"id":"sess_ada"},"instance_id":"ins_1"}`,
		`{"object":"event","type":"user.updated","data":{"id":"user_ada","banned":true}}`,
		`{"object":"event","type":"user.deleted","data":{"id":"user_ada","deleted":true}}`, `{}`, `[`,
	} {
		f.Add([]byte(body), "msg_1", "1790000000", "v1,AAAA v1,")
	}
	f.Fuzz(func(t *testing.T, body []byte, id, timestamp, signature string) {
		h := newHooked(t, func(c *WebhookConfig) { c.InstanceIDs = nil })
		forged := http.Header{"Svix-Id": {id}, "Svix-Timestamp": {timestamp}, "Svix-Signature": {signature}}
		if r, err := h.Verify(forged, body); err == nil || r != (auth.Revocation{}) {
			t.Fatalf("forged: %+v", r)
		}
		r, err := h.Verify(h.sign(string(body)))
		_, refused := errors.AsType[*WebhookError](err)
		switch {
		case err != nil && (!refused || r != (auth.Revocation{})):
			t.Fatalf("%+v, %v", r, err)
		case r.SessionID != "" && (!auth.IsClerkID(r.SessionID, "sess_") || r.Subject != ""), r.Subject != "" && !auth.IsClerkID(r.Subject, "user_"), r.Empty() != (r.Reason == ""):
			t.Fatalf("%+v", r)
		}
	})
}

package clerk

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// delivery is a webhook that arrived.
type delivery struct {
	header http.Header
	body   string
	event  struct {
		Type       string
		InstanceID string `json:"instance_id"`
		Data       map[string]any
	}
}

// receive collects an instance's webhooks, up to a hundred, and answers with that status.
func receive(t *testing.T, c *Instance, status int) <-chan delivery {
	t.Helper()
	deliveries := make(chan delivery, 100)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		d := delivery{header: r.Header, body: string(body)}
		if err := json.Unmarshal(body, &d.event); err != nil {
			t.Error(err)
		}
		deliveries <- d
		w.WriteHeader(status)
	}))
	t.Cleanup(srv.Close)
	c.SetWebhookURL(srv.URL)
	return deliveries
}

// The event of each change is delivered before the call returns.
func TestWebhook_events(t *testing.T) {
	for event, test := range map[string]struct {
		change func(c *Instance, sid string) error
		id     string // of the data; "": that of the session
		status string
		banned bool
	}{
		"session.revoked": {change: (*Instance).Revoke, status: "revoked"},
		"session.ended":   {change: func(c *Instance, sid string) error { return c.SetStatus(sid, StatusEnded) }, status: "ended"},
		"session.removed": {change: func(c *Instance, sid string) error { return c.SetStatus(sid, StatusRemoved) }, status: "removed"},
		"session.pending": {change: func(c *Instance, sid string) error { return c.SetStatus(sid, StatusPending) }, status: "pending"},
		"user.deleted":    {change: func(c *Instance, _ string) error { return c.DeleteUser("user_ada") }, id: "user_ada"},
		"user.updated":    {change: func(c *Instance, _ string) error { return c.BanUser("user_ada") }, id: "user_ada", banned: true},
		"":                {change: func(c *Instance, sid string) error { return c.SetStatus(sid, StatusExpired) }},
	} {
		t.Run(event, func(t *testing.T) {
			c := New(Config{})
			deliveries := receive(t, c, http.StatusNoContent)
			sid := c.CreateSession("user_ada")
			if err := test.change(c, sid); err != nil {
				t.Fatal(err)
			}
			if event == "" {
				if len(deliveries) != 0 {
					t.Errorf("%+v", <-deliveries)
				}
				return
			}
			if len(deliveries) != 1 {
				t.Fatalf("%d events", len(deliveries))
			}
			got := (<-deliveries).event
			id := test.id
			if id == "" {
				id = sid
			}
			status, _ := got.Data["status"].(string)
			banned, _ := got.Data["banned"].(bool)
			if got.Type != event || got.InstanceID != c.ID() || got.Data["id"] != id || status != test.status || banned != test.banned {
				t.Errorf("%+v", got)
			}
		})
	}
}

// The signature is verified by another implementation.
func TestWebhook_signature(t *testing.T) {
	c := New(Config{WebhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
	deliveries := receive(t, c, http.StatusOK)
	if err := c.Deliver(t.Context(), "user.created", map[string]any{"id": "user_ada"}); err != nil {
		t.Fatal(err)
	}
	d := <-deliveries
	hook, err := standardwebhooks.NewWebhook(c.WebhookSecret())
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	for _, name := range []string{"Id", "Timestamp", "Signature"} {
		header.Set("Webhook-"+name, d.header.Get("Svix-"+name))
	}
	if err := hook.Verify([]byte(d.body), header); err != nil {
		t.Error(err)
	}
	// docs.svix.com, "Verifying webhooks manually".
	example := c.SignWebhook("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if got := example.Get("svix-signature"); got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("%s", got)
	}
}

func TestWebhook_failures(t *testing.T) {
	c := New(Config{})
	if err := c.Deliver(t.Context(), "user.created", nil); err != nil {
		t.Errorf("to nowhere: %v", err)
	}
	deliveries := receive(t, c, http.StatusInternalServerError)
	sid := c.CreateSession("user_ada")
	if err := c.Revoke(sid); err == nil || len(deliveries) != 1 {
		t.Errorf("%v, %d deliveries", err, len(deliveries))
	}
	if s, _ := c.Session(sid); s.Status != StatusRevoked {
		t.Errorf("%+v", s)
	}
	for _, url := range []string{"http://127.0.0.1:1", "http://%"} {
		c.SetWebhookURL(url)
		if err := c.Deliver(t.Context(), "user.created", nil); err == nil {
			t.Errorf("%s: no error", url)
		}
	}
}

// A revocation over HTTP is answered even if its event is not delivered.
func TestWebhook_revokedOverHTTP(t *testing.T) {
	c := serve(t, Config{})
	deliveries := receive(t, c, http.StatusBadGateway)
	sid := c.CreateSession("user_ada")
	got := do(t, "POST", c.APIURL()+"/sessions/"+sid+"/revoke", "null", "Authorization", "Bearer "+c.SecretKey())
	if got.status != http.StatusOK || len(deliveries) != 1 || (<-deliveries).event.Type != "session.revoked" {
		t.Errorf("%+v", got)
	}
}

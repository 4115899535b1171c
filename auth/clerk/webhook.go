package clerk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"convexgateway/auth"
	"convexgateway/internal/expiring"
)

// MaxWebhookBytes is the size above which a webhook is refused.
const MaxWebhookBytes = 256 << 10

const (
	webhookTolerance = 5 * time.Minute
	webhookIDLife    = 10 * time.Minute // longer than the whole time in which a signature is accepted
	webhookIDLimit   = 10_000
	maxWebhookID     = 256
)

// WebhookConfig configures a [WebhookVerifier]. Secrets are required.
type WebhookConfig struct {
	// Secrets are signing secrets, whsec_…: of the endpoint, and, while it is being rotated, the
	// former one.
	Secrets []string
	// InstanceIDs, if there are any, are the only Clerk instances (ins_…) whose events are accepted.
	InstanceIDs []string
	// Clock defaults to time.Now.
	Clock func() time.Time
}

// String hides the secrets.
func (c WebhookConfig) String() string {
	return fmt.Sprintf("webhooks with %d secrets", len(c.Secrets))
}

// Format prints String for every verb.
func (c WebhookConfig) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// WebhookError is why a webhook is refused.
type WebhookError struct {
	// Malformed: the message cannot be read (400). Otherwise it may not be
	// from Clerk, or is of another instance (401).
	Malformed bool
	message   string
}

func (e *WebhookError) Error() string { return "webhook: " + e.message }

// ErrInstanceID reports an id of another form than Clerk's instances have.
var ErrInstanceID = errors.New("webhook instance id: not of the form ins_…")

// What a webhook can be refused for.
var (
	ErrWebhookTooLarge  = &WebhookError{Malformed: true, message: "the body is larger than 256 KiB"}
	ErrWebhookHeaders   = &WebhookError{message: "svix-id, svix-timestamp or svix-signature is missing or cannot be read"}
	ErrWebhookTimestamp = &WebhookError{message: "the timestamp is more than five minutes away from now"}
	ErrWebhookSignature = &WebhookError{message: "no signature matches"}
	ErrWebhookInstance  = &WebhookError{message: "the event is of another Clerk instance"}
	ErrWebhookBody      = &WebhookError{Malformed: true, message: "the body is not an event of Clerk's"}
)

// WebhookVerifier verifies that webhooks are Clerk's, and reads what they revoke. An event can only
// take access away, so a replay can only end what has ended already. Safe for concurrent use.
type WebhookVerifier struct {
	hooks     []*standardwebhooks.Webhook
	instances []string // none: any
	now       func() time.Time
	seen      *expiring.Map[string, struct{}]
}

// NewWebhookVerifier makes a verifier. An error names the setting and never contains a secret.
func NewWebhookVerifier(c WebhookConfig) (*WebhookVerifier, error) {
	if len(c.Secrets) == 0 {
		return nil, errors.New("webhook secrets: at least one is needed")
	}
	v := &WebhookVerifier{instances: slices.Clone(c.InstanceIDs), now: c.Clock, seen: expiring.New[string, struct{}](webhookIDLimit)}
	if v.now == nil {
		v.now = time.Now
	}
	for i, secret := range c.Secrets {
		hook, err := newWebhook(secret)
		if err != nil {
			return nil, fmt.Errorf("webhook secret %d: %w", i+1, err)
		}
		v.hooks = append(v.hooks, hook)
	}
	for _, id := range c.InstanceIDs {
		if !auth.IsClerkID(id, "ins_") {
			return nil, ErrInstanceID
		}
	}
	return v, nil
}

func newWebhook(secret string) (*standardwebhooks.Webhook, error) {
	key, ok := strings.CutPrefix(secret, "whsec_")
	hook, err := standardwebhooks.NewWebhook(key)
	if !ok || key == "" || err != nil {
		return nil, errors.New("not of the form whsec_ and base64")
	}
	return hook, nil
}

// String hides the secrets.
func (v *WebhookVerifier) String() string { return "webhook verifier" }

// Format prints String for every verb.
func (v *WebhookVerifier) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, v.String()) }

// Verify checks a webhook and reads what it revokes; the issuer is left out, because an event does not name it. Errors are
// *[WebhookError]. A message that comes again within ten minutes revokes nothing.
func (v *WebhookVerifier) Verify(header http.Header, body []byte) (auth.Revocation, error) {
	if len(body) > MaxWebhookBytes {
		return auth.Revocation{}, ErrWebhookTooLarge
	}
	now := v.now()
	signed, err := signedHeader(header, now)
	if err != nil {
		return auth.Revocation{}, err
	}
	if !v.signatureMatches(signed, body) {
		return auth.Revocation{}, ErrWebhookSignature
	}
	e, err := parseEvent(body)
	if err != nil {
		return auth.Revocation{}, err
	}
	if len(v.instances) > 0 && !slices.Contains(v.instances, e.InstanceID) {
		return auth.Revocation{}, ErrWebhookInstance
	}
	revocation, err := e.revocation()
	if err != nil {
		return auth.Revocation{}, err
	}
	if !v.seen.Add(signed.Get(standardwebhooks.HeaderWebhookID), struct{}{}, now.Add(webhookIDLife), now) {
		return auth.Revocation{}, nil
	}
	return revocation, nil
}

// signedHeader returns the three headers under the names of Standard Webhooks, which Svix sends
// under its own. The timestamp is checked here, because the library has no clock to set.
func signedHeader(header http.Header, now time.Time) (http.Header, error) {
	const standard = "Webhook-"
	for _, prefix := range []string{"Svix-", standard} {
		id, at := header.Get(prefix+"Id"), header.Get(prefix+"Timestamp")
		signature := header.Get(prefix + "Signature")
		if id == "" || at == "" || signature == "" {
			continue
		}
		seconds, err := strconv.ParseInt(at, 10, 64)
		if err != nil || len(id) > maxWebhookID {
			return nil, ErrWebhookHeaders
		}
		if off := now.Sub(time.Unix(seconds, 0)).Abs(); off > webhookTolerance {
			return nil, ErrWebhookTimestamp
		}
		return http.Header{standard + "Id": {id}, standard + "Timestamp": {at}, standard + "Signature": {signature}}, nil
	}
	return nil, ErrWebhookHeaders
}

func (v *WebhookVerifier) signatureMatches(signed http.Header, body []byte) bool {
	for _, hook := range v.hooks {
		if hook.VerifyIgnoringTimestamp(body, signed) == nil {
			return true
		}
	}
	return false
}

// event has the members that all of Clerk's events have
// (clerk/openapi-specs webhooks/2025-04-15.yml).
type event struct {
	Type       string          `json:"type"`
	Object     string          `json:"object"`
	InstanceID string          `json:"instance_id"`
	Data       json.RawMessage `json:"data"`
}

func parseEvent(body []byte) (event, error) {
	var e event
	if err := json.Unmarshal(body, &e); err != nil || e.Type == "" || e.Object != "event" {
		return event{}, ErrWebhookBody
	}
	return e, nil
}

// sessionEvents are the events after which a session must not be used.
var sessionEvents = map[string]auth.Reason{
	"session.ended":   auth.ReasonSessionEnded,
	"session.removed": auth.ReasonSessionEnded,
	"session.revoked": auth.ReasonSessionRevoked,
	"session.pending": auth.ReasonSessionPending,
}

// revocation reads what the event revokes; one of an unknown type revokes nothing.
func (e event) revocation() (auth.Revocation, error) {
	var data struct {
		ID     string `json:"id"`
		Banned bool   `json:"banned"`
		Locked bool   `json:"locked"`
		// Deprovisioned: Clerk's Directory Sync has taken away the user's access.
		Deprovisioned bool `json:"deprovisioned"`
	}
	reason, isSession := sessionEvents[e.Type]
	if !isSession && e.Type != "user.deleted" && e.Type != "user.updated" {
		return auth.Revocation{}, nil
	}
	if json.Unmarshal(e.Data, &data) != nil || !auth.IsClerkID(data.ID, "sess_") && !auth.IsClerkID(data.ID, "user_") {
		return auth.Revocation{}, ErrWebhookBody
	}
	switch {
	case isSession != auth.IsClerkID(data.ID, "sess_"):
		return auth.Revocation{}, ErrWebhookBody
	case isSession:
		return auth.Revocation{SessionID: data.ID, Reason: reason}, nil
	case e.Type == "user.deleted":
		return auth.Revocation{Subject: data.ID, Reason: auth.ReasonUserDeleted}, nil
	case data.Banned, data.Deprovisioned:
		return auth.Revocation{Subject: data.ID, Reason: auth.ReasonUserBanned}, nil
	case data.Locked:
		return auth.Revocation{Subject: data.ID, Reason: auth.ReasonSessionRevoked}, nil
	}
	return auth.Revocation{}, nil
}

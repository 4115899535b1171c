package clerk

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	webhookSecretPrefix = "whsec_"
	deliveryTimeout     = 5 * time.Second
)

func decodeSecret(secret string) []byte {
	text, ok := strings.CutPrefix(secret, webhookSecretPrefix)
	key, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil {
		panic("clerk: the webhook secret is not whsec_ and base64")
	}
	return key
}

// SetWebhookURL sets where events are sent; "" is nowhere.
func (c *Instance) SetWebhookURL(url string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.webhookURL = url
}

// Webhook makes an event and signs it as Svix does, which delivers those of Clerk: the base64 of the HMAC-SHA256 over id, time and
// body, joined by dots (docs.svix.com, "Verifying webhooks manually").
func (c *Instance) Webhook(eventType string, data map[string]any) (http.Header, []byte) {
	now := c.now()
	body, err := json.Marshal(map[string]any{
		"object": "event", "type": eventType, "data": data, "instance_id": c.id, "timestamp": now.UnixMilli(),
		"event_attributes": map[string]any{"http_request": map[string]any{"client_ip": "", "user_agent": ""}},
	})
	if err != nil {
		panic("clerk: an event that is no JSON: " + err.Error())
	}
	return c.SignWebhook("msg_"+randomHex(12), now, body), body
}

// SignWebhook returns the headers of a webhook with that body.
func (c *Instance) SignWebhook(id string, at time.Time, body []byte) http.Header {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, c.webhookKey)
	fmt.Fprintf(mac, "%s.%s.%s", id, timestamp, body)
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("Svix-Id", id)
	header.Set("Svix-Timestamp", timestamp)
	header.Set("Svix-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return header
}

// Deliver sends an event to the webhook URL once and waits for the answer, which must be a 2xx. Without a URL it does nothing.
func (c *Instance) Deliver(ctx context.Context, eventType string, data map[string]any) error {
	c.mu.Lock()
	url := c.webhookURL
	c.mu.Unlock()
	if url == "" {
		return nil
	}
	header, body := c.Webhook(eventType, data)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header = header
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxBody))
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("clerk: the webhook was answered %s", response.Status)
	}
	return nil
}

package server

import (
	"log/slog"

	"convexgateway/auth/clerk"

	"convexgateway/auth/lease"

	"errors"
	"io"
	"net/http"

	"google.golang.org/grpc/codes"

	"convexgateway/server/call"
)

const webhookRoute = "/webhooks/clerk"

// webhooks handles Clerk's webhooks. An event can only take access away; events that revoke nothing are acknowledged with 204 as well.
type webhooks struct {
	verifier *clerk.WebhookVerifier
	issuers  []string // an event does not name its issuer; ids are unique among Clerk's instances
	sessions *lease.Registry
	logger   *slog.Logger
}

// take verifies an event and does what it says. It returns how many streams that ended.
func (h *webhooks) take(header http.Header, body io.Reader) (ended int, err error) {
	text, err := io.ReadAll(io.LimitReader(body, clerk.MaxWebhookBytes+1))
	if err != nil {
		return 0, call.InvalidBody(err)
	}
	revocation, err := h.verifier.Verify(header, text)
	if err != nil {
		return 0, webhookProblem(err)
	}
	if revocation.Empty() {
		return 0, nil
	}
	for _, issuer := range h.issuers {
		revocation.Issuer = issuer
		ended += h.sessions.Revoke(revocation)
	}
	return ended, nil
}

// webhookProblem tells an event that is not Clerk's from one that cannot be read.
func webhookProblem(err error) error {
	var refused *clerk.WebhookError
	switch {
	case errors.Is(err, clerk.ErrWebhookTooLarge):
		return call.RequestTooLarge(clerk.MaxWebhookBytes)
	case errors.As(err, &refused) && !refused.Malformed:
		return &call.RequestError{Code: codes.Unauthenticated, Reason: "WEBHOOK_REFUSED", Text: err.Error()}
	}
	return call.InvalidBody(err)
}

// route is POST /webhooks/clerk.
func (h *webhooks) route() Route { return Route{"POST", webhookRoute, h.serve} }

func (h *webhooks) serve(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
	ended, err := h.take(r.Header, r.Body)
	if err != nil {
		return err
	}
	h.logger.Info("webhook", "request_id", call.From(r.Context()).RequestID, "streams_ended", ended)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

package rest

import (
	"errors"
	"io"
	"log/slog"
	"net/http"

	"google.golang.org/grpc/codes"

	"convexgateway/auth/clerk"
	"convexgateway/auth/lease"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// Webhooks handles Clerk's webhooks. An event can only revoke access; events that revoke nothing are acknowledged with 204 as
// well.
type Webhooks struct {
	Verifier *clerk.WebhookVerifier
	Issuers  []string // events revoke tokens of each: they do not name one, and ids are unique among Clerk's instances
	Leases   *lease.Registry
	Logger   *slog.Logger
}

// apply verifies an event and applies its revocation. It returns how many streams that ended.
func (h *Webhooks) apply(header http.Header, body io.Reader, hold *limit.Hold) (ended int, err error) {
	text, err := readBody(io.LimitReader(body, clerk.MaxWebhookBytes+1), hold)
	if err != nil {
		return 0, err
	}
	revocation, err := h.Verifier.Verify(header, text)
	if err != nil {
		return 0, webhookProblem(err)
	}
	if revocation.Empty() {
		return 0, nil
	}
	for _, issuer := range h.Issuers {
		revocation.Issuer = issuer
		ended += h.Leases.Revoke(revocation)
	}
	return ended, nil
}

// webhookProblem returns the error of an event that is not Clerk's, or cannot be read.
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

// Route returns the route POST /webhooks/clerk.
func (h *Webhooks) Route() Route {
	return Route{Method: "POST", Path: "/webhooks/clerk", AnyQuery: true, Handle: h.serve}
}

func (h *Webhooks) serve(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
	ended, err := h.apply(r.Header, r.Body, call.From(r.Context()).Hold)
	if err != nil {
		return err
	}
	h.Logger.Info("webhook", "request_id", call.From(r.Context()).RequestID, "streams_ended", ended)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

package rest

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"convexgateway/auth"
	"convexgateway/server/call"
	"convexgateway/server/live"
	"convexgateway/server/ticket"
)

// The caller's credential in a request: in the header Authorization, or as a ticket in the URL of a stream. A token in a URL is
// refused.

// checkCredentialHeaders refuses credentials that gRPC's metadata cannot hold, and those that grpc-gateway would read as
// metadata: if a credential were lost, the call would pass as an anonymous one.
func (*Handler) checkCredentialHeaders(r *http.Request) error {
	h := r.Header
	if h.Values("Grpc-Metadata-Authorization") != nil {
		return auth.NewError(auth.ReasonAmbiguousCredentials, nil)
	}
	if h.Values("Grpc-Metadata-X-On-Behalf-Of") != nil {
		return auth.NewError(auth.ReasonInvalidSubject, nil)
	}
	for _, value := range h.Values("Authorization") {
		if !call.IsPrintable(value) {
			return auth.NewError(auth.ReasonMalformed, nil)
		}
	}
	return nil
}

// setURLCredential redeems a ticket in the URL, and sets the header Authorization to its token. For a token in the URL it sets a
// header that no verifier accepts, so that the call does not pass as an anonymous one.
func (h *Handler) setURLCredential(r *http.Request) error {
	if r.URL.RawQuery == "" {
		return nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if dropTokens(query) {
		r.Header["Authorization"] = []string{"token in the URL"}
		r.URL.RawQuery = query.Encode()
	}
	for name := range query {
		if isRefreshKey(name) {
			return badParameter(name, "is a secret, and in no URL: send it in the body of POST, also to "+TicketRoute)
		}
	}
	texts, found := query[ticketParameter]
	if !found {
		return nil
	}
	req := newStreamRequest(r.URL.Path)
	switch {
	case req == nil || r.Method != http.MethodGet:
		return badParameter(ticketParameter, "is for GET "+subscribeRoute+" and GET "+authStateRoute+" only")
	case len(texts) != 1:
		return badParameter(ticketParameter, "must be given once")
	case r.Header.Values("Authorization") != nil:
		return auth.NewError(auth.ReasonAmbiguousCredentials, nil)
	case err != nil:
		return call.InvalidRequest(err.Error())
	}
	query.Del(ticketParameter)
	redeemed, err := h.redeemTicket(texts[0], r, req, query)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+redeemed.Token)
	exchangeFrom(r.Context()).refreshKey = redeemed.RefreshKey
	r.URL.RawQuery = query.Encode()
	return nil
}

func (h *Handler) redeemTicket(text string, r *http.Request, req live.Request, query url.Values) (ticket.Ticket, error) {
	fields := maps.Clone(query)
	fields.Del("last_event_id")
	if err := readParameters(fields, req); err != nil {
		return ticket.Ticket{}, err
	}
	canonical, err := streamQuery(req)
	if err != nil {
		return ticket.Ticket{}, err
	}
	return h.Tickets.Redeem(text, streamHash(r.URL.Path, canonical), r.Header.Values("Origin"))
}

// isRefreshKey reports whether a parameter is called like the refresh key, in any case.
func isRefreshKey(name string) bool {
	return strings.EqualFold(strings.ReplaceAll(name, "_", ""), "refreshkey")
}

// secretForm matches a JWT, whose first part is the base64 of `{"`, and an API key.
var secretForm = regexp.MustCompile(`^(?i:bearer )?\s*(eyJ[\w-]+\.[\w-]+\.[\w-]+|cgk_[\w-]+)\s*$`)

// dropTokens removes parameters that are tokens by their name or form, and reports whether there were any.
func dropTokens(query url.Values) bool {
	n := len(query)
	maps.DeleteFunc(query, func(name string, values []string) bool {
		switch strings.ToLower(name) {
		case "access_token", "token", "authorization":
			return true
		}
		return secretForm.MatchString(name) || slices.ContainsFunc(values, secretForm.MatchString)
	})
	return len(query) < n
}

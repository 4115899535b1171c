package sync

import (
	"net/http"
	"slices"
	"strings"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment/call"
)

// syncClientOf reads the client's version, from a Convex-Client header or else the path. A version in the path is an npm client's.
func syncClientOf(r *http.Request) (call.ClientVersion, error) {
	if _, named := r.Header["Convex-Client"]; named || r.URL.Path == "/api/sync" {
		return call.ClientVersionOf(r.Header)
	}
	return call.NPMVersion(r.PathValue("version"))
}

func checkUpgrade(h http.Header) error {
	switch {
	case !hasToken(h, "Connection", "upgrade"):
		return call.NewBadRequest("InvalidConnectionHeader", "Connection header did not include upgrade")
	case !hasToken(h, "Upgrade", "websocket"):
		return call.NewBadRequest("InvalidUpgradeHeader", "Upgrade header did not include websocket")
	case h.Get("Sec-WebSocket-Version") != "13":
		return call.NewBadRequest("InvalidWebSocketVersionHeader", "Sec-WebSocket-Version header did not include 13")
	case h.Get("Sec-WebSocket-Key") == "":
		return call.NewBadRequest("WebSocketKeyHeaderMissing", "Sec-WebSocket-Key header missing")
	}
	return nil
}

func hasToken(h http.Header, name, token string) bool {
	return slices.ContainsFunc(headerList(h, name), func(given string) bool { return strings.EqualFold(given, token) })
}

func headerList(h http.Header, name string) []string {
	var list []string
	for _, value := range h.Values(name) {
		for part := range strings.SplitSeq(value, ",") {
			list = append(list, strings.TrimSpace(part))
		}
	}
	return list
}

// acceptOptions turns compression on for the two offers that Convex accepts, with context takeover both ways, and leaves the
// accepted offer alone in the header.
func (s *socket) acceptOptions(h http.Header) *websocket.AcceptOptions {
	options := &websocket.AcceptOptions{InsecureSkipVerify: true} // every origin is permitted
	options.OnPongReceived, options.OnPingReceived = s.onPong, s.onPing
	offered := slices.ContainsFunc(headerList(h, "Sec-WebSocket-Extensions"), func(offer string) bool {
		return offer == "permessage-deflate" || offer == "permessage-deflate; client_max_window_bits"
	})
	if offered {
		h.Set("Sec-WebSocket-Extensions", "permessage-deflate")
		options.CompressionMode = websocket.CompressionContextTakeover
	}
	return options
}

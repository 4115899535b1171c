package deployment

import (
	"net/http"
	"slices"
	"strings"

	"github.com/coder/websocket"
)

// syncClientOf reads the client's version: a Convex-Client header beats the path. Who gives one in the path only is of npm.
func syncClientOf(r *http.Request) (clientVersion, error) {
	version := r.PathValue("version")
	if r.Header.Get("Convex-Client") != "" || version == "" {
		return clientVersionOf(r.Header)
	}
	known, ok := parseSemver(version)
	if !ok {
		return clientVersion{}, errBadRequest("InvalidClientVersion", "Failed to parse client version: "+version)
	}
	return clientVersion{"npm", known, true}, nil
}

func checkUpgrade(h http.Header) error {
	switch {
	case !hasToken(h, "Connection", "upgrade"):
		return errBadRequest("InvalidConnectionHeader", "Connection header did not include 'upgrade'")
	case !hasToken(h, "Upgrade", "websocket"):
		return errBadRequest("InvalidUpgradeHeader", "`Upgrade` header did not include 'websocket'")
	case h.Get("Sec-WebSocket-Version") != "13":
		return errBadRequest("InvalidWebSocketVersionHeader", "`Sec-WebSocket-Version` header did not include '13'")
	case h.Get("Sec-WebSocket-Key") == "":
		return errBadRequest("WebSocketKeyHeaderMissing", "`Sec-WebSocket-Key` header missing")
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

// acceptOptions compresses only for the two offers that Convex takes, and with context takeover both ways. It leaves the
// one offer that is taken in the header.
func (s *socket) acceptOptions(h http.Header) *websocket.AcceptOptions {
	options := &websocket.AcceptOptions{InsecureSkipVerify: true} // every origin is welcome
	options.OnPongReceived, options.OnPingReceived = s.onPong, s.onPing
	offered := slices.ContainsFunc(headerList(h, "Sec-WebSocket-Extensions"), func(offer string) bool {
		offer = strings.ReplaceAll(offer, " ", "")
		return offer == "permessage-deflate" || offer == "permessage-deflate;client_max_window_bits"
	})
	if offered {
		h.Set("Sec-WebSocket-Extensions", "permessage-deflate")
		options.CompressionMode = websocket.CompressionContextTakeover
	}
	return options
}

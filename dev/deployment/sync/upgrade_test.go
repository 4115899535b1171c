package sync_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
)

func TestSync_upgrade(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	ctx, cancel := devtest.Context()
	defer cancel()
	for _, test := range []struct {
		path, client string
		want         int
	}{
		{"/api/sync", "", 101}, {"/api/1.45.0/sync", "", 101}, {"/api/1.45.0-alpha.1/sync", "", 101},
		{"/api/abc/sync", "", 400}, {"/api/1.2/sync", "", 400}, {"/api/abc/sync", "rust-0.10.4", 101}, {"/api/sync", "rust", 400},
	} {
		header := http.Header{}
		if test.client != "" {
			header.Set("Convex-Client", test.client)
		}
		ws, response, err := websocket.Dial(ctx, d.URL()+test.path, &websocket.DialOptions{HTTPClient: devtest.Client, HTTPHeader: header})
		if response == nil || response.StatusCode != test.want {
			t.Errorf("%s %q: %v, %v", test.path, test.client, response, err)
		}
		if err == nil {
			_ = ws.CloseNow()
		}
	}
}

func TestSync_upgradeErrors(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	good := []string{"Connection", "keep-alive, Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "x"}
	for i, code := range []string{"InvalidConnectionHeader", "InvalidUpgradeHeader", "InvalidWebSocketVersionHeader", "WebSocketKeyHeaderMissing"} {
		header := append([]string{}, good...)
		header[2*i+1] = ""
		if got := devtest.Do(t, "GET", d.URL()+"/api/sync", "", header...); got.Status != 400 || !strings.Contains(got.Body, code) {
			t.Errorf("%s: %d %s", code, got.Status, got.Body)
		}
	}
}

func TestSync_compression(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	for offer, want := range map[string]string{
		"":                   "",
		"permessage-deflate": "permessage-deflate",
		"permessage-deflate; client_max_window_bits":                                 "permessage-deflate",
		"permessage-deflate; client_no_context_takeover":                             "",
		"permessage-deflate; server_no_context_takeover, permessage-deflate":         "permessage-deflate",
		"permessage-deflate; client_max_window_bits=10":                              "",
		"x-webkit-deflate-frame":                                                     "",
		"permessage-deflate; client_no_context_takeover; server_no_context_takeover": "",
	} {
		ctx, cancel := devtest.Context()
		request, _ := http.NewRequestWithContext(ctx, http.MethodGet, d.URL()+"/api/sync", nil)
		for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
			"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Extensions": offer} {
			request.Header.Set(name, value)
		}
		response, err := devtest.Client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if got := response.Header.Get("Sec-WebSocket-Extensions"); response.StatusCode != http.StatusSwitchingProtocols || got != want {
			t.Errorf("%q: %d, %q, want %q", offer, response.StatusCode, got, want)
		}
		_ = response.Body.Close()
		cancel()
	}

	ctx, cancel := devtest.Context()
	defer cancel()
	ws, _, err := websocket.Dial(ctx, d.URL()+"/api/sync", &websocket.DialOptions{HTTPClient: devtest.Client, CompressionMode: websocket.CompressionContextTakeover})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	c := devtest.NewSyncClient(t, ws)
	value := `"` + strings.Repeat("long and repetitive ", 100) + `"`
	for i := range uint32(3) {
		c.Add(i, i, "values:echo", `{"value":`+value+`}`)
		c.UntilQuerySet(i + 1)
		if c.Results[i] != value {
			t.Fatalf("compressed value %d differs", i)
		}
	}
}

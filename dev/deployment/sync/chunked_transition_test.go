package sync_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	devsync "convexgateway/dev/deployment/sync"
	"convexgateway/dev/deployment/v"
)

// chunkJSON is a TransitionChunk as a client reads it.
type chunkJSON struct {
	Type         string `json:"type"`
	Chunk        string `json:"chunk"`
	PartNumber   int    `json:"partNumber"`
	TotalParts   int    `json:"totalParts"`
	TransitionID string `json:"transitionId"`
}

func TestSync_chunksForNewNPMClientsOnly(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Controls: true, Functions: []app.Function{app.Query("testing:umlauts", v.Object(), func(*app.QueryCtx, app.Args) (any, error) {
		return "x" + strings.Repeat("ü", devsync.MaxWhole/2), nil
	})}})
	for _, test := range []struct {
		path, client, query, args string
		parts                     int // 0: a Transition
	}{
		{"/api/1.28.0/sync", "", "testing:umlauts", `{}`, 2},
		{"/api/sync", "npm-1.45.0", "testing:big", `{"bytes":4999999}`, 2},
		{"/api/sync", "npm-1.45.0", "testing:big", `{"bytes":4999000}`, 0}, // the rest of the message counts, too
		{"/api/1.45.0/sync", "rust-0.10.4", "testing:big", `{"bytes":5000000}`, 0},
	} {
		t.Run(test.path+" "+test.client+" "+test.query+test.args, func(t *testing.T) {
			c := dialAs(t, d, test.path, test.client)
			c.Add(0, 0, test.query, test.args)
			if test.parts == 0 {
				c.Expect("Transition")
				return
			}
			text := ""
			for part := range test.parts {
				chunk := readChunk(t, c)
				if chunk.PartNumber != part || chunk.TotalParts != test.parts || len(chunk.Chunk) > devsync.MaxWhole || !utf8.ValidString(chunk.Chunk) {
					t.Fatalf("part %d of %d, %d bytes", chunk.PartNumber, chunk.TotalParts, len(chunk.Chunk))
				}
				if text += chunk.Chunk; part == test.parts-1 && chunk.TransitionID != strconv.Itoa(len(text)) {
					t.Errorf("transition %s of %d bytes", chunk.TransitionID, len(text))
				}
			}
			var m devtest.ServerMessage
			if err := json.Unmarshal([]byte(text), &m); err != nil || m.Type != "Transition" {
				t.Fatalf("%v, %.100s", err, text)
			}
			c.Apply(m)
			c.Remove(1, 0)
			c.UntilQuerySet(2) // small ones stay whole
		})
	}
}

func dialAs(t *testing.T, d *deployment.Deployment, path, client string) *devtest.SyncClient {
	t.Helper()
	ctx, cancel := devtest.Context()
	defer cancel()
	header := http.Header{}
	if client != "" {
		header.Set("Convex-Client", client)
	}
	ws, _, err := websocket.Dial(ctx, d.URL()+path, &websocket.DialOptions{HTTPClient: devtest.Client, HTTPHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	return devtest.NewSyncClient(t, ws)
}

func readChunk(t *testing.T, c *devtest.SyncClient) (chunk chunkJSON) {
	t.Helper()
	ctx, cancel := devtest.Context()
	defer cancel()
	_, data, err := c.Socket.Read(ctx)
	if err != nil || json.Unmarshal(data, &chunk) != nil || chunk.Type != "TransitionChunk" {
		t.Fatalf("%v, %.100s", err, data)
	}
	return chunk
}

package deployment

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/coder/websocket"

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

func TestSync_item48_chunksForNewNPMClientsOnly(t *testing.T) {
	d := startTest(t, Config{Functions: append(testingFunctions(), Query("testing:umlauts", v.Object(), func(*QueryCtx, Args) (any, error) {
		return "x" + strings.Repeat("ü", maxWhole/2), nil
	}))})
	for _, test := range []struct {
		path, client, query, args string
		parts                     int // 0: a Transition
	}{
		{"/api/1.28.0/sync", "", "testing:umlauts", `{}`, 2},
		{"/api/sync", "npm-1.45.0", "testing:big", `{"bytes":4999999}`, 2},
		{"/api/sync", "npm-1.45.0", "testing:big", `{"bytes":4999998}`, 0}, // its quotes make it 5,000,000
		{"/api/1.45.0/sync", "rust-0.10.4", "testing:big", `{"bytes":5000000}`, 0},
	} {
		t.Run(test.path+" "+test.client+" "+test.query+test.args, func(t *testing.T) {
			c := dialAs(t, d, test.path, test.client)
			c.add(0, 0, test.query, test.args)
			if test.parts == 0 {
				c.expect("Transition")
				return
			}
			text := ""
			for part := range test.parts {
				chunk := readChunk(t, c)
				if chunk.PartNumber != part || chunk.TotalParts != test.parts || len(chunk.Chunk) > maxWhole || !utf8.ValidString(chunk.Chunk) {
					t.Fatalf("part %d of %d, %d bytes", chunk.PartNumber, chunk.TotalParts, len(chunk.Chunk))
				}
				if text += chunk.Chunk; part == test.parts-1 && chunk.TransitionID != strconv.Itoa(len(text)) {
					t.Errorf("transition %s of %d bytes", chunk.TransitionID, len(text))
				}
			}
			var m serverJSON
			if err := json.Unmarshal([]byte(text), &m); err != nil || m.Type != "Transition" {
				t.Fatalf("%v, %.100s", err, text)
			}
			c.apply(m)
			c.remove(1, 0)
			c.untilQuerySet(2) // small ones stay whole
		})
	}
}

func dialAs(t *testing.T, d *Deployment, path, client string) *syncClient {
	t.Helper()
	ctx, cancel := testContext()
	defer cancel()
	header := http.Header{}
	if client != "" {
		header.Set("Convex-Client", client)
	}
	ws, _, err := websocket.Dial(ctx, d.URL()+path, &websocket.DialOptions{HTTPClient: testClient, HTTPHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	ws.SetReadLimit(-1)
	return &syncClient{t: t, ws: ws, version: versionJSON{Ts: "AAAAAAAAAAA="}, results: map[uint32]string{}}
}

func readChunk(t *testing.T, c *syncClient) (chunk chunkJSON) {
	t.Helper()
	ctx, cancel := testContext()
	defer cancel()
	_, data, err := c.ws.Read(ctx)
	if err != nil || json.Unmarshal(data, &chunk) != nil || chunk.Type != "TransitionChunk" {
		t.Fatalf("%v, %.100s", err, data)
	}
	return chunk
}

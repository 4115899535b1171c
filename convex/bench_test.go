package convex

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"convexgateway/internal/syncfake"
)

// BenchmarkCall runs a query over the HTTP API, beside what net/http takes to post the same and read the answer.
func BenchmarkCall(b *testing.B) {
	answer := []byte(`{"status":"success","value":` + syncfake.Rows(1000) + `,"logLines":[]}`)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(answer)
	}))
	b.Cleanup(server.Close)
	b.Run("gateway", func(b *testing.B) {
		client, err := NewHTTPClient(server.URL, HTTPOptions{})
		if err != nil {
			b.Fatal(err)
		}
		defer client.Close()
		call := Call{Path: mustPath(b, "messages:list"), Args: []byte(`{}`), ForwardedFor: "192.0.2.1", UserAgent: "bench", RequestID: "1"}
		b.ReportAllocs()
		for b.Loop() {
			if result, err := client.Call(b.Context(), call); err != nil || len(result.Value) != len(syncfake.Rows(1000)) {
				b.Fatal(err)
			}
		}
	})
	b.Run("floor", func(b *testing.B) {
		client := &http.Client{Transport: NewTransport(0)}
		defer client.CloseIdleConnections()
		const body = `{"path":"messages:list","args":{},"format":"convex_encoded_json"}`
		b.ReportAllocs()
		for b.Loop() {
			req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, server.URL+"/api/query", strings.NewReader(body))
			if err != nil {
				b.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			resp, err := client.Do(req)
			if err != nil {
				b.Fatal(err)
			}
			text, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || len(text) != len(answer) {
				b.Fatal(len(text), err)
			}
		}
	})
}

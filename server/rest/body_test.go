package rest

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A body that does not come ends its request, and says why.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	face := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limitBody(w, r, 1<<20, 50*time.Millisecond)
		if _, err := io.ReadAll(r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	}))
	defer face.Close()
	conn, err := net.Dial("tcp", face.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), "has not come within") {
		t.Errorf("HTTP %d %s", resp.StatusCode, text)
	}
	for range 3 { // a body that comes leaves the connection as it was
		ok, err := face.Client().Post(face.URL, "text/plain", strings.NewReader("all of it"))
		if err != nil {
			t.Fatal(err)
		}
		_ = ok.Body.Close()
		if ok.StatusCode != http.StatusOK {
			t.Errorf("HTTP %d", ok.StatusCode)
		}
	}
}

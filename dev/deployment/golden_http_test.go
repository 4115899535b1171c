package deployment_test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// goldenRequest is a request of HTTP, or the upgrade of a WebSocket.
type goldenRequest struct {
	Method, Path     string
	Headers          map[string]string
	OnlyHeaders      goldenHeaders // and Host
	Body, BodyBase64 string
}

type goldenHeaders [][2]string

type goldenResponse struct {
	Status  int
	Headers map[string]string
	Body    *string
}

func (r *goldenRequest) defaultHeader(name, value string) {
	if r.Headers[name] == "" {
		r.OnlyHeaders = append(r.OnlyHeaders, [2]string{name, value})
	}
}

// head is the request but for its body, byte for byte.
func (r goldenRequest) head(b bindings) string {
	var head strings.Builder
	fmt.Fprintf(&head, "%s %s HTTP/1.1\r\nHost: %s\r\n", r.Method, b.fill(r.Path), b["host"])
	for _, h := range r.OnlyHeaders {
		fmt.Fprintf(&head, "%s: %s\r\n", h[0], b.fill(h[1]))
	}
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		fmt.Fprintf(&head, "%s: %s\r\n", name, b.fill(r.Headers[name]))
	}
	return head.String() + "\r\n"
}

func (r goldenRequest) body(b bindings) (string, error) {
	if r.BodyBase64 != "" {
		body, err := base64.StdEncoding.DecodeString(r.BodyBase64)
		return string(body), err
	}
	return b.fill(r.Body), nil
}

// http sends a request on a connection of its own.
func (p *goldenPlayer) http(step goldenStep) error {
	conn, err := p.listener.Dial(p.t.Context(), "", "")
	if err != nil {
		return err
	}
	defer conn.Close()
	request := *step.HTTP
	body, err := request.body(p.bound)
	if err != nil {
		return err
	}
	if body != "" || request.Method == http.MethodPost {
		request.OnlyHeaders = goldenHeaders{{"Content-Length", fmt.Sprint(len(body))}}
	}
	request.OnlyHeaders = append(request.OnlyHeaders, [2]string{"Connection", "close"})
	go func() { _, _ = io.WriteString(conn, request.head(p.bound)+body) }()
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: request.Method})
	if err != nil {
		return err
	}
	return p.answered(response, step)
}

// open upgrades a WebSocket.
func (p *goldenPlayer) open(step goldenStep) error {
	conn, err := p.listener.Dial(p.t.Context(), "", "")
	if err != nil {
		return err
	}
	s, response, err := upgrade(conn, *step.Open, p.bound)
	if err != nil {
		return err
	}
	if s != nil {
		p.sockets[step.WS] = s
	} else {
		defer conn.Close()
	}
	return p.answered(response, step)
}

// answered compares an answer with the one recorded.
func (p *goldenPlayer) answered(response *http.Response, step goldenStep) error {
	var body []byte
	if response.StatusCode != http.StatusSwitchingProtocols {
		var err error
		if body, err = io.ReadAll(response.Body); err != nil {
			return err
		}
	}
	recorded := step.Expect
	if response.StatusCode != recorded.Status {
		return fmt.Errorf("status %d, recorded %d; body %.300s, recorded %.300s", response.StatusCode, recorded.Status, body, text(recorded.Body))
	}
	for name, value := range recorded.Headers {
		if got := headerText(response.Header, name); got != value {
			return fmt.Errorf("header %s: %q, recorded %q", name, got, value)
		}
	}
	for name := range response.Header {
		_, ok := recorded.Headers[strings.ToLower(name)]
		if !ok && !unrecordedHeaders[name] && (step.HTTP != nil || name == "Content-Type") {
			return fmt.Errorf("header %s: %q, not recorded", name, response.Header[name])
		}
	}
	if recorded.Body == nil || step.HTTP != nil && namesBuild[step.HTTP.Path] {
		return nil
	}
	return p.bound.match(*recorded.Body, string(body))
}

func text(body *string) string {
	if body == nil {
		return ""
	}
	return *body
}

// unrecordedHeaders were left out of the recordings. Of answers to upgrades only those that matter were recorded.
var unrecordedHeaders = map[string]bool{
	"Date": true, "Content-Length": true, "Connection": true, "Upgrade": true, "Sec-Websocket-Accept": true,
}

// namesBuild are the paths whose answers are the deployment's name and version.
var namesBuild = map[string]bool{"/version": true, "/instance_version": true, "/instance_name": true}

func headerText(h http.Header, name string) string {
	if values := h.Values(name); name == "vary" && len(values) > 0 {
		return sortedList(values)
	}
	return h.Get(name)
}

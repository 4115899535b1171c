package rest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"google.golang.org/grpc/codes"

	"convexgateway/server/call"
	"convexgateway/server/rpc"
)

// net/http refuses some requests over HTTP/1.1 by itself, before any handler: what is no HTTP, headers that are too large, an
// expectation or a transfer encoding that it does not have. It writes a text of its own to the connection, which is replaced by
// the same status as of all other errors.

// Listener returns a listener whose connections refuse requests as the handler does.
func (h *Handler) Listener(l net.Listener) net.Listener { return refusalListener{l, h} }

type refusalListener struct {
	net.Listener
	handler *Handler
}

func (l refusalListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return refusalConn{conn, l.handler}, nil
}

type refusalConn struct {
	net.Conn
	handler *Handler
}

// CloseWrite ends the output. net/http does so, where a connection can, before it closes a connection with unread input: without
// it the client might not receive the response.
func (c refusalConn) CloseWrite() error {
	if conn, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return conn.CloseWrite()
	}
	return nil
}

// Write writes a response. A refusal is one write.
func (c refusalConn) Write(response []byte) (int, error) {
	code, text, refused := parseRefusal(response)
	if !refused {
		return c.Conn.Write(response)
	}
	if _, err := c.Conn.Write(c.handler.refusal(code, text, c.RemoteAddr().String())); err != nil {
		return 0, err
	}
	return len(response), nil
}

// ownHeaders follow the status line of a response that net/http itself makes. No handler's response has them there.
const ownHeaders = "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"

// parseRefusal reports whether a response is a refusal of net/http, and returns its status code and text.
func parseRefusal(response []byte) (code int, text string, refused bool) {
	const status = len("HTTP/1.1 ")
	if len(response) < status+3 || !bytes.HasPrefix(response, []byte("HTTP/1.")) {
		return 0, "", false
	}
	if string(response[status:status+3]) == "417" {
		return http.StatusExpectationFailed, expectationText, true
	}
	line, rest, _ := bytes.Cut(response, []byte("\r\n"))
	if !bytes.HasPrefix(rest, []byte(ownHeaders[2:])) {
		return 0, "", false
	}
	code, err := strconv.Atoi(string(line[status : status+3]))
	return code, string(bytes.TrimSpace(line[status+3:])), err == nil
}

// refusal returns the response to a request that net/http refuses, and logs the call.
func (h *Handler) refusal(code int, text, peer string) []byte {
	err := &call.RequestError{Code: codes.InvalidArgument, Reason: "INVALID_REQUEST", Text: text}
	if code == http.StatusRequestHeaderFieldsTooLarge {
		err.Reason, err.Text = "REQUEST_TOO_LARGE", "the headers are too large"
	}
	p := call.ProblemOf(err)
	st := rpc.HTTPStatus(p)
	c := &call.Call{RequestID: call.RequestIDOf(""), Protocol: call.REST, Address: call.HostOf(peer), Failure: err}
	h.Log.Ended(call.With(context.Background(), c), c, rpc.CallEnd{Method: "? ?", Status: st, Problem: &p, Started: time.Now()})
	body, _ := marshalJSON(st.Proto())
	return fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"+
		"X-Request-Id: %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s\n", code, http.StatusText(code), c.RequestID, len(body)+1, body)
}

package websocket

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6455 prescribes it; it protects nothing
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Options configure a connection.
type Options struct {
	Header       http.Header
	Compress     bool          // whether the server may compress what it sends
	ReadLimit    int           // bytes of a message, once it is inflated
	WriteTimeout time.Duration // of a frame
	Room         func(n int)   // called before n more bytes of a message are read; it may wait. nil: nothing is
}

// StatusError is of a server that answers with an HTTP status instead of a WebSocket.
type StatusError struct{ Code int }

func (e StatusError) Error() string {
	return fmt.Sprintf("the server answered HTTP %d to the WebSocket request", e.Code)
}

// Dial connects to the server at url, http or https, through client, with its proxies and certificates. A redirect is not
// followed, but a StatusError: what is sent is for this server only. The context is for the handshake only, as is the client's
// timeout.
func Dial(ctx context.Context, client *http.Client, url string, opts Options) (*Conn, error) {
	if client.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, client.Timeout)
		defer cancel()
	}
	key := make([]byte, 16)
	_, _ = rand.Read(key) // it never fails
	challenge := base64.StdEncoding.EncodeToString(key)
	req, err := upgradeRequest(ctx, url, challenge, opts)
	if err != nil {
		return nil, err
	}
	untimed := *client
	untimed.Timeout = 0 // it would end the connection, too
	untimed.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := untimed.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		drain(resp.Body)
		return nil, StatusError{resp.StatusCode}
	}
	conn, err := upgraded(resp, challenge, opts)
	if err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	return conn, nil
}

// drain reads what is there of a short text and closes it, so that its connection can serve another request.
func drain(body io.ReadCloser) {
	late := time.AfterFunc(time.Second, func() { _ = body.Close() })
	defer late.Stop()
	_, _ = io.CopyN(io.Discard, body, 1<<10)
	_ = body.Close()
}

func upgradeRequest(ctx context.Context, url, challenge string, opts Options) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	if opts.Header != nil {
		req.Header = opts.Header.Clone()
	}
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", "websocket")
	req.Header.Set("Sec-WebSocket-Version", "13")
	req.Header.Set("Sec-WebSocket-Key", challenge)
	if opts.Compress {
		req.Header.Set("Sec-WebSocket-Extensions", deflateExtension)
	}
	return req, nil
}

// upgraded makes a connection of the server's answer.
func upgraded(resp *http.Response, challenge string, opts Options) (*Conn, error) {
	if !strings.EqualFold(resp.Header.Get("Upgrade"), "websocket") || !hasToken(resp.Header.Values("Connection"), "upgrade") ||
		resp.Header.Get("Sec-WebSocket-Accept") != accept(challenge) {
		return nil, fmt.Errorf("%w: the server has not understood the handshake", ErrProtocol)
	}
	rwc, ok := resp.Body.(io.ReadWriteCloser)
	if !ok {
		return nil, fmt.Errorf("the HTTP client's connections cannot be written to: %T", resp.Body)
	}
	if resp.Header.Get("Sec-WebSocket-Protocol") != "" {
		return nil, fmt.Errorf("%w: a subprotocol was not offered", ErrProtocol)
	}
	inflater, err := agreed(resp.Header.Values("Sec-WebSocket-Extensions"), opts.Compress)
	if err != nil {
		return nil, err
	}
	return &Conn{
		rwc: rwc, br: bufio.NewReaderSize(rwc, waitingBuffer), inflater: inflater,
		readLimit: opts.ReadLimit, room: opts.Room, writeTimeout: opts.WriteTimeout,
	}, nil
}

// hasToken reports whether a header that is a list has a token.
func hasToken(values []string, token string) bool {
	for item := range strings.SplitSeq(strings.Join(values, ","), ",") {
		if strings.EqualFold(strings.TrimSpace(item), token) {
			return true
		}
	}
	return false
}

// accept is a server's answer to the challenge; source: RFC 6455, 4.2.2.
func accept(challenge string) string {
	sum := sha1.Sum([]byte(challenge + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // as above
	return base64.StdEncoding.EncodeToString(sum[:])
}

const deflateExtension = "permessage-deflate"

// agreed reads the extensions that the server has chosen; source: RFC 7692, 7.1.
func agreed(headers []string, offered bool) (*inflater, error) {
	chosen := strings.Join(headers, ",")
	if chosen == "" {
		return nil, nil
	}
	params := strings.Split(chosen, ";")
	if !offered || strings.TrimSpace(params[0]) != deflateExtension {
		return nil, fmt.Errorf("%w: extension %.100q was not offered", ErrProtocol, chosen)
	}
	i := &inflater{takeover: true}
	for _, p := range params[1:] {
		name, _, _ := strings.Cut(strings.TrimSpace(p), "=")
		switch strings.TrimSpace(name) {
		case "server_no_context_takeover":
			i.takeover = false
		case "client_no_context_takeover", "server_max_window_bits": // nothing is sent compressed; a window may be smaller
		default:
			return nil, fmt.Errorf("%w: extension %.100q was not offered", ErrProtocol, chosen)
		}
	}
	return i, nil
}

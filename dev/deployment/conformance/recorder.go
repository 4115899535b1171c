package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/coder/websocket"
)

// line is one frame in a recording.
type line struct {
	From  string          `json:"from"` // client or server
	Frame json.RawMessage `json:"frame"`
}

// recorder is a proxy between sync clients and a deployment, which records every message as a line.
type recorder struct {
	url    string // where clients connect, instead of the deployment
	target string
	server *http.Server
	work   sync.WaitGroup // the server and its sockets

	mu  sync.Mutex
	out *json.Encoder
	err error // the first of writing
}

const maxRecorded = 64 << 20 // bytes of a message

func startRecorder(deploymentURL string, out io.Writer) (*recorder, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &recorder{url: "http://" + listener.Addr().String(), target: deploymentURL, out: json.NewEncoder(out)}
	r.out.SetEscapeHTML(false)
	r.server = &http.Server{Handler: http.HandlerFunc(r.serve)} //nolint:gosec // it serves this process
	r.work.Go(func() { _ = r.server.Serve(listener) })
	return r, nil
}

// Close waits until the clients have ended their sockets.
func (r *recorder) Close() error {
	err := r.server.Close()
	r.work.Wait()
	return errors.Join(err, r.err)
}

func (r *recorder) serve(w http.ResponseWriter, request *http.Request) {
	r.work.Add(1)
	defer r.work.Done()
	header := http.Header{}
	if name := request.Header.Get("Convex-Client"); name != "" {
		header.Set("Convex-Client", name)
	}
	server, _, err := websocket.Dial(request.Context(), r.target+request.URL.Path, &websocket.DialOptions{HTTPHeader: header}) //nolint:bodyclose // the library does
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = server.CloseNow() }()
	client, err := websocket.Accept(w, request, nil)
	if err != nil {
		return
	}
	defer func() { _ = client.CloseNow() }()
	ctx, cancel := context.WithCancel(context.Background()) // the request's own ends with the upgrade
	defer cancel()
	var pumps sync.WaitGroup
	pumps.Go(func() { r.pump(ctx, client, server, "client") })
	pumps.Go(func() { r.pump(ctx, server, client, "server") })
	pumps.Wait()
}

// pump passes messages on until one side closes, and then closes the other.
func (r *recorder) pump(ctx context.Context, from, to *websocket.Conn, sender string) {
	from.SetReadLimit(maxRecorded)
	for {
		kind, message, err := from.Read(ctx)
		if err != nil {
			closeLike(to, err)
			return
		}
		r.record(sender, message)
		if err := to.Write(ctx, kind, message); err != nil {
			_ = from.CloseNow()
			return
		}
	}
}

// closeLike closes a socket with the code and reason of the other side.
func closeLike(c *websocket.Conn, err error) {
	if end, ok := errors.AsType[websocket.CloseError](err); ok {
		_ = c.Close(end.Code, end.Reason)
	}
	_ = c.CloseNow()
}

func (r *recorder) record(sender string, message []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.out.Encode(line{sender, message}); err != nil && r.err == nil {
		r.err = err
	}
}

// readLines reads a recording.
func readLines(text string) ([]line, error) {
	var lines []line
	decoder := json.NewDecoder(strings.NewReader(text))
	for {
		var l line
		switch err := decoder.Decode(&l); {
		case errors.Is(err, io.EOF):
			return lines, nil
		case err != nil:
			return nil, err
		}
		lines = append(lines, l)
	}
}

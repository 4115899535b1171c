package admin

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"convexgateway/auth/lease"
	"convexgateway/convex"
	"convexgateway/server/call"
	"convexgateway/server/live"
)

// Options are what a handler is made of.
type Options struct {
	Streams *live.Streams
	Blocks  *Blocks
	Guard   *Guard
	// Drain has this replica stop as it does on SIGTERM. It does not wait for that.
	Drain    func()
	Exchange lease.Exchange // nil: this is the only replica
	Logger   *slog.Logger
}

// Handler serves the commands. Make it with New. Safe for concurrent use.
type Handler struct {
	Options
	routes  *http.ServeMux
	lists   atomic.Int32   // that are being written
	refused rate.Sometimes // limits the lines about requests that are no operator's
	origins *http.CrossOriginProtection
	stop    func()
}

const (
	maxBody      = 8 << 10 // bytes
	bodyTimeout  = 10 * time.Second
	maxLists     = 4 // at once
	defaultBlock = time.Hour
)

// New returns the handler of the commands, and applies those of other replicas until it is closed.
func New(o Options) *Handler {
	h := &Handler{
		Options: o, routes: http.NewServeMux(), refused: rate.Sometimes{First: 10, Interval: 10 * time.Second},
		origins: http.NewCrossOriginProtection(), stop: func() {},
	}
	h.routes.HandleFunc("GET /admin/v1/streams", h.streams)
	h.routes.HandleFunc("POST /admin/v1/disconnect", h.disconnect)
	h.routes.HandleFunc("GET /admin/v1/blocks", h.blocks)
	h.routes.HandleFunc("POST /admin/v1/block", h.block)
	h.routes.HandleFunc("POST /admin/v1/unblock", h.unblock)
	h.routes.HandleFunc("POST /admin/v1/drain", h.drain)
	if o.Exchange != nil {
		h.stop = o.Exchange.Subscribe(h.receive)
	}
	return h
}

// Close ends what New began.
func (h *Handler) Close() { h.stop() }

// ServeHTTP implements [http.Handler]. Others than operators are answered the same for all routes.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operator := h.Guard.operator(r)
	if operator == "" || h.origins.Check(r) != nil {
		h.refused.Do(func() { h.audit("admin request refused", slog.String("peer", r.RemoteAddr)) })
		w.Header().Set("WWW-Authenticate", "Bearer")
		fail(w, http.StatusUnauthorized, "the admin token, or a client certificate of the admin authority, is missing or wrong")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout)) // a recorder of a test has none
	h.routes.ServeHTTP(w, r)
}

// request is the body of a command.
type request struct {
	Subject string `json:"subject"`
	Session string `json:"session"`
	Path    string `json:"path"`
	For     string `json:"for"` // of a block: 1h
}

// read reads the body of a command; it answers, and returns false, if it is none.
func read(w http.ResponseWriter, r *http.Request) (request, bool) {
	var req request
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(&req)
	if err == nil && d.More() {
		err = errors.New("one JSON object, please")
	}
	if err == nil || errors.Is(err, io.EOF) {
		req.Path, err = canonical(req.Path)
	}
	if err != nil {
		fail(w, http.StatusBadRequest, call.CutText(err.Error(), 256))
		return req, false
	}
	return req, true
}

// canonical returns the canonical form of a path; empty for none.
func canonical(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	p, err := convex.ParsePath(path)
	return p.Canonical(), err
}

func (h *Handler) disconnect(w http.ResponseWriter, r *http.Request) {
	req, ok := read(w, r)
	if !ok {
		return
	}
	h.command(w, r, "disconnect", &lease.Command{Subject: req.Subject, Session: req.Session, Path: req.Path, At: time.Now()})
}

func (h *Handler) block(w http.ResponseWriter, r *http.Request) {
	req, ok := read(w, r)
	if !ok {
		return
	}
	now, length := time.Now(), defaultBlock
	if req.For != "" {
		var err error
		if length, err = time.ParseDuration(req.For); err != nil || length <= 0 || length > lease.MaxBlock {
			fail(w, http.StatusBadRequest, "for: must be a time such as 90s or 2h, 24h at most")
			return
		}
	}
	if req.Subject != "" || req.Session != "" {
		fail(w, http.StatusBadRequest, "a function is blocked for all callers: give its path alone")
		return
	}
	h.command(w, r, "block", &lease.Command{Block: true, Path: req.Path, At: now, Until: now.Add(length)})
}

func (h *Handler) unblock(w http.ResponseWriter, r *http.Request) {
	if req, ok := read(w, r); ok {
		now := time.Now()
		h.command(w, r, "unblock", &lease.Command{Block: true, Path: req.Path, At: now, Until: now})
	}
}

// command applies a command here, passes it on to the other replicas, and answers.
func (h *Handler) command(w http.ResponseWriter, r *http.Request, name string, c *lease.Command) {
	err := c.Check()
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	ended, err := h.apply(c)
	if err != nil {
		fail(w, http.StatusTooManyRequests, err.Error())
		return
	}
	if h.Exchange != nil {
		h.Exchange.Publish(lease.Notice{Command: c})
	}
	h.audit("admin command", append(describe(c), slog.String("command", name), slog.String("operator", h.Guard.operator(r)),
		slog.String("peer", r.RemoteAddr), slog.Int("streams", ended))...)
	reply(w, map[string]any{"streams": ended})
}

// receive applies a command of another replica.
func (h *Handler) receive(n lease.Notice) {
	if n.Command == nil {
		return
	}
	ended, err := h.apply(n.Command)
	attrs := append(describe(n.Command), slog.String("command", "of another replica"), slog.Int("streams", ended))
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	h.audit("admin command", attrs...)
}

// apply applies a command to this replica, and returns how many streams it has asked to end.
func (h *Handler) apply(c *lease.Command) (streams int, err error) {
	f := live.Filter{Subject: c.Subject, Session: c.Session, Path: c.Path, Before: c.At.Add(time.Nanosecond)}
	if !c.Block {
		return h.Streams.Disconnect(f, call.ErrDisconnected), nil
	}
	if err := h.Blocks.apply(c); err != nil || !c.Until.After(time.Now()) {
		return 0, err
	}
	f.Before = time.Time{}
	return h.Streams.Disconnect(f, call.ErrFunctionBlocked), nil
}

func (h *Handler) drain(w http.ResponseWriter, r *http.Request) {
	if _, ok := read(w, r); !ok {
		return
	}
	h.audit("admin command", slog.String("command", "drain"), slog.String("operator", h.Guard.operator(r)), slog.String("peer", r.RemoteAddr))
	reply(w, map[string]any{"draining": true})
	h.Drain()
}

// describe returns what a command is about.
func describe(c *lease.Command) []any {
	attrs := []any{}
	for name, value := range map[string]string{"subject": c.Subject, "session": c.Session, "path": c.Path} {
		if value != "" {
			attrs = append(attrs, slog.String(name, value))
		}
	}
	if c.Block {
		attrs = append(attrs, slog.Time("until", c.Until))
	}
	return attrs
}

// audit writes an audit line.
func (h *Handler) audit(message string, attrs ...any) {
	h.Logger.Info(message, append(attrs, slog.Bool("audit", true))...)
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

func fail(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": text})
}

package sync

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment/call"
)

// Times and sizes of a sync socket: get-convex/convex-backend crates/local_backend/src/subs/mod.rs.
const (
	pingInterval     = 5 * time.Second
	silenceLimit     = 120 * time.Second
	maxClientMessage = 64 << 20
	maxCloseReason   = 123
	closeGrace       = 5 * time.Second // for messages being written when a session ends
)

// maxUnpassed bounds the messages of a paused deployment's client that are read, so that the Pongs between them are, too.
const maxUnpassed = 16

// socket is the WebSocket of one sync client. Its goroutines: a reader, one that passes on what was read, a writer, a pinger, and
// serve, which runs the session.
type socket struct {
	cfg    Config
	count  func(change func(*Counts))
	outer  context.Context // the endpoint's
	client call.ClientVersion
	raw    net.Conn
	ws     *websocket.Conn

	ctx    context.Context // ends with the session; its cause is the reason
	cancel context.CancelCauseFunc

	unpassed  chan received             // from the reader
	in        chan received             // to the session
	out       chan any                  // to the writer
	lastFrame atomic.Pointer[time.Time] // from the client
}

// received is a message from the client, or the error that it amounts to.
type received struct {
	message any
	err     error
}

// closeRequest ends a socket with this close frame. Code 0 is an empty one.
type closeRequest struct {
	code   websocket.StatusCode
	reason string
}

func (c *closeRequest) Error() string { return fmt.Sprintf("close %d %s", c.code, c.reason) }

// errDisconnected is the reason of a session whose connection is closed already.
var errDisconnected = errors.New("sync: the connection is closed")

func newSocket(e *Endpoint, client call.ClientVersion, raw net.Conn) *socket {
	s := &socket{cfg: e.cfg, count: e.count, outer: e.ctx, client: client, raw: raw,
		unpassed: make(chan received, maxUnpassed), in: make(chan received), out: make(chan any)}
	s.ctx, s.cancel = context.WithCancelCause(e.ctx)
	return s
}

// serve runs the session until it ends, and closes the connection.
func (s *socket) serve() {
	s.ws.SetReadLimit(maxClientMessage)
	s.noteFrame()
	s.count(func(c *Counts) { c.Open++; c.Opened++ })
	defer s.count(func(c *Counts) { c.Open-- })

	written := make(chan struct{})
	s.cfg.Spawn(s.read)
	s.cfg.Spawn(s.pass)
	s.cfg.Spawn(s.ping)
	s.cfg.Spawn(func() { defer close(written); s.write() })

	session := newSession(s)
	err := session.run()
	s.cancel(err)
	close(s.out)
	grace := time.AfterFunc(closeGrace, s.cut) // for a client that reads nothing
	<-written
	grace.Stop()
	s.close(err, session.sent.Identity)
}

// close sends the last message and the close frame of err, and closes the connection.
func (s *socket) close(err error, identityVersion uint32) {
	var request *closeRequest
	switch {
	case errors.Is(err, errDisconnected) || s.outer.Err() != nil:
		_ = s.ws.CloseNow()
		return
	case !errors.As(err, &request):
		known := call.AsError(err)
		s.cfg.Logger.Debug("sync socket ends", "code", known.Code)
		if last := lastMessage(known, identityVersion); last != nil {
			s.send(last)
		}
		request = &closeRequest{known.Class.CloseCode(), known.Code}
	}
	if request.code == 0 {
		request = &closeRequest{code: websocket.StatusNoStatusRcvd} // which the library writes as an empty frame
	}
	_ = s.ws.Close(request.code, request.reason[:min(len(request.reason), maxCloseReason)])
}

// end ends the session, with why as the reason.
func (s *socket) end(why error) { s.cancel(why) }

// cut drops the connection and ends the session.
func (s *socket) cut() {
	s.cancel(errDisconnected)
	_ = s.raw.Close()
}

// read reads the client's messages.
func (s *socket) read() {
	defer close(s.unpassed)
	for {
		kind, data, err := s.ws.Read(context.Background())
		if err != nil {
			return
		}
		s.noteFrame()
		s.count(func(c *Counts) { c.Frames++ })
		select {
		case s.unpassed <- decodeFrame(kind, data):
		case <-s.ctx.Done():
			return
		}
	}
}

// pass passes what was read to the session, but for a pause.
func (s *socket) pass() {
	defer close(s.in)
	for message := range s.unpassed {
		s.cfg.Pause.Wait(s.ctx)
		select {
		case s.in <- message:
		case <-s.ctx.Done():
			return
		}
	}
}

func decodeFrame(kind websocket.MessageType, data []byte) received {
	if kind != websocket.MessageText || !utf8.Valid(data) {
		return received{err: call.ErrInternal}
	}
	message, err := decodeClientMessage(data)
	if err != nil {
		err = call.NewBadRequest("WSMessageInvalidJson", "Received Invalid JSON on websocket: "+err.Error())
	}
	return received{message, err}
}

// write sends the session's messages in order.
func (s *socket) write() {
	for message := range s.out {
		s.cfg.Pause.Wait(s.ctx)
		s.send(message)
	}
}

// send is called by the writer, and by serve after the writer has ended. A failed write has no error: the reader then fails, too,
// and ends the session.
func (s *socket) send(message any) {
	t, ok := message.(transition)
	if !ok {
		s.sendWhole(message)
		return
	}
	t.ServerTs = s.cfg.Now().UnixNano()
	text, err := call.Marshal(t)
	switch {
	case err != nil:
	case !s.client.TakesChunks() || len(text) <= maxWhole:
		s.sendText(text)
	default:
		for _, chunk := range chunks(text) {
			s.sendWhole(chunk)
		}
	}
}

func (s *socket) sendWhole(message any) {
	if data, err := call.Marshal(message); err == nil {
		s.sendText(data)
	}
}

func (s *socket) sendText(data []byte) {
	_ = s.ws.Write(context.Background(), websocket.MessageText, data)
}

// ping sends a WebSocket Ping at once and then every pingInterval.
func (s *socket) ping() {
	ticker := time.NewTicker(pingInterval)
	defer ticker.Stop()
	for {
		s.cfg.Pause.Wait(s.ctx)
		ctx, cancel := context.WithTimeout(context.Background(), pingInterval)
		_ = s.ws.Ping(ctx) // waits for the Pong; the session checks the silence
		cancel()
		select {
		case <-ticker.C:
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *socket) onPong(context.Context, []byte) { s.noteFrame() }

// onPing reports whether to answer. A paused deployment never answers, not even later: a Pong has 5 s to be written.
func (s *socket) onPing(context.Context, []byte) bool {
	s.noteFrame()
	return !s.cfg.Pause.Paused()
}

func (s *socket) noteFrame() {
	now := time.Now() // monotonic, unlike Config.Now
	s.lastFrame.Store(&now)
}

func (s *socket) silence() time.Duration { return s.cfg.Pause.Silence(*s.lastFrame.Load()) }

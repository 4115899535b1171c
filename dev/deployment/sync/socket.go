package sync

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment/call"
)

// Times and sizes of a sync socket: get-convex/convex-backend crates/local_backend/src/subs/mod.rs.
const (
	pingInterval     = 5 * time.Second
	silenceLimit     = 120 * time.Second
	maxClientMessage = 64 << 20
	maxCloseReason   = 123
	lastMessageTime  = 5 * time.Second // for what is on its way when a socket ends
)

// socket is the WebSocket of one sync client. Its goroutines: a reader, a writer, a pinger, and serve, which is the owner
// of the session.
type socket struct {
	cfg    Config
	count  func(change func(*Counts))
	outer  context.Context // the endpoint's
	client call.ClientVersion
	raw    net.Conn
	ws     *websocket.Conn

	ctx    context.Context // ends with the session; its cause is why
	cancel context.CancelCauseFunc

	in        chan received
	out       chan any // to the writer
	lastHeard atomic.Pointer[time.Time]
}

// received is a message from the client, or the error that it was.
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

// errClientGone: the connection is closed already.
var errClientGone = errors.New("deployment: the client is gone")

func newSocket(e *Endpoint, client call.ClientVersion, raw net.Conn) *socket {
	s := &socket{cfg: e.cfg, count: e.count, outer: e.ctx, client: client, raw: raw, in: make(chan received), out: make(chan any)}
	s.ctx, s.cancel = context.WithCancelCause(e.ctx)
	return s
}

// serve runs the session until it ends, and closes the connection.
func (s *socket) serve() {
	s.ws.SetReadLimit(maxClientMessage)
	s.heard()
	s.count(func(c *Counts) { c.Open++; c.Opened++ })
	defer s.count(func(c *Counts) { c.Open-- })

	written := make(chan struct{})
	s.cfg.Spawn(s.read)
	s.cfg.Spawn(s.ping)
	s.cfg.Spawn(func() { defer close(written); s.write() })

	session := newSession(s)
	err := session.run()
	s.cancel(err)
	close(s.out)
	patience := time.AfterFunc(lastMessageTime, s.cut) // for a peer that reads nothing
	<-written
	patience.Stop()
	s.close(err, session.sent.Identity)
}

// close says why, as far as that is the client's business, and closes the connection.
func (s *socket) close(err error, identityVersion uint32) {
	var request *closeRequest
	switch {
	case errors.Is(err, errClientGone) || s.outer.Err() != nil:
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

// end asks the owner to end the session.
func (s *socket) end(why error) { s.cancel(why) }

// cut drops the connection and ends the session.
func (s *socket) cut() {
	s.cancel(errClientGone)
	_ = s.raw.Close()
}

// read hands the client's messages to the owner.
func (s *socket) read() {
	defer close(s.in)
	for {
		kind, data, err := s.ws.Read(context.Background())
		if err != nil {
			return
		}
		s.heard()
		s.count(func(c *Counts) { c.Frames++ })
		s.cfg.Pause.Pass(s.ctx)
		select {
		case s.in <- decodeFrame(kind, data):
		case <-s.ctx.Done():
			return
		}
	}
}

func decodeFrame(kind websocket.MessageType, data []byte) received {
	if kind != websocket.MessageText {
		return received{err: call.ErrInternal}
	}
	message, err := decodeClientMessage(data)
	if err != nil {
		err = call.NewBadRequest("WSMessageInvalidJson", "Received Invalid JSON on websocket: "+err.Error())
	}
	return received{message, err}
}

// write sends what the owner hands over, in order.
func (s *socket) write() {
	for message := range s.out {
		s.cfg.Pause.Pass(s.ctx)
		s.send(message)
	}
}

// send is for the writer, and for the owner once the writer is done. After a failed write the reader ends the session.
func (s *socket) send(message any) {
	t, ok := message.(transition)
	if !ok {
		s.sendWhole(message)
		return
	}
	t.ServerTs = s.cfg.Now().UnixNano()
	if !s.client.TakesChunks() || t.size() <= maxWhole {
		s.sendWhole(t)
		return
	}
	if text, err := call.Marshal(t); err == nil {
		for _, chunk := range chunks(text) {
			s.sendWhole(chunk)
		}
	}
}

func (s *socket) sendWhole(message any) {
	if data, err := call.Marshal(message); err == nil {
		_ = s.ws.Write(context.Background(), websocket.MessageText, data)
	}
}

// ping sends a WebSocket Ping at once and then every pingInterval.
func (s *socket) ping() {
	ticker := time.NewTicker(pingInterval)
	defer ticker.Stop()
	for {
		s.cfg.Pause.Pass(s.ctx)
		ctx, cancel := context.WithTimeout(context.Background(), pingInterval)
		_ = s.ws.Ping(ctx) // waits for the Pong; the owner watches for silence
		cancel()
		select {
		case <-ticker.C:
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *socket) onPong(context.Context, []byte) { s.heard() }

// onPing returns whether to answer. A paused deployment never answers, not even later: the library gives a Pong 5 s.
func (s *socket) onPing(context.Context, []byte) bool {
	s.heard()
	return s.cfg.Pause.IsOpen()
}

func (s *socket) heard() {
	now := time.Now() // monotonic: not Config.Now
	s.lastHeard.Store(&now)
}

func (s *socket) silence() time.Duration { return s.cfg.Pause.Silence(*s.lastHeard.Load()) }

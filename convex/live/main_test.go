package live

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/memnet"

	"github.com/coder/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve runs an HTTP server on a network of its own until the test ends.
func serve(t *testing.T, handler http.Handler) *memnet.Listener {
	t.Helper()
	l := memnet.Listen()
	server := &http.Server{Handler: handler}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	return l
}

// peer is a deployment's sync endpoint under a test's control: it does nothing by itself but note what it is sent.
type peer struct {
	t        *testing.T
	listener *memnet.Listener
	sockets  chan *peerSocket  // each one accepted, in order
	refuse   chan int          // HTTP statuses to answer the coming requests with, instead of a socket
	serve    func(*peerSocket) // reads the socket; notes messages unless set
}

type peerSocket struct {
	t        *testing.T
	header   http.Header
	ws       *websocket.Conn
	messages chan clientMessage
	closed   chan struct{} // closed when the client has gone

	version  version // of the last transition sent
	received version // of the last messages taken with next
}

// clientMessage is any message of a client.
type clientMessage struct {
	Type                 string
	SessionID            string
	ConnectionCount      int
	LastCloseReason      string
	MaxObservedTimestamp *timestamp
	ClientTS             int64
	BaseVersion          uint32
	NewVersion           uint32
	TokenType            string
	Value                string
	Modifications        []struct {
		Type    string
		QueryID uint32
		UDFPath string
		Args    []json.RawMessage
		Journal *string
	}
	RequestID uint32
	UDFPath   string
	Args      []json.RawMessage

	size int
}

// calls tells a message's queries: +path(args) or -id; or the request: #id path(args).
func (m clientMessage) calls() string {
	var list []string
	if m.UDFPath != "" {
		list = append(list, fmt.Sprintf("#%d %s%s", m.RequestID, m.UDFPath, m.Args[0]))
	}
	for _, mod := range m.Modifications {
		if mod.Type == "Remove" {
			list = append(list, fmt.Sprintf("-%d", mod.QueryID))
		} else {
			list = append(list, fmt.Sprintf("+%d %s%s", mod.QueryID, mod.UDFPath, mod.Args[0]))
		}
	}
	return strings.Join(list, " ")
}

func newPeer(t *testing.T) *peer {
	t.Helper()
	p := &peer{t: t, sockets: make(chan *peerSocket, 10_000), refuse: make(chan int, 100)}
	p.listener = serve(t, p)
	return p
}

func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case status := <-p.refuse:
		w.WriteHeader(status)
		return
	default:
	}
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer ws.CloseNow()
	ws.SetReadLimit(-1)
	s := &peerSocket{t: p.t, header: r.Header, ws: ws, messages: make(chan clientMessage, 10_000), closed: make(chan struct{})}
	defer close(s.closed)
	p.sockets <- s
	if p.serve != nil {
		p.serve(s)
		return
	}
	for {
		m, err := s.read()
		if err != nil {
			return
		}
		s.messages <- m
	}
}

func (s *peerSocket) read() (m clientMessage, err error) {
	_, text, err := s.ws.Read(context.Background())
	if err != nil {
		return m, err
	}
	m.size = len(text)
	return m, json.Unmarshal(text, &m)
}

// httpClient reaches the peer and nobody else.
func (p *peer) httpClient() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: p.listener.Dial, DisableKeepAlives: true}}
}

// client makes a sync client of the peer without jitter, closed when the test ends.
func (p *peer) client(opts Options) *Client {
	p.t.Helper()
	opts.HTTPClient = p.httpClient()
	if opts.random == nil {
		opts.random = func() float64 { return 0.5 }
	}
	c, err := New("http://deployment.test", opts)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { c.Close() })
	return c
}

// longest is how much of a bubble's time a test waits for something that must come.
const longest = 5 * time.Minute

// socket is the next socket that a client opens.
func (p *peer) socket() *peerSocket {
	p.t.Helper()
	select {
	case s := <-p.sockets:
		return s
	case <-time.After(longest):
		p.t.Fatal("no socket came")
		return nil
	}
}

// noSocket checks that none is opened for as long as d.
func (p *peer) noSocket(d time.Duration) {
	p.t.Helper()
	select {
	case <-p.sockets:
		p.t.Fatal("a socket was opened")
	case <-time.After(d):
	}
}

// next is the next message, which must be of the given kind.
func (s *peerSocket) next(kind string) clientMessage {
	s.t.Helper()
	select {
	case m := <-s.messages:
		if m.Type != kind {
			s.t.Fatalf("got %+v; want a %s", m, kind)
		}
		switch m.Type {
		case "Authenticate":
			if m.BaseVersion != s.received.Identity || m.TokenType != "User" {
				s.t.Errorf("%+v after identity %d", m, s.received.Identity)
			}
			s.received.Identity++
		case "ModifyQuerySet":
			if m.BaseVersion != s.received.QuerySet || m.NewVersion <= m.BaseVersion {
				s.t.Errorf("%+v after query set %d", m, s.received.QuerySet)
			}
			s.received.QuerySet = m.NewVersion
		}
		return m
	case <-time.After(longest):
		s.t.Fatalf("no %s came", kind)
		return clientMessage{}
	}
}

// quiet checks that the client has sent nothing that was not taken.
func (s *peerSocket) quiet() {
	s.t.Helper()
	synctest.Wait()
	select {
	case m := <-s.messages:
		s.t.Fatalf("unexpected %+v", m)
	default:
	}
}

// greeting is what a client starts a socket with.
type greeting struct {
	connect clientMessage
	token   string // empty if it did not authenticate
	set     clientMessage
}

func (s *peerSocket) greeting(authenticates bool) (g greeting) {
	s.t.Helper()
	g.connect = s.next("Connect")
	if authenticates {
		g.token = s.next("Authenticate").Value
	}
	g.set = s.next("ModifyQuerySet")
	return g
}

// send sends a message; args are formatted in as JSON text.
func (s *peerSocket) send(format string, args ...any) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	text := []byte(format)
	if len(args) > 0 {
		text = fmt.Appendf(nil, format, args...)
	}
	if err := s.ws.Write(ctx, websocket.MessageText, text); err != nil {
		s.t.Errorf("the client does not take a message: %v", err)
	}
}

// respond answers a mutation with success, committed at a time.
func (s *peerSocket) respond(id uint32, value string, committed timestamp) {
	s.t.Helper()
	s.send(`{"type":"MutationResponse","requestId":%d,"success":true,"result":%s,"ts":"%s","logLines":["[LOG] 'x'"]}`, id, value, ts(uint64(committed)))
}

func versionJSON(v version) string {
	return fmt.Sprintf(`{"querySet":%d,"identity":%d,"ts":"%s"}`, v.QuerySet, v.Identity, ts(uint64(v.TS)))
}

// answer sends a transition that covers all messages taken so far.
func (s *peerSocket) answer(time timestamp, modifications ...string) {
	s.t.Helper()
	end := version{s.received.QuerySet, s.received.Identity, time}
	s.send("%s", transitionJSON(s.version, end, modifications...))
	s.version = end
}

func transitionJSON(start, end version, modifications ...string) string {
	return fmt.Sprintf(`{"type":"Transition","startVersion":%s,"endVersion":%s,"modifications":[%s],"clientClockSkew":0,"serverTs":1}`,
		versionJSON(start), versionJSON(end), strings.Join(modifications, ","))
}

func updatedJSON(id queryID, value string) string {
	return fmt.Sprintf(`{"type":"QueryUpdated","queryId":%d,"value":%s,"logLines":[],"journal":null}`, id, value)
}

func failedJSON(id queryID, message string) string {
	return fmt.Sprintf(`{"type":"QueryFailed","queryId":%d,"errorMessage":%q,"logLines":[],"journal":null}`, id, message)
}

// cut ends the connection without a close frame.
func (s *peerSocket) cut() { _ = s.ws.CloseNow() }

// end closes the socket with a code and a reason.
func (s *peerSocket) end(code int, reason string) { _ = s.ws.Close(websocket.StatusCode(code), reason) }

// gone waits until the client has ended the socket.
func (s *peerSocket) gone() {
	s.t.Helper()
	select {
	case <-s.closed:
	case <-time.After(longest):
		s.t.Fatal("the client keeps the socket")
	}
}

// credential is one of a named caller; n tells its tokens apart.
func credential(name string, n int, lifetime time.Duration) convex.Credential {
	return convex.Credential{
		Identity: sha256.Sum256([]byte(name)), Token: fmt.Sprintf("%s#%d", name, n),
		Issued: time.Now(), Expires: time.Now().Add(lifetime),
	}
}

// subscribe follows a query, or with an empty path only the session.
func subscribe(t *testing.T, c *Client, who convex.Credential, path string) *Subscription {
	t.Helper()
	return subscribeWith(t, c, who, path, `{}`, SubscribeOptions{})
}

func subscribeWith(t *testing.T, c *Client, who convex.Credential, path, args string, opts SubscribeOptions) *Subscription {
	t.Helper()
	var p convex.Path
	if path != "" {
		p = mustPath(t, path)
	}
	sub, err := c.Subscribe(who, p, []byte(args), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sub.Close)
	return sub
}

// text tells a state in one line: link, whether confirmed, and the result.
func (s State) text() string {
	text := s.Link.String()
	if s.Confirmed {
		text += " confirmed"
	}
	switch {
	case s.Err != nil:
		text = "ended: " + s.Err.Error()
	case s.Result == nil:
	case s.Result.Err != nil:
		text += " threw " + s.Result.Err.Message
	default:
		text += " " + string(s.Result.Value)
	}
	return text
}

// has checks a subscriber's state once everything has settled.
func (sub *Subscription) has(t *testing.T, want string) State {
	t.Helper()
	synctest.Wait()
	state := sub.State()
	if state.text() != want {
		t.Errorf("state is %q; want %q", state.text(), want)
	}
	return state
}

// told checks that a subscriber was told something since it was last asked, and what.
func (sub *Subscription) told(t *testing.T, want string) {
	t.Helper()
	synctest.Wait()
	select {
	case <-sub.Ready():
	default:
		t.Errorf("nothing was told; want %q", want)
	}
	sub.has(t, want)
}

// notTold checks that nothing was.
func (sub *Subscription) notTold(t *testing.T) {
	t.Helper()
	synctest.Wait()
	select {
	case <-sub.Ready():
		t.Errorf("told of %q", sub.State().text())
	default:
	}
}

// bubble runs a subtest with time of its own.
func bubble(t *testing.T, name string, f func(*testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

package syncfake

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

// Socket is one connection of a client. Send, Cut and End may be called by any goroutine, the rest by one at a time.
type Socket struct {
	Header   http.Header // of the request that opened it
	Conn     *websocket.Conn
	Messages chan Message // that were received and not taken with Next; empty where the endpoint has a Serve

	Version  Version // of the last transition that Answer sent
	Received Version // of the newest query set and token that were taken; TS is not used

	t      testing.TB
	closed chan struct{} // closed when the client's end has closed
}

// keep receives until the socket ends.
func (s *Socket) keep() {
	for {
		m, err := s.Read()
		if err != nil {
			return
		}
		s.Messages <- m
	}
}

// Read waits for a message: for an Endpoint.Serve.
func (s *Socket) Read() (m Message, err error) {
	_, text, err := s.Conn.Read(context.Background())
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(text, &m)
}

// Take counts a message in Received. It fails if the versions are not those of the protocol.
func (s *Socket) Take(m Message) error {
	switch base := s.Received; m.Type {
	case "Authenticate":
		s.Received.Identity++
		if m.BaseVersion != base.Identity || m.TokenType != "User" {
			return fmt.Errorf("%+v after identity %d", m, base.Identity)
		}
	case "ModifyQuerySet":
		s.Received.QuerySet = m.NewVersion
		if m.BaseVersion != base.QuerySet || m.NewVersion != m.BaseVersion+1 {
			return fmt.Errorf("%+v after query set %d", m, base.QuerySet)
		}
	}
	return nil
}

// Next waits for the next message and takes it. It must be of the given type.
func (s *Socket) Next(messageType string) Message {
	s.t.Helper()
	late := time.NewTimer(Timeout)
	defer late.Stop()
	select {
	case m := <-s.Messages:
		if m.Type != messageType {
			s.t.Fatalf("got %+v; want a %s", m, messageType)
		}
		if err := s.Take(m); err != nil {
			s.t.Error(err)
		}
		return m
	case <-late.C:
		s.t.Fatalf("no %s came", messageType)
		return Message{}
	}
}

// Quiet fails the test if the client has sent anything that was not taken. It needs a bubble.
func (s *Socket) Quiet() {
	s.t.Helper()
	synctest.Wait()
	select {
	case m := <-s.Messages:
		s.t.Fatalf("unexpected %+v", m)
	default:
	}
}

// Greeting is what a client starts a socket with.
type Greeting struct {
	Connect Message
	Token   string // empty if it has none
	Set     Message
}

// Greeting takes the greeting of a client, with a token or without.
func (s *Socket) Greeting(authenticates bool) (g Greeting) {
	s.t.Helper()
	g.Connect = s.Next("Connect")
	if authenticates {
		g.Token = s.Next("Authenticate").Value
	}
	g.Set = s.Next("ModifyQuerySet")
	return g
}

// Send sends a message; args are formatted in as JSON text.
func (s *Socket) Send(format string, args ...any) {
	s.t.Helper()
	text := []byte(format)
	if len(args) > 0 {
		text = fmt.Appendf(nil, format, args...)
	}
	if err := s.write(text); err != nil {
		s.t.Errorf("the client does not take a message: %v", err)
	}
}

func (s *Socket) write(text []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), Timeout)
	defer cancel()
	return s.Conn.Write(ctx, websocket.MessageText, text)
}

// Answer sends a transition that covers all messages taken so far.
func (s *Socket) Answer(at Timestamp, modifications ...string) {
	s.t.Helper()
	if err := s.TryAnswer(at, modifications...); err != nil {
		s.t.Errorf("the client does not take a transition: %v", err)
	}
}

// TryAnswer is Answer for a client that may have gone.
func (s *Socket) TryAnswer(at Timestamp, modifications ...string) error {
	end := Version{s.Received.QuerySet, s.Received.Identity, at}
	err := s.write([]byte(Transition(s.Version, end, modifications...)))
	s.Version = end
	return err
}

// Respond answers a mutation with success.
func (s *Socket) Respond(request uint32, value string, committed Timestamp) {
	s.t.Helper()
	s.Send("%s", Committed(request, value, committed))
}

// Cut ends the connection without a close frame.
func (s *Socket) Cut() { _ = s.Conn.CloseNow() }

// End closes the socket with a code and a reason.
func (s *Socket) End(code int, reason string) { _ = s.Conn.Close(websocket.StatusCode(code), reason) }

// Gone waits until the client has ended the socket.
func (s *Socket) Gone() {
	s.t.Helper()
	late := time.NewTimer(Timeout)
	defer late.Stop()
	select {
	case <-s.closed:
	case <-late.C:
		s.t.Fatal("the client keeps the socket")
	}
}

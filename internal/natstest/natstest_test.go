package natstest

import (
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

func TestStart(t *testing.T) {
	t.Parallel()
	s := Start(t, &server.User{Username: "u", Password: "p"})
	if _, err := nats.Connect(s.ClientURL()); err == nil {
		t.Error("a client without credentials is accepted")
	}
	conn, err := nats.Connect(s.ClientURL(), nats.UserInfo("u", "p"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if n := s.NumSubscriptions(); n != 0 {
		t.Errorf("%d subscriptions before any was made", n)
	}
}

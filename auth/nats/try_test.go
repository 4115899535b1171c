package nats

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
)

// A try uses the subjects that notices use, and no replica is disturbed by it.
func TestTry(t *testing.T) {
	url, _ := startNATS(t, server.Options{})
	a := join(t, Config{URL: url, Keys: [][]byte{key}})
	a.until("connected to NATS")
	trial, err := Try(t.Context(), Config{URL: url, Keys: [][]byte{key}})
	if err != nil || !strings.HasSuffix(url, trial.Server) || trial.Took <= 0 {
		t.Errorf("%+v, %v", trial, err)
	}
	b := join(t, Config{URL: url, Keys: [][]byte{key}})
	b.Publish(revocation)
	a.receives(revocation)
	if strings.Contains(a.logs.String(), "ignored") {
		t.Errorf("log:\n%s", a.logs)
	}
}

func TestTryFails(t *testing.T) {
	permitted := func(publish, subscribe string) server.Options {
		return server.Options{Users: []*server.User{{Username: "u", Password: "pass-word", Permissions: &server.Permissions{
			Publish: &server.SubjectPermission{Allow: []string{publish}}, Subscribe: &server.SubjectPermission{Allow: []string{subscribe}},
		}}}}
	}
	for name, c := range map[string]struct {
		options server.Options
		user    string
		want    error // nil: none
	}{
		"user, all it needs":     {permitted("convexgateway.*", "convexgateway.*"), "u:pass-word@", nil},
		"wrong password":         {permitted(">", ">"), "u:wrong-word@", ErrCredentials},
		"no user":                {permitted(">", ">"), "", ErrCredentials},
		"token":                  {server.Options{Authorization: "pass-word"}, "pass-word@", nil},
		"wrong token":            {server.Options{Authorization: "pass-word"}, "wrong-word@", ErrCredentials},
		"may not publish":        {permitted("other.*", "convexgateway.*"), "u:pass-word@", ErrPermission},
		"may not subscribe":      {permitted("convexgateway.*", "other.*"), "u:pass-word@", ErrPermission},
		"may use the first only": {permitted("convexgateway.all", "convexgateway.all"), "u:pass-word@", ErrPermission},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := startNATS(t, c.options)
			_, err := Try(t.Context(), Config{URL: strings.Replace(url, "//", "//"+c.user, 1)})
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "-word") {
				t.Errorf("a secret in %v", err)
			}
		})
	}
	for url, want := range map[string]string{"nats://127.0.0.1:1": "no servers", "http://x": "--nats-url"} {
		if _, err := Try(t.Context(), Config{URL: url}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// With a server that delivers nothing, Try ends with its context.
func TestTryWithoutEcho(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = conn.Write([]byte("INFO {\"max_payload\":1048576}\r\n"))
		for buffer, sent := make([]byte, 4<<10), ""; err == nil; {
			var n int
			n, err = conn.Read(buffer)
			before := sent
			sent += string(buffer[:n])
			if strings.Contains(sent, "PING") && !strings.Contains(before, "PING") {
				_, _ = conn.Write([]byte("PONG\r\n"))
			}
			if strings.Contains(sent, "PUB") {
				cancel()
			}
		}
	}()
	if _, err := Try(ctx, Config{URL: "nats://" + listener.Addr().String()}); !errors.Is(err, ErrNoEcho) {
		t.Errorf("error %v", err)
	}
}

// A token may be the whole user part of the URL.
func TestTokensAreNotLogged(t *testing.T) {
	url, _ := startNATS(t, server.Options{Authorization: "pass-word"})
	a := join(t, Config{URL: strings.Replace(url, "//", "//pass-word@", 1)})
	a.until("connected to NATS")
	if strings.Contains(a.logs.String(), "pass-word") {
		t.Errorf("the token is in the log:\n%s", a.logs)
	}
}

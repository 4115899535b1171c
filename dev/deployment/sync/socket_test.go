package sync_test

import (
	"bufio"
	"encoding/binary"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
	devsync "convexgateway/dev/deployment/sync"
)

func TestSync_heartbeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, via := devtest.StartInMemory(t, deployment.Config{})
		start := time.Now()
		c := devtest.DialVia(t, d, via, nil)
		c.Add(0, 0, "users:me", `{}`)
		c.UntilQuerySet(1)
		for n := 1; n <= 20; n++ { // the client answers WebSocket Pings while it reads
			c.Expect("Ping")
			if got := time.Since(start); got != time.Duration(n)*devsync.HeartbeatInterval {
				t.Fatalf("Ping %d after %v", n, got)
			}
		}
	})
}

// rawSync upgrades without a WebSocket library, to read all frames and to answer none.
func rawSync(t *testing.T, d *deployment.Deployment, via *http.Client) *bufio.Reader {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, d.URL()+"/api/sync", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} {
		request.Header.Set(name, value)
	}
	response, err := via.Do(request)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(response, err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return bufio.NewReader(response.Body)
}

// frame reads one small unmasked frame.
func frame(r *bufio.Reader) (opcode byte, payload string, err error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, "", err
	}
	body := make([]byte, head[1])
	_, err = io.ReadFull(r, body)
	return head[0] & 0xf, string(body), err
}

func TestSync_silentClientIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, via := devtest.StartInMemory(t, deployment.Config{})
		start := time.Now()
		r := rawSync(t, d, via)
		var pings []time.Duration
		for {
			opcode, payload, err := frame(r)
			if err != nil {
				t.Fatal(err)
			}
			if opcode == 9 {
				pings = append(pings, time.Since(start))
			}
			if opcode == 8 {
				if code := binary.BigEndian.Uint16([]byte(payload)); code != 1000 || payload[2:] != "ClientDisconnected" {
					t.Errorf("close %d %s", code, payload[2:])
				}
				break
			}
		}
		if got := time.Since(start); got <= devsync.SilenceLimit || got > devsync.SilenceLimit+devsync.PingInterval {
			t.Errorf("dropped after %v", got)
		}
		for i, at := range pings {
			if at != time.Duration(i)*devsync.PingInterval {
				t.Fatalf("Pings at %v", pings)
			}
		}
	})
}

func TestSync_slowReaderSkipsStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, via := devtest.StartInMemory(t, deployment.Config{})
		c := devtest.DialVia(t, d, via, nil)
		c.Add(0, 0, "counter:get", `{"name":"n"}`)
		c.UntilQuerySet(1)
		for range 50 {
			devtest.AddOne(t, d, via)
			synctest.Wait() // the client reads nothing meanwhile
		}
		transitions := 0
		c.Until(func() bool { transitions++; return c.Results[0] == "50" })
		// One being written, two waiting, and the last state, computed after those.
		if got := transitions - 1; got > 1+devsync.MaxUnsentTransitions+1 {
			t.Errorf("%d transitions for a client that did not read", got)
		}
		if runs := d.Stats().QueryRuns["counter:get"]; runs > 5 {
			t.Errorf("%d executions for a client that did not read", runs)
		}
	})
}

func TestSync_cutAndCloseSockets(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	c := devtest.Dial(t, d)
	c.Add(0, 0, "users:me", `{}`)
	c.UntilQuerySet(1)
	d.CloseSockets(4040, strings.Repeat("x", 200))
	c.ExpectClose(4040, strings.Repeat("x", devsync.MaxCloseReason))

	c = devtest.Dial(t, d)
	c.Add(0, 0, "users:me", `{}`)
	c.UntilQuerySet(1)
	if s := d.Stats(); s.SocketsOpened != 2 || s.Frames != 2 {
		t.Errorf("%+v", s)
	}
	d.CutSockets()
	ctx, cancel := devtest.Context()
	defer cancel()
	if _, _, err := c.Socket.Read(ctx); err == nil || websocket.CloseStatus(err) != -1 {
		t.Errorf("after the cut: %v", err)
	}
}

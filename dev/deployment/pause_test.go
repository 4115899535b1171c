package deployment

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

func TestPause_everythingWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, via := startPiped(t, Config{})
		c := dialVia(t, d, via, nil)
		c.connect(sessionA)
		c.add(0, 0, "counter:get", `{"name":"n"}`)
		c.untilQuerySet(1)
		start := time.Now()
		d.Pause()
		d.Pause() // is no other state
		answered := make(chan time.Duration)
		go func() {
			addOne(t, d, via)
			answered <- time.Since(start)
		}()
		c.mutate(0, "counter:add", `{"name":"n"}`)
		const paused = 200 * time.Second // longer than a silent peer is borne
		go func() {
			letPass(paused)
			if ran := d.Stats().QueryRuns["counter:get"]; ran != 1 {
				t.Errorf("counter:get ran %d times", ran)
			}
			d.Resume()
			d.Resume()
		}()
		for m := c.next(); m.Type != "MutationResponse"; m = c.next() {
			if took := time.Since(start); took < paused {
				t.Fatalf("%s after %v", m.Type, took)
			}
		}
		if took := <-answered; took != paused {
			t.Errorf("the HTTP call took %v", took)
		}
		c.until(func() bool { return c.results[0] == "2" })
	})
}

func TestPause_cutAndClose(t *testing.T) {
	d := startTest(t, Config{})
	waiting := dialSync(t, d)
	waiting.connect(sessionA)
	d.Pause()
	waiting.mutate(0, "counter:add", `{"name":"n"}`)
	d.CutSockets()
	ctx, cancel := testContext()
	defer cancel()
	if _, _, err := waiting.ws.Read(ctx); err == nil || websocket.CloseStatus(err) != -1 {
		t.Errorf("after the cut: %v", err)
	}
	answered := make(chan error, 1)
	go func() {
		response, err := testClient.Get(d.URL() + "/version")
		if err == nil {
			response.Body.Close()
		}
		answered <- err
	}()
	if got := do(t, "POST", d.URL()+"/dev/token", `{"user":"ada"}`); got.status != 200 {
		t.Errorf("/dev/ waits too: %d", got.status)
	}
	d.Close() // must not wait for what waits
	if err := <-answered; err == nil {
		t.Error("a closed deployment answered what it had held back")
	}
}

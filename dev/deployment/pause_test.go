package deployment_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/internal/wait"
)

func TestPause_everythingWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, via := devtest.StartInMemory(t, deployment.Config{})
		c := devtest.DialVia(t, d, via, nil)
		c.Connect(devtest.SessionID)
		c.Add(0, 0, "counter:get", `{"name":"n"}`)
		c.UntilQuerySet(1)
		start := time.Now()
		d.Pause()
		d.Pause() // has no further effect
		answered := make(chan time.Duration, 1)
		go func() {
			devtest.AddOne(t, d, via)
			answered <- time.Since(start)
		}()
		c.Mutate(0, "counter:add", `{"name":"n"}`)
		const paused = 200 * time.Second // longer than the limit for silence
		go func() {
			wait.For(t.Context(), paused)
			if ran := d.Stats().QueryRuns["counter:get"]; ran != 1 {
				t.Errorf("counter:get ran %d times", ran)
			}
			d.Resume()
			d.Resume()
		}()
		for m := c.Next(); m.Type != "MutationResponse"; m = c.Next() {
			if took := time.Since(start); took < paused {
				t.Fatalf("%s after %v", m.Type, took)
			}
		}
		if took := <-answered; took < paused || took > paused+time.Second { // it may lose the race with the other mutation and be repeated
			t.Errorf("the HTTP call took %v", took)
		}
		c.Until(func() bool { return c.Results[0] == "2" })
	})
}

func TestPause_cutAndClose(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	waiting := devtest.Dial(t, d)
	waiting.Connect(devtest.SessionID)
	d.Pause()
	waiting.Mutate(0, "counter:add", `{"name":"n"}`)
	d.CutSockets()
	ctx, cancel := devtest.Context()
	defer cancel()
	if _, _, err := waiting.Socket.Read(ctx); err == nil || websocket.CloseStatus(err) != -1 {
		t.Errorf("after the cut: %v", err)
	}
	answered := make(chan error, 1)
	go func() {
		response, err := devtest.Client.Get(d.URL() + "/version")
		if err == nil {
			response.Body.Close()
		}
		answered <- err
	}()
	if got := devtest.Do(t, "POST", d.URL()+"/dev/token", `{"user":"ada"}`); got.Status != 200 {
		t.Errorf("/dev/ is paused, too: %d", got.Status)
	}
	d.Close() // does not wait for paused requests
	if err := <-answered; err == nil {
		t.Error("a closed deployment answered a paused request")
	}
}

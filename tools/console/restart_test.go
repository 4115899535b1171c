package console

import (
	"fmt"
	"testing"
)

// TestRestart: the gateway is killed and started again. The page reconnects and resumes; no update is shown twice, and a missed
// one is shown.
func TestRestart(t *testing.T) {
	d := startDev(t)
	s := startServe(t, d)
	p := visit(t, s.url)
	p.signInWith(d.token(t, "ada", "10m"))
	p.call("subscribe", "messages:list", `{}`)
	p.shows(".live .value", "[]")
	d.send(t, "before the restart")
	p.shows(".live .value", "before the restart")
	if n := p.updates(); n != 2 {
		t.Fatalf("%d updates", n)
	}

	s.kill()
	p.shows(".live .status", "Connection lost")
	p.shows("#link", "Reconnecting")
	p.shows(".live .value", "before the restart") // still there to be read
	s.again(t)
	p.shows(".live .status", "Live")
	p.shows(".live .caption", "resumed, unchanged")
	p.until(`document.body.dataset.auth === "signed-in"`)
	if n := p.updates(); n != 2 {
		t.Errorf("%d updates after the restart", n)
	}

	s.kill()
	d.send(t, "during the restart")
	s.again(t)
	p.shows(".live .added", "")
	p.shows(".live .value", "during the restart")
	d.send(t, "after the restart")
	p.shows(".live .value", "after the restart")
	if n := p.updates(); n != 4 {
		t.Errorf("%d updates in the end", n)
	}
	rows := eval[int](p, `document.querySelector(".live .value").textContent.match(/"body"/g).length`)
	if rows != 3 {
		t.Errorf("%d rows", rows)
	}
	if len(p.refused()) == 0 {
		t.Error("the connection was never lost")
	}
}

// TestDevRestart: a restarted dev has another issuer's key; the page signs in again by itself.
func TestDevRestart(t *testing.T) {
	deployment, grpc, rest := freeAddr(t), freeAddr(t), freeAddr(t)
	args := []string{"dev", "--deployment-addr", deployment, "--grpc-addr", grpc, "--http-addr", rest}
	before := start(t, "Stop with Ctrl-C", args...)
	p := visit(t, "http://"+rest)
	p.signInAs("ada")
	p.call("subscribe", "users:me", `{}`)
	p.shows(".live .value", `"subject": "user_ada"`)
	before.kill()
	p.shows("#link", "Reconnecting")
	start(t, "Stop with Ctrl-C", args...)
	p.shows("#link", "Connected")
	p.until(`document.body.dataset.auth === "signed-in"`)
	p.shows(".live .status", "Live")
	p.shows(".live .value", `"subject": "user_ada"`)
	p.refused()
}

// TestEventSource: the browser's EventSource, anonymous, resumes after a restart by itself.
func TestEventSource(t *testing.T) {
	d := startDev(t)
	s := startServe(t, d)
	d.send(t, "one")
	p := visit(t, s.url)
	p.run(`{
		window.events = [];
		const source = new EventSource("/v1/subscribe?path=messages:list");
		for (const type of ["open", "error", "value", "unchanged", "connection", "status"]) {
			source.addEventListener(type, (e) => events.push({type, id: e.lastEventId, data: e.data ? JSON.parse(e.data) : null}));
		}
	}`)
	resumesUnchanged(t, d, s, p)
}

// TestFetchStream: a stream over fetch, with a token, that sends Last-Event-ID itself.
func TestFetchStream(t *testing.T) {
	d := startDev(t)
	s := startServe(t, d)
	d.send(t, "one")
	p := visit(t, s.url)
	p.run(fmt.Sprintf(`(async () => {
		window.events = [];
		const { follow } = await import("/console/gateway.js");
		const request = () => ({ url: "/v1/subscribe?path=messages:list", token: %q });
		for await (const event of follow(request, new AbortController().signal)) events.push(event);
	})()`, d.token(t, "ada", "10m")))
	resumesUnchanged(t, d, s, p)
}

// resumesUnchanged restarts the gateway while the page adds a stream's events to window.events: the first value comes once, the
// reconnected stream begins with `unchanged`, and then continues.
func resumesUnchanged(t *testing.T, d *dev, s *serving, p *page) {
	t.Helper()
	p.until(`events.some((e) => e.type === "value")`)
	s.kill()
	p.until(`events.some((e) => e.type === "error" || e.type === "lost")`)
	s.again(t)
	p.until(`events.some((e) => e.type === "unchanged")`)
	d.send(t, "two")
	p.until(`events.filter((e) => e.type === "value").length >= 2`)
	values := eval[[]int](p, `events.filter((e) => e.type === "value").map((e) => e.data.value.length)`)
	if fmt.Sprint(values) != "[1 2]" {
		t.Errorf("values with %v rows came, want 1 and 2", values)
	}
	order := eval[[]string](p, `events.map((e) => e.type).filter((type) => type === "value" || type === "unchanged")`)
	if fmt.Sprint(order) != "[value unchanged value]" {
		t.Errorf("came: %v", order)
	}
	if !eval[bool](p, `events.filter((e) => e.type === "value" || e.type === "unchanged").every((e) => e.id)`) {
		t.Error("an event has no id")
	}
	p.refused()
}

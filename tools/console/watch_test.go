package console

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// observe compares two queries of the set over the same rows each time that the page has changed, and adds what differs to window.apart.
// The queries are the second and the third of the set, with one row each.
const observe = `{
	window.apart = [];
	window.shown = new Set();
	const body = (n) => Array.from(document.querySelectorAll(".watched:nth-child(" + n + ") .line:not(.removed)"), (e) => e.textContent)
		.join("").match(/"body": "([^"]{0,40})/)?.[1];
	new MutationObserver(() => {
		if (body(2) !== body(3)) apart.push([body(2), body(3)]);
		shown.add(body(2));
	}).observe(document.querySelector(".set ul"), {childList: true, subtree: true, characterData: true});
}`

// watchRows follows three queries over the same rows: the newest twenty, and twice the newest one.
func (p *page) watchRows() {
	p.t.Helper()
	for i, args := range []string{`{"limit": 20}`, `{"limit": 1}`, `{"channel": "general", "limit": 1}`} {
		p.call("watch", "messages:list", args)
		p.shows(fmt.Sprintf(".watched:nth-child(%d) .caption", i+1), "first value")
	}
	p.until(`document.querySelector(".set").dataset.state === "live"`)
}

// TestWatch: the queries of a set are on one stream, and what is shown of them never differs. The time of the results is shown.
func TestWatch(t *testing.T) {
	d := startDev(t)
	d.send(t, "before")
	p := visit(t, d.url)
	p.watchRows()
	p.shows("#snippet", `/v1/watch`)
	p.shows("#snippet", `{"target":3,"path":"messages:list","args":{"channel":"general","limit":1}}`)
	p.untilOpen(2) // that of AuthState and one of the set
	p.run(observe)
	before := eval[string](p, `document.querySelector(".set > .caption").title`)
	for n := range 30 {
		d.send(t, fmt.Sprintf("row %d", n))
		if n%10 == 9 {
			p.shows(".watched:nth-child(3) .value", fmt.Sprintf("row %d", n))
		}
	}
	p.until(`document.querySelector(".watched .value").textContent.includes("row 29") && document.querySelector(".watched .added")`)
	if apart := eval[[][]string](p, `apart`); len(apart) > 0 {
		t.Errorf("results that differ were shown: %v", apart)
	}
	if n := eval[int](p, `shown.size`); n < 3 {
		t.Errorf("%d results were compared", n)
	}
	p.shows(".set > .caption", "3 queries")
	p.until(`/^As of [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}  /.test(document.querySelector(".set > .caption").textContent)`)
	if after := eval[string](p, `document.querySelector(".set > .caption").title`); after <= before {
		t.Errorf("the results are of %s, and were of %s", after, before)
	}

	p.call("watch", "counter:get", `{"name": "clicks"}`)
	p.shows(".watched:nth-child(4) .value", "0")
	if updates := p.everyUpdate(); !strings.HasSuffix(updates, ",1") {
		t.Errorf("updates %s", updates)
	}
	p.call("mutate", "counter:add", `{"name": "clicks"}`)
	p.shows(".watched:nth-child(4) .changed", "1")
	if marks := eval[int](p, `document.querySelectorAll(".watched .added").length`); marks != 0 {
		t.Errorf("%d lines are marked that this state has not changed", marks)
	}
}

// TestWatchInParts: a state that the gateway sends in several parts is shown at once. Two rows of 0.9 MB are 4.5 MB in the three results.
func TestWatchInParts(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.watchRows()
	p.run(observe)
	p.run(`{
		window.parts = 0;
		const real = JSON.parse;
		JSON.parse = (text) => {
			const value = real(text);
			if (value?.more) parts++;
			return value;
		};
	}`)
	for n := range 3 {
		d.send(t, fmt.Sprintf("row %d %s", n, strings.Repeat("x", 900_000)))
	}
	p.shows(".watched:nth-child(3) .value", "row 2")
	if apart := eval[[][]string](p, `apart`); len(apart) > 0 {
		t.Errorf("results that differ were shown: %v", apart)
	}
	if n := eval[int](p, `parts`); n == 0 {
		t.Error("no state came in parts")
	}
}

// TestWatchRestart: the gateway is killed and started again. The set resumes with the tokens of its results; no result is shown twice, and a
// missed one is shown.
func TestWatchRestart(t *testing.T) {
	d := startDev(t)
	s := startServe(t, d)
	d.send(t, "before the restart")
	p := visit(t, s.url)
	p.signInWith(d.token(t, "ada", "10m"))
	p.watchRows()
	p.call("watch", "counter:get", `{"name": "clicks"}`)
	p.shows(".watched:nth-child(4) .caption", "first value")
	p.until(`document.querySelector(".set").dataset.state === "live"`)

	s.kill()
	p.shows(".set .status", "Connection lost")
	p.shows(".watched .value", "before the restart") // still there to be read
	s.again(t)
	p.shows(".set .status", "Live")
	p.until(`Array.from(document.querySelectorAll(".watched .caption")).every((e) => e.textContent.includes("resumed, unchanged"))`)
	if updates := p.everyUpdate(); updates != "1,1,1,1" {
		t.Errorf("updates %s after the restart", updates)
	}

	s.kill()
	p.shows(".set .status", "Connection lost")
	d.send(t, "during the restart")
	p.run(observe)
	s.again(t)
	for n := range 3 {
		p.shows(fmt.Sprintf(".watched:nth-child(%d) .value", n+1), "during the restart")
	}
	p.shows(".watched:nth-child(4) .caption", "resumed, unchanged")
	d.send(t, "after the restart")
	p.shows(".watched:nth-child(3) .value", "after the restart")
	if updates := p.everyUpdate(); updates != "3,3,3,1" {
		t.Errorf("updates %s in the end", updates)
	}
	if apart := eval[[][]string](p, `apart`); len(apart) > 0 {
		t.Errorf("results that differ were shown: %v", apart)
	}
	if len(p.refused()) == 0 {
		t.Error("the connection was never lost")
	}
}

// TestWatchedQueryEnds: what is wrong with one query is shown there, and the others go on. One that throws stays in the set.
func TestWatchedQueryEnds(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.call("watch", "counter:get", `{"name": "clicks"}`)
	p.call("watch", "bad path", `{}`)
	p.call("watch", "values:echo", `{"$value": 1}`)
	p.call("watch", "errors:convex", `{"data": {"code": "OUT_OF_RANGE", "why": "<i>odd</i>"}}`)
	p.shows(".watched:nth-child(1) .value", "0")
	p.shows(`.watched:nth-child(2)[data-outcome="ended"] .caption`, "ended: INVALID_PATH")
	p.shows(".watched:nth-child(2) .failure", "INVALID_PATH INVALID_ARGUMENT")
	p.shows(`.watched:nth-child(3)[data-outcome="ended"] .failure`, "INVALID_VALUE")
	p.shows(`.watched:nth-child(4)[data-outcome="failed"] .failure`, `"why": "<i>odd</i>"`)
	p.shows(".set .status", "Live")

	p.call("mutate", "counter:add", `{"name": "clicks"}`)
	p.shows(".watched:nth-child(1) .changed", "1")
	p.signInAs("ada") // a stream without the targets that have ended
	p.shows(".watched:nth-child(1) .caption", "as another identity")
	p.shows(".watched:nth-child(2) .failure", "INVALID_PATH")
	if updates := p.everyUpdate(); !strings.Contains(updates, ",1,1,") {
		t.Errorf("updates %s: targets that had ended were added again", updates)
	}

	p.click(".watched:nth-child(2) header button")
	p.until(`document.querySelectorAll(".watched").length === 3`)
	p.click(".watched:nth-child(3) header button")
	p.until(`document.querySelectorAll(".watched").length === 2`)
	p.call("mutate", "counter:add", `{"name": "clicks"}`)
	p.shows(".watched:nth-child(1) .changed", "2")
	p.click(".set header button:last-child")
	p.shows(".set .status", "Stopped")
	p.until(`document.querySelector(".set header button:last-child").textContent === "Close"`)
	p.untilOpen(1) // that of AuthState
	p.click(".set header button:last-child")
	p.until(`document.querySelectorAll(".live").length === 0`)
}

// TestWatchedIdentity: the results of a set are those of the signed-in user; a refused token ends the stream with its reason.
func TestWatchedIdentity(t *testing.T) {
	d := startDev(t)
	s := startServe(t, d)
	p := visit(t, s.url)
	p.call("watch", "users:me", `{}`)
	p.call("watch", "counter:get", `{"name": "clicks"}`)
	p.shows(".watched .value", "null")
	p.signInWith(d.token(t, "ada", "14s"))
	p.shows(".watched .value", `"subject": "user_ada"`)
	p.shows(".watched .caption", "as another identity")
	p.shows(".set .problem", "TOKEN_EXPIRED")
	p.shows(".set .status", "Ended")
	p.signInWith(d.token(t, "grace", "5m"))
	p.shows(".watched .value", `"subject": "user_grace"`)
	p.shows(".set .status", "Live")
	p.refused()
}

// TestWatchByKeyboard adds queries to a set and removes them without a mouse.
func TestWatchByKeyboard(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.shows("#link", "Connected")
	p.until(`document.activeElement.id === "path"`)
	back := chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(kb.ModifierShift))
	enter := chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(kb.ModifierCtrl))
	p.do(chromedp.KeyEvent("messages:list"), back)
	p.until(`document.activeElement.name === "kind"`)
	p.do(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
	p.shows("#run", "Add to Watch")
	p.do(enter)
	p.shows(".watched .value", "[]")
	p.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent("a", chromedp.KeyModifiers(kb.ModifierCtrl)), chromedp.KeyEvent("users:me"), enter)
	p.shows(".watched:nth-child(2) .value", "null")

	reach := func(selector string) {
		t.Helper()
		for range 40 {
			if eval[bool](p, fmt.Sprintf(`document.activeElement.matches(%q)`, selector)) {
				return
			}
			p.do(chromedp.KeyEvent(kb.Tab))
		}
		t.Fatalf("Tab does not lead to %s", selector)
	}
	reach(".watched:nth-child(1) .value")
	reach(".watched:nth-child(2) button")
	p.do(chromedp.KeyEvent(kb.Enter))
	p.until(`document.querySelectorAll(".watched").length === 1`)
	p.until(`document.activeElement.matches(".set header button")`) // the focus stays in the card
	p.shows(".set .status", "Live")
	d.send(t, "a row from elsewhere")
	p.until(`document.querySelector(".watched .value").textContent.includes("a row from elsewhere") && document.querySelector(".watched .added")`)
	reach(".watched:nth-child(1) button")
	p.do(chromedp.KeyEvent(kb.Enter))
	p.until(`document.querySelectorAll(".live").length === 0`)
	p.until(`document.activeElement.id === "run"`)
	p.untilOpen(1) // that of AuthState
}

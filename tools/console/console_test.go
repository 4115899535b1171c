package console

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestQuery(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.call("query", "values:echo", `{"value": {"n": {"$integer": "KgAAAAAAAAA="}, "list": [1, true, null]}}`)
	p.shows("#result", `"n": {"$integer":"KgAAAAAAAAA="} Int64 42`)
	p.shows("#result", "HTTP 200")
	p.shows("#snippet", "curl -s "+d.url+`/v1/query`)
	p.shows("#recent", "values:echo")

	p.call("mutate", "messages:send", `{"body": ""}`)
	p.shows("#result", "CONVEX_ERROR INVALID_ARGUMENT")
	p.call("query", "no:such", `{}`)
	p.shows("#result", "FUNCTION_NOT_FOUND")
	if n := len(p.refused()); n != 2 {
		t.Errorf("%d refusals in the log", n)
	}
	p.call("action", "actions:sleep", `{"ms": 1}`)
	p.shows("#result", "Action  ·  HTTP 200")

	p.do(chromedp.Reload())
	p.shows("#recent", "values:echo")
	p.click("#recent li:last-child button")
	if got := eval[string](p, `document.querySelector("#args").value`); !strings.Contains(got, "$integer") {
		t.Errorf("the arguments of a recent function are %q", got)
	}
	p.click("#forget")
	if n := eval[int](p, `document.querySelectorAll("#recent li").length`); n != 0 {
		t.Errorf("%d functions after Clear", n)
	}
}

// TestSubscribe: a row that another client adds appears, marked; the timeline shows earlier values.
func TestSubscribe(t *testing.T) {
	d := startDev(t)
	d.send(t, "before")
	p := visit(t, d.url)
	p.call("subscribe", "messages:list", `{"limit": 3}`)
	p.shows(".live .value", `"body": "before"`)
	d.send(t, "a row from elsewhere")
	p.shows(".live .added", "added")
	marked := `Array.from(document.querySelectorAll(".live .added .code"), (e) => e.textContent).join("")`
	if got := eval[string](p, marked); !strings.Contains(got, "a row from elsewhere") || strings.Contains(got, "before") {
		t.Errorf("marked as added: %s", got)
	}
	p.shows(".live .caption", "+8 lines, 2 items")
	if n := p.updates(); n != 2 {
		t.Errorf("%d updates", n)
	}

	p.do(chromedp.Focus(chromedp.CSS(".timeline input")), chromedp.KeyEvent(kb.ArrowLeft))
	p.shows(".live .caption", "first value")
	d.send(t, "not to be seen yet")
	p.until(`document.querySelectorAll(".bar").length === 3`)
	if text := p.text(".live .value"); strings.Contains(text, "elsewhere") || strings.Contains(text, "not to be seen") {
		t.Errorf("looking back shows %s", text)
	}
	p.click(".captions button")
	p.shows(".live .value", "not to be seen yet")

	p.click(".live header button:last-child")
	p.shows(".live .status", "Stopped")
	p.until(`document.querySelector(".live header button:last-child").textContent === "Close"`)
	p.untilOpen(1) // that of AuthState
	p.click(".live header button:last-child")
	p.until(`document.querySelectorAll(".live").length === 0`)
}

// TestThrowingQuery: an error of the function is an event, and the stream stays open.
func TestThrowingQuery(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.call("subscribe", "errors:convex", `{"data": {"code": "OUT_OF_RANGE", "why": "<i>odd</i>"}}`)
	p.shows(".live .failure", "CONVEX_ERROR OUT_OF_RANGE")
	p.shows(".live .failure", `"why": "<i>odd</i>"`)
	p.shows(".live .status", "Live")
	p.call("subscribe", "no:such", `{}`)
	p.shows(".live .failure", "FUNCTION_NOT_FOUND")
	p.call("subscribe", "bad path", `{}`)
	p.shows(".live", "INVALID_PATH")
	p.shows(".live .status", "Ended")
	p.refused()
}

func TestSignInAndOut(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.call("subscribe", "users:me", `{}`)
	p.shows(".live .value", "null")
	p.signInAs("ada")
	p.shows(".live .value", `"subject": "user_ada"`)
	p.until(`/^0:[0-5][0-9]$/.test(document.querySelector("#account-left").textContent)`)
	p.call("query", "users:me", `{}`)
	p.shows("#result", `"subject": "user_ada"`)
	p.shows("#snippet", `-H "Authorization: Bearer $TOKEN"`)

	p.do(chromedp.Reload())
	p.shows("#account-who", "user_ada") // where names suffice, for this tab
	p.call("subscribe", "users:me", `{}`)
	p.shows(".live .value", `"subject": "user_ada"`)
	p.click("#account-button")
	p.click("#sign-out")
	p.shows("#account-state", "You are anonymous.")
	p.shows(".live .value", "null")
	p.click("#users button:nth-child(2)")
	p.shows("#account-state", "user_grace")
	p.shows(".live .value", `"subject": "user_grace"`)
	p.fill("#user", "not a name")
	p.click("#by-name .row button")
	p.shows("#account-problem", "user must match")
	p.refused()
}

// TestSignInAtOnce: tokens issued in the second of a sign-out are refused, and the page gets another one.
func TestSignInAtOnce(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.signInAs("ada")
	p.click("#account-button")
	p.click("#sign-out")
	p.shows("#account-state", "You are anonymous.")
	p.click("#users button:nth-child(1)")
	p.until(`document.body.dataset.auth === "signed-in"`)
	p.refused()
}

// TestSignedInLasts: the page sends the next token in time, and the stream continues.
func TestSignedInLasts(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.call("subscribe", "users:me", `{}`)
	p.signInAs("ada")
	p.shows(".live .value", `"subject": "user_ada"`)
	p.call("watch", "users:me", `{}`)
	p.shows(".watched .value", `"subject": "user_ada"`)
	p.do(chromedp.Evaluate[chromedp.Void](`{
		window.refreshes = 0;
		const real = window.fetch;
		window.fetch = (url, options) => {
			if (url === "/v1/auth/refresh") window.refreshes++;
			return real(url, options);
		};
	}`))
	before := p.everyUpdate()
	p.untilWithin(longPatience, `window.refreshes > 0 && Number(document.querySelector("#account-left").textContent.slice(2)) > 50`)
	if n := p.everyUpdate(); n != before {
		t.Errorf("updates %s after the renewal, %s before", n, before)
	}
	p.until(`document.querySelectorAll('.live[data-state="live"]').length === 2`)
}

// TestTokenExpires: when a token is not renewed, streams end with the reason; they open again with a new one.
func TestTokenExpires(t *testing.T) {
	d := startDev(t)
	s := startServe(t, d)
	p := visit(t, s.url)
	p.signInWith(d.token(t, "ada", "14s"))
	p.call("subscribe", "users:me", `{}`)
	p.shows(".live .value", `"subject": "user_ada"`)
	p.shows("#expiry-note", "A newer token is needed by")
	p.shows("#account-who", "paused") // from a second before the end
	p.shows("#account-who", "TOKEN_EXPIRED")
	p.shows(".live .problem", "TOKEN_EXPIRED")
	p.shows(".live .status", "Ended")
	p.call("query", "users:me", `{}`)
	p.shows("#result", "TOKEN_EXPIRED")
	p.refused()

	p.signInWith(d.token(t, "ada", "5m"))
	p.shows(".live .status", "Live")
	p.call("query", "users:me", `{}`)
	p.shows("#result", `"subject": "user_ada"`)

	updates := p.updates()
	p.click("#account-button")
	p.fill("#token", d.token(t, "ada", "10m")) // a newer one of the same session: the streams stay
	p.click("#by-token button")
	p.until(`/^(9:|10:00)/.test(document.querySelector("#account-left").textContent)`)
	if n := p.updates(); n != updates {
		t.Errorf("%d updates after another token of the session, %d before", n, updates)
	}
	p.fill("#token", "not.a.token")
	p.click("#by-token button")
	p.shows("#account-who", "MALFORMED")
	p.click("#sign-out")
	p.shows("#account-state", "You are anonymous.")
	p.refused()
}

// TestTokenIsNowhere: the token is not in the page, in its storage or in the snippets to copy.
func TestTokenIsNowhere(t *testing.T) {
	d := startDev(t)
	s := startServe(t, d)
	token := d.token(t, "ada", "5m")
	p := visit(t, s.url)
	p.signInWith(token)
	p.call("query", "users:me", `{}`)
	p.shows("#result", "user_ada")
	for _, language := range []string{"curl", "grpcurl", "Kotlin"} {
		p.click("#tab-" + language)
		p.shows("#snippet", map[string]string{"curl": "$TOKEN", "grpcurl": "$TOKEN", "Kotlin": "TokenSupplier { token }"}[language])
		everything := eval[string](p, `document.documentElement.outerHTML + JSON.stringify({...localStorage, ...sessionStorage}) +
			Array.from(document.querySelectorAll("input, textarea"), (e) => e.value).join() + location.href`)
		for part := range strings.SplitSeq(token, ".") {
			if strings.Contains(everything, part) {
				t.Errorf("a part of the token is in the page, with %s shown", language)
			}
		}
	}
}

func TestBadJSON(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.fill("#path", "messages:list")
	for _, c := range []struct{ text, place, message, wrong string }{
		{"{\n  \"a\": 1,\n}", "Line 2, column 9", "no comma is allowed before", ","},
		{`{"a": tru}`, "Line 1, column 7", "expected a value", "tru"},
		{`{"a": 'x'}`, "Line 1, column 7", "double quotes", "'"},
		{`{"a" 1}`, "Line 1, column 6", "expected “:”", "1"},
		{`{"a": 01}`, "Line 1, column 7", "not a JSON number", "01"},
		{`[1]`, "Line 1, column 1", "must be an object", "["},
		{`{"a": "x`, "Line 1, column 9", "not closed", " "},
	} {
		p.fill("#args", c.text)
		p.shows("#args-error", c.place)
		p.shows("#args-error", c.message)
		if got := eval[string](p, `document.querySelector("#args-mirror .wrong")?.textContent ?? "nothing"`); got != c.wrong {
			t.Errorf("%s: %q is underlined", c.text, got)
		}
		if eval[string](p, `document.querySelector("#args").getAttribute("aria-invalid")`) != "true" {
			t.Errorf("%s: not invalid for a screen reader", c.text)
		}
		p.click("#run")
		if at := eval[int](p, `document.activeElement.id === "args" ? document.activeElement.selectionStart : -1`); at < 0 {
			t.Errorf("%s: the cursor is not at the error", c.text)
		}
	}
	if eval[bool](p, `document.querySelector("#result").hasChildNodes()`) {
		t.Error("bad JSON was sent")
	}
	p.fill("#args", `{"limit": 1}`)
	p.until(`document.querySelector("#args-error").hidden`)
	p.fill("#path", "")
	p.click("#run")
	p.shows("#path-error", "Name a function")
}

// TestHostileValues: every value, name and error is shown as text, and nothing in it is run.
func TestHostileValues(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	hostile := []string{
		`<script>window.owned = 1</script>`, `<img src=x onerror="window.owned = 1">`, `"><svg onload=window.owned=1>`,
		`javascript:window.owned=1`, `</textarea><script>window.owned = 1</script>`, `{{constructor.constructor("window.owned=1")()}}`,
		"end\u0000", `__proto__`,
	}
	for _, text := range hostile {
		d.send(t, text)
	}
	p.call("subscribe", "messages:list", `{}`)
	p.shows(".live .value", `window.owned`)
	for _, text := range hostile {
		quotedTwice := quoted(text)
		p.call("query", "values:echo", fmt.Sprintf(`{"value": {"text": %s}}`, quotedTwice))
		p.until(fmt.Sprintf(`document.querySelector("#result .value")?.textContent.includes(JSON.stringify(%s))`, quotedTwice))
		p.call("query", "errors:convex", fmt.Sprintf(`{"data": {"message": %s}}`, quotedTwice))
		p.shows("#result", "CONVEX_ERROR")
	}
	p.call("query", "values:echo", `{"value": "file\u202egpj.exe"}`) // which would read fileexe.jpg
	p.shows("#result", `"file\u202egpj.exe"`)
	p.call("query", `<img src=x onerror=window.owned=1>:x`, `{}`)
	p.shows("#result", "INVALID_PATH")
	p.click("#tab-Kotlin")
	p.do(chromedp.Evaluate[chromedp.Void](`localStorage.setItem("convexgateway.functions",
		JSON.stringify([{kind: "query", path: "<img src=x onerror=window.owned=1>"}, {kind: "<b>", path: "x"}, 7, null]));
		sessionStorage.clear()`), chromedp.Reload())
	p.shows("#recent", "<img src=x")
	if eval[bool](p, `"owned" in window || document.querySelectorAll("main img, main script, main svg").length > 0`) {
		t.Error("a value became a part of the page")
	}
	p.refused()
}

// TestAtMostThreeStreams: AuthState and two others; a third query takes the place of the first, as does a set of queries.
func TestAtMostThreeStreams(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.signInAs("ada")
	for i := range 4 {
		p.call("subscribe", "counter:get", fmt.Sprintf(`{"name": "n%d"}`, i))
		p.shows(".live .arguments", fmt.Sprintf("n%d", i))
		p.shows(".live .status", "Live")
	}
	p.until(`document.querySelectorAll('.live[data-state="live"]').length === 2`)
	p.shows(`.live[data-state="stopped"]`, "Only 2 streams")
	p.until(`document.querySelector('.live[data-state="live"] .caption').textContent.includes("first value")`)
	open, maxOpen := p.streams()
	if open != 3 || maxOpen > 3 {
		t.Errorf("%d streams are open, %d were", open, maxOpen)
	}
	for i := range 3 {
		p.call("watch", "counter:get", fmt.Sprintf(`{"name": "n%d"}`, i))
		p.shows(fmt.Sprintf(".watched:nth-child(%d) .caption", i+1), "first value")
	}
	p.until(`document.querySelectorAll('.live[data-state="live"]').length === 2`)
	p.until(`document.querySelectorAll('.live[data-state="stopped"]').length === 3`)
	p.untilOpen(3)
}

// TestKeyboard runs a query and a subscription, selects a snippet and signs in without a mouse.
func TestKeyboard(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.shows("#link", "Connected")
	p.until(`document.activeElement.id === "path"`)
	p.do(chromedp.KeyEvent("values:echo"), chromedp.KeyEvent(kb.Tab))
	p.until(`document.activeElement.id === "args"`)
	p.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(kb.ModifierCtrl)), chromedp.KeyEvent(`{"value": "keys"}`),
		chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(kb.ModifierCtrl)))
	p.shows("#result", `"keys"`)

	p.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(kb.ModifierShift)), chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(kb.ModifierShift)))
	p.until(`document.activeElement.name === "kind"`)
	p.do(chromedp.KeyEvent(kb.ArrowRight))
	p.shows("#run", "Subscribe")
	p.do(chromedp.KeyEvent(kb.Enter))
	p.shows(".live .value", `"keys"`)

	reach := func(selector string) {
		t.Helper()
		for range 40 {
			if eval[bool](p, fmt.Sprintf(`document.activeElement.matches(%q)`, selector)) {
				visible := `(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; })()`
				if !eval[bool](p, visible) {
					t.Errorf("%s: the focus cannot be seen", selector)
				}
				return
			}
			p.do(chromedp.KeyEvent(kb.Tab))
		}
		t.Fatalf("Tab does not lead to %s", selector)
	}
	reach("#tab-curl")
	p.do(chromedp.KeyEvent(kb.ArrowRight))
	p.shows("#snippet", "FunctionService/Subscribe")
	reach(".live .value")
	reach("#account-button")
	p.do(chromedp.KeyEvent(kb.Enter))
	reach("#user")
	p.do(chromedp.KeyEvent("ada"), chromedp.KeyEvent(kb.Enter))
	p.shows("#account-state", "user_ada")
	p.do(chromedp.KeyEvent(kb.Escape))
	p.until(`!document.querySelector("#account").matches(":popover-open")`)
	reach("#theme")
	before := eval[string](p, `getComputedStyle(document.body).backgroundColor`)
	p.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Enter))
	if after := eval[string](p, `getComputedStyle(document.body).backgroundColor`); after == before {
		t.Errorf("the theme stays %s", after)
	}
}

// TestNamesForAll: every control has an accessible name.
func TestNamesForAll(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.call("subscribe", "messages:list", `{}`)
	p.shows(".live .value", "[]")
	p.call("watch", "messages:list", `{"limit": 1}`)
	p.shows(".watched .value", "[]")
	nameless := eval[[]string](p, `Array.from(document.querySelectorAll("button, input, textarea, [role=region], [tabindex]"))
		.filter((e) => !(e.labels?.length || e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.textContent.trim()))
		.map((e) => e.outerHTML)`)
	for _, html := range nameless {
		t.Errorf("no name: %s", html)
	}
}

// TestSnippetsRun: the snippets make the same call from a terminal.
func TestSnippetsRun(t *testing.T) {
	d := startDev(t)
	p := visit(t, d.url)
	p.signInAs("ada")
	const hostile = `it's "$HOME" $(id) \ done`
	p.call("mutate", "messages:send", `{"body": `+quoted(hostile)+`}`)
	p.shows("#result", "HTTP 200")
	sent := 1
	for _, language := range []string{"curl", "grpcurl"} {
		p.click("#tab-" + language)
		command := exec.CommandContext(t.Context(), "bash", "-c", p.text("#snippet"))
		command.Env = append(os.Environ(), "TOKEN="+d.token(t, "ada", "60s"))
		if out, err := command.CombinedOutput(); err != nil || !strings.Contains(string(out), `"value"`) {
			t.Errorf("%s: %v\n%s", language, err, out)
		}
		sent++
	}
	p.call("query", "messages:list", `{}`)
	p.shows("#result", "HTTP 200")
	rows := eval[int](p, fmt.Sprintf(`document.querySelector("#result .value").textContent.split('"body": ' + JSON.stringify(%s)).length - 1`, quoted(hostile)))
	byAda := eval[int](p, `document.querySelector("#result .value").textContent.split('"author": "ada"').length - 1`)
	if rows != sent || byAda != sent {
		t.Errorf("%d rows, %d of them by ada, want %d", rows, byAda, sent)
	}
}

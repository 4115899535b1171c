package console

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// chromium is one browser for all tests; each page has a profile of its own.
var chromium context.Context

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	path, err := exec.LookPath("chromium")
	if err != nil {
		fmt.Fprintln(os.Stderr, "chromium is missing: run tools/console/check")
		return 1
	}
	profile, err := os.MkdirTemp("", "console-profile-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(profile)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	browser, closeBrowser := chromedp.NewContext(allocator)
	defer closeBrowser()
	if err := chromedp.Do(browser); err != nil {
		fmt.Fprintln(os.Stderr, "chromium:", err)
		return 1
	}
	chromium = browser
	return m.Run()
}

// page is a tab with a profile of its own. At the end of its test there must be no error in the browser's log.
type page struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	errors     []string
	refusals   []string // network errors, which the browser logs
	refusing   bool     // the test causes them
	open       map[network.RequestID]bool
	maxStreams int
}

// visit opens an address in a new page of 1280 x 900 pixels.
func visit(t *testing.T, url string) *page {
	t.Helper()
	tab, closeTab := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(tab, 3*time.Minute)
	t.Cleanup(cancel)
	p := &page{t: t, ctx: ctx, open: map[network.RequestID]bool{}}
	p.do() // opens the tab
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	p.prefer("prefers-color-scheme", "light")
	p.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(url))
	t.Cleanup(p.checkLog)
	return p
}

// listen stores what the browser logs, and counts the open streams.
func (p *page) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text, _ := json.Marshal(e.ExceptionDetails)
		p.errors = append(p.errors, string(text))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			text, _ := json.Marshal(e.Args)
			p.errors = append(p.errors, string(text))
		}
	case *log.EventEntryAdded:
		text := fmt.Sprintf("%s %s: %s (%s)", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL)
		switch {
		case e.Entry.Source == log.EntrySourceNetwork:
			p.refusals = append(p.refusals, text)
		case e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning:
			p.errors = append(p.errors, text)
		}
	case *network.EventResponseReceived:
		if strings.Contains(e.Response.URL, "/v1/subscribe") || strings.Contains(e.Response.URL, "/v1/watch") || strings.Contains(e.Response.URL, "/v1/auth/state") {
			p.open[e.RequestID] = true
			p.maxStreams = max(p.maxStreams, len(p.open))
		}
	case *network.EventLoadingFailed:
		delete(p.open, e.RequestID)
	case *network.EventLoadingFinished:
		delete(p.open, e.RequestID)
	}
}

// prefer sets a media feature, besides reduced motion, without which buttons move while a test clicks.
func (p *page) prefer(feature, value string) {
	p.t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-reduced-motion", Value: "reduce"}, {Name: feature, Value: value},
	}}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, media); err != nil {
		p.t.Fatal(err)
	}
}

func (p *page) checkLog() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, text := range p.errors {
		p.t.Errorf("in the page's log: %s", text)
	}
	if p.refusing {
		return
	}
	for _, refusal := range p.refusals {
		p.t.Errorf("in the page's log: %s", refusal)
	}
}

// refused returns the network errors since the last call, which the test has caused: Chromium logs each 4xx and each lost
// connection, with a delay.
func (p *page) refused() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	had := p.refusals
	p.refusals, p.refusing = nil, true
	return had
}

func (p *page) streams() (open, maxOpen int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.open), p.maxStreams
}

// untilOpen waits until so many streams are open. The browser reports with a delay what the page has closed.
func (p *page) untilOpen(want int) {
	p.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		open, _ := p.streams()
		if open == want {
			return
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			p.t.Fatalf("%d streams are open, want %d", open, want)
		}
	}
}

func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatalf("%v\nthe page shows:\n%s", err, eval[string](p, "document.body.innerText"))
	}
}

// eval runs JavaScript, awaits its result, and decodes it.
func eval[T any](p *page, script string) T {
	p.t.Helper()
	result, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", script, err)
	}
	return result
}

// run runs JavaScript without awaiting its result.
func (p *page) run(script string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](script))
}

// until waits for a JavaScript condition.
func (p *page) until(condition string) {
	p.t.Helper()
	p.untilWithin(patience, condition)
}

func (p *page) untilWithin(limit time.Duration, condition string) {
	p.t.Helper()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for !eval[bool](p, "Boolean("+condition+")") {
		select {
		case <-tick.C:
		case <-deadline.C:
			p.t.Fatalf("never true: %s\nthe page shows:\n%s", condition, p.text("body"))
		}
	}
}

// shows waits for an element that contains the text.
func (p *page) shows(selector, text string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector(%q)?.textContent.includes(%s)`, selector, quoted(text)))
}

func (p *page) text(selector string) string {
	p.t.Helper()
	return eval[string](p, fmt.Sprintf(`document.querySelector(%q).innerText`, selector))
}

// click waits for a visible element, and clicks on its middle.
func (p *page) click(selector string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector(%q)?.checkVisibility()`, selector))
	at := eval[struct{ X, Y float64 }](p, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.scrollIntoView({block: "nearest", behavior: "instant"});
		const box = e.getBoundingClientRect();
		return {X: box.x + box.width / 2, Y: box.y + box.height / 2};
	})()`, selector))
	p.do(chromedp.MouseClickXY(at.X, at.Y))
}

// fill replaces the text of a field.
func (p *page) fill(selector, text string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector(%q)?.checkVisibility()`, selector))
	p.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{
		const field = document.querySelector(%q);
		field.focus();
		field.select();
	}`, selector)), chromedp.KeyEvent(kb.Delete), chromedp.KeyEvent(text))
}

// call fills the form and submits it.
func (p *page) call(kind, path, args string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`input[value=%s] + span`, kind))
	p.fill("#path", path)
	p.fill("#args", args)
	p.click("#run")
}

// signInAs signs in by name.
func (p *page) signInAs(user string) {
	p.t.Helper()
	p.click("#account-button")
	p.fill("#user", user)
	p.click("#by-name .row button")
	p.shows("#account-state", "user_"+user)
	p.click("#account-button")
}

// signInWith signs in with a token.
func (p *page) signInWith(token string) {
	p.t.Helper()
	p.click("#account-button")
	p.fill("#token", token)
	p.click("#by-token button")
	p.until(`document.body.dataset.auth === "signed-in"`)
	p.click("#account-button")
}

// updates returns how many updates the first live query has received.
func (p *page) updates() int {
	p.t.Helper()
	return eval[int](p, `Number(document.querySelector(".live")?.dataset.updates ?? 0)`)
}

// everyUpdate returns how many updates each live query has received, also those of sets.
func (p *page) everyUpdate() string {
	p.t.Helper()
	return eval[string](p, `Array.from(document.querySelectorAll("[data-updates]"), (e) => e.dataset.updates).join()`)
}

func quoted(text string) string {
	b, _ := json.Marshal(text)
	return string(b)
}

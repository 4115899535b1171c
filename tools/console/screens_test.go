package console

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// contrast returns texts whose contrast to their background is below 4.5 (WCAG 2.2, 1.4.3), and anything wider than the page.
const contrast = `(() => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1}).getContext("2d", {willReadFrequently: true});
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return Array.from(canvas.getImageData(0, 0, 1, 1).data, (x) => x / 255);
  };
  const over = ([r, g, b, a], under) => [r * a + under[0] * (1 - a), g * a + under[1] * (1 - a), b * a + under[2] * (1 - a), 1];
  const linear = (x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (e) => e ? over(rgba(getComputedStyle(e).backgroundColor), ground(e.parentElement)) : [1, 1, 1, 1];
  const found = [];
  for (const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); walker.nextNode();) {
    const text = walker.currentNode;
    const e = text.parentElement;
    if (!text.data.trim() || !e.checkVisibility({visibilityProperty: true}) || e.closest(".visually-hidden, textarea, script, noscript, .skip, option")) continue;
    const below = ground(e);
    const a = luminance(over(rgba(getComputedStyle(e).color), below));
    const b = luminance(below);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(ratio.toFixed(2) + " " + e.className + ": " + text.data.slice(0, 40));
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push("wider than the page: " + document.documentElement.scrollWidth);
  return found;
})()`

// TestScreens goes through the page's states, at two widths and in both themes: all text has enough contrast, and nothing is
// wider than the page.
func TestScreens(t *testing.T) {
	d := startDev(t)
	folder := os.Getenv("CONSOLE_SCREENS")
	for _, width := range []int64{1280, 390} {
		for _, theme := range []string{"light", "dark"} {
			p := visit(t, d.url)
			look := func(state string) {
				t.Helper()
				for _, problem := range eval[[]string](p, contrast) {
					t.Errorf("%s, %d px, %s: %s", state, width, theme, problem)
				}
				if folder == "" {
					return
				}
				p.do(chromedp.Evaluate[chromedp.Void]("scrollTo(0, 0)"))
				picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
				if err != nil {
					t.Fatal(err)
				}
				name := filepath.Join(folder, fmt.Sprintf("%s-%d-%s.png", state, width, theme))
				if err := os.WriteFile(name, picture, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			p.do(chromedp.EmulateViewport(width, 900))
			p.prefer("prefers-color-scheme", theme)
			p.shows("#link", "Connected")
			look("1-empty")
			d.clear(t)
			d.sendAll(t, "The first one", "Convex Gateway says hello", "Values arrive as they change")
			p.call("query", "messages:list", "{}")
			p.shows("#result", "Values arrive")
			look("2-result")
			p.call("query", "errors:convex", `{"data": {"code": "NOT_FOUND", "message": "no such channel"}}`)
			p.shows("#result", "NOT_FOUND")
			p.refused()
			look("3-error")
			p.fill("#args", "{\"channel\": \"general\",\n \"limit\": 010}")
			p.shows("#args-error", "Line 2")
			look("4-bad-json")
			p.call("subscribe", "messages:list", `{"limit": 4}`)
			p.until(`document.querySelectorAll(".bar").length >= 1`)
			d.sendAll(t, "One more row", "And the oldest leaves")
			p.until(`document.querySelectorAll(".bar").length >= 2 && document.querySelector(".live").textContent.includes("oldest leaves")`)
			look("5-diff")
			p.signInAs("ada")
			p.call("subscribe", "counter:get", `{"name": "clicks"}`)
			p.until(`document.querySelectorAll(".live").length === 2`)
			for range 3 {
				p.call("mutate", "counter:add", `{"name": "clicks"}`)
				p.shows("#result", "OK")
			}
			look("6-live")
			p.call("watch", "messages:list", `{"limit": 2}`)
			p.call("watch", "counter:get", `{"name": "clicks"}`)
			p.call("watch", "no such", `{}`)
			p.shows(".watched:nth-child(3) .caption", "INVALID_PATH")
			d.sendAll(t, "All of this is of one time")
			p.until(`document.querySelector(".watched .added") && document.querySelector(".watched .value").textContent.includes("of one time")`)
			p.until(`document.querySelector(".set").dataset.state === "live"`)
			look("7-watch")
			p.click("#account-button")
			look("8-signed-in")
			p.refused()
		}
	}
}

// clear removes all messages.
func (d *dev) clear(t *testing.T) {
	t.Helper()
	post(t, d.url+"/v1/mutate", `{"path":"messages:clear"}`)
}

func (d *dev) sendAll(t *testing.T, bodies ...string) {
	t.Helper()
	for _, body := range bodies {
		d.send(t, body)
	}
}

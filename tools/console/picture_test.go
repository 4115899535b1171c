package console

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "write "+picturePath)

// The picture of the README. picturePath is relative to this package. The viewport is in CSS pixels, of which each is scaled.
const (
	picturePath     = "../../docs/console.png"
	viewportWidth   = 1280
	viewportHeight  = 830
	pictureScale    = 1.5
	pictureWidth    = 1920
	pictureHeight   = 1245
	maxPictureBytes = 300_000
)

// TestPicture follows a query as ada and takes the picture of the console. With -update the picture is written; without, the
// one in the repository must be a PNG of the same size. Pixels are not compared: fonts differ between machines.
func TestPicture(t *testing.T) {
	taken := takePicture(t)
	if *update {
		if err := os.WriteFile(picturePath, taken, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(picturePath)
	if err != nil {
		t.Fatal(err)
	}
	for name, picture := range map[string][]byte{"taken": taken, picturePath: written} {
		config, err := png.DecodeConfig(bytes.NewReader(picture))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if config.Width != pictureWidth || config.Height != pictureHeight {
			t.Errorf("%s: %d x %d pixels; want %d x %d", name, config.Width, config.Height, pictureWidth, pictureHeight)
		}
		if len(picture) > maxPictureBytes {
			t.Errorf("%s: %d bytes; want at most %d", name, len(picture), maxPictureBytes)
		}
	}
}

// takePicture signs in as ada, subscribes to messages:list, changes its result a few times, and returns a PNG of the page.
func takePicture(t *testing.T) []byte {
	t.Helper()
	const newest = "Each change is marked as it comes."
	d := startDev(t)
	d.sendAs(t, "grace", "Has anyone tried the console?")
	p := visit(t, d.url)
	p.do(chromedp.EmulateViewport(viewportWidth, viewportHeight, chromedp.EmulateScale(pictureScale)))
	p.signInAs("ada")
	p.call("subscribe", "messages:list", `{"limit": 3}`)
	p.shows(".live .status", "Live")
	for i, m := range []struct{ author, body string }{
		{"ada", "Yes. It follows a query."},
		{"alan", "Over REST, like any client?"},
		{"ada", "Over REST, with server-sent events."},
		{"grace", newest},
	} {
		d.sendAs(t, m.author, m.body)
		p.until(fmt.Sprintf(`document.querySelectorAll(".bar").length === %d`, i+2))
	}
	p.shows(".live .value", newest)
	p.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.blur(); scrollTo(0, 0)`))
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// sendAs adds a message of an author from outside the page.
func (d *dev) sendAs(t *testing.T, author, body string) {
	t.Helper()
	post(t, d.url+"/v1/mutate", fmt.Sprintf(`{"path": "messages:send", "args": {"author": %s, "body": %s}}`, quoted(author), quoted(body)))
}

// Package console is a page that shows a gateway at work: it runs functions, follows queries and signs users in, over the
// same REST face that everybody uses. The page is embedded, needs no build step and asks no other host.
package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"net/http"
	"path"
	"sync"
	"time"
)

//go:embed page
var page embed.FS

// Index is the name of the page itself.
const Index = "index.html"

// asset is one file, ready to be sent.
type asset struct {
	body        []byte
	contentType string
	etag        string
}

// contentTypes stand here because those of package mime depend on the machine.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// assets are the embedded files by name.
var assets = sync.OnceValues(func() (map[string]asset, error) {
	files, err := page.ReadDir("page")
	if err != nil {
		return nil, err
	}
	found := map[string]asset{}
	for _, file := range files {
		body, err := page.ReadFile(path.Join("page", file.Name()))
		if err != nil {
			return nil, err
		}
		hash := sha256.Sum256(body)
		found[file.Name()] = asset{
			body:        body,
			contentType: contentTypes[path.Ext(file.Name())],
			etag:        `"` + base64.RawURLEncoding.EncodeToString(hash[:16]) + `"`,
		}
	}
	return found, nil
})

// Policy is the page's Content-Security-Policy. It keeps the page to its own origin: no inline script or style, no foreign
// host, no frame around it. Trusted Types make the browser refuse any text that is to be read as HTML, so that values can
// be shown as text only.
const Policy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// ServeAsset sends the file of that name. It reports false, and has sent nothing, if there is none.
func ServeAsset(w http.ResponseWriter, r *http.Request, name string) bool {
	all, err := assets()
	file, found := all[name]
	if err != nil || !found {
		return false
	}
	h := w.Header()
	h.Set("Content-Security-Policy", Policy)
	h.Set("Content-Type", file.contentType)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache") // asked for each time, and answered 304
	h.Set("ETag", file.etag)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(file.body))
	return true
}

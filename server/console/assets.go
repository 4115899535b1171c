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

// asset is one file of the page, as it is sent.
type asset struct {
	body        []byte
	contentType string
	etag        string
}

// contentTypes are the types by file extension. Those of package mime depend on the machine.
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

// Policy is the page's Content-Security-Policy. It restricts the page to its own origin: no inline script or style, no other
// host, no frame around it. With Trusted Types the browser refuses to parse any text as HTML, so that values can be shown as
// text only.
const Policy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// ServeAsset sends the file of that name. If there is none, it sends nothing and reports false.
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
	h.Set("Cache-Control", "no-cache") // revalidated each time, by the ETag
	h.Set("ETag", file.etag)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(file.body))
	return true
}

package rest

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// minGzip is the size of the smallest response that is compressed, in bytes: smaller ones take one packet anyway.
const minGzip = 1400

// withGzip compresses JSON for callers who accept gzip. A body may have a secret beside text of an attacker, whose compressed
// size depends on both. An attacker cannot use that: a page of another origin cannot make a browser send the caller's token.
func withGzip(handler http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.EnableZstd(false), gzhttp.MinSize(minGzip), gzhttp.ContentTypes([]string{"application/json"}),
	)
	if err != nil {
		panic(err) // of the options above
	}
	return wrap(handler)
}

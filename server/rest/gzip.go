package rest

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// minGzip is the smallest answer that is compressed, in bytes: smaller ones take one packet anyway.
const minGzip = 1400

// withGzip compresses JSON for callers who accept gzip. That a secret stands in one body with text of an attacker is no
// danger here: a page of another origin cannot make a browser send the caller's token.
func withGzip(handler http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.EnableZstd(false), gzhttp.MinSize(minGzip), gzhttp.ContentTypes([]string{"application/json"}),
	)
	if err != nil {
		panic(err) // of the options above
	}
	return wrap(handler)
}

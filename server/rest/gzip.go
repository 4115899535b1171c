package rest

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"convexgateway/server/call"
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
	return wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w = &gzipWriter{ResponseWriter: w, call: call.From(r.Context())}
		}
		handler.ServeHTTP(w, r)
	}))
}

// gzipMemory is what a compressor takes until the response has been written, in bytes.
const gzipMemory = 768 << 10

// gzipWriter takes the memory of the compressor from the call's hold, and has the response sent as it is if there is none.
type gzipWriter struct {
	http.ResponseWriter
	call  *call.Call
	begun bool
}

// Unwrap is for [http.ResponseController].
func (w *gzipWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *gzipWriter) Write(body []byte) (int, error) {
	if !w.begun && len(body) >= minGzip && w.call.Hold.Take(gzipMemory) != nil {
		w.Header().Set(gzhttp.HeaderNoCompression, "1")
	}
	w.begun = true
	return w.ResponseWriter.Write(body)
}

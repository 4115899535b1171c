package rest

import (
	"net/http"

	"convexgateway/server/openapi"
)

var documentTag = weakTag(openapi.Document)

// serveDocument is GET /openapi.json.
func serveDocument(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
	h := w.Header()
	h.Set("ETag", documentTag)
	h.Set("Cache-Control", "no-cache")
	if exchangeFrom(r.Context()).matches(documentTag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "application/json")
	_, _ = w.Write(openapi.Document)
	return nil
}

package server

import (
	"net/http"

	"convexgateway/server/openapi"
)

var openAPITag = weakTag(openapi.Document)

// openAPI is GET /openapi.json.
func (f *restFace) openAPI(w http.ResponseWriter, r *http.Request, _ map[string]string) {
	h := w.Header()
	h.Set("ETag", openAPITag)
	h.Set("Cache-Control", "no-cache")
	if exchangeFrom(r.Context()).has(openAPITag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "application/json")
	_, _ = w.Write(openapi.Document)
}

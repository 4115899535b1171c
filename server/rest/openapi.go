package rest

import (
	"net/http"

	"convexgateway/server/openapi"
)

// serveDocument is GET /openapi.json.
func (h *Handler) serveDocument(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
	text := openapi.Document
	if api := h.Contract.API(); api != nil && !h.HideContract {
		text = api.Document
	}
	serveJSON(w, r, text)
	return nil
}

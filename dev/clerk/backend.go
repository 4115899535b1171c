package clerk

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// Bounds of expires_in_seconds.
const (
	minExpiresIn = 30
	maxExpiresIn = 315_360_000
)

func (c *Instance) mux() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", c.at(Discovery, c.serveDiscovery))
	mux.HandleFunc("GET /.well-known/jwks.json", c.at(Keys, c.serveKeys))
	mux.HandleFunc("GET /v1/jwks", c.at(BackendKeys, c.withSecretKey(c.serveKeys)))
	mux.HandleFunc("GET /v1/sessions/{id}", c.at(GetSession, c.withSecretKey(c.serveSession)))
	mux.HandleFunc("POST /v1/sessions/{id}/tokens", c.at(Tokens, c.withSecretKey(c.serveTokens)))
	mux.HandleFunc("POST /v1/sessions/{id}/tokens/{template}", c.at(Tokens, c.withSecretKey(c.serveTokens)))
	mux.HandleFunc("POST /v1/sessions/{id}/revoke", c.at(Revoke, c.withSecretKey(c.serveRevoke)))
	mux.HandleFunc("DELETE /v1/users/{id}", c.at(Users, c.withSecretKey(c.serveDeleteUser)))
	mux.HandleFunc("POST /v1/users/{id}/ban", c.at(Users, c.withSecretKey(c.serveBanUser)))
	mux.HandleFunc("POST /v1/m2m_tokens", c.at(M2MTokens, c.serveCreateMachineToken))
	mux.HandleFunc("POST /v1/m2m_tokens/verify", c.at(M2MVerify, c.serveVerifyMachineToken))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { notFound(w) })
	return mux
}

func bearer(r *http.Request) string {
	key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return key
}

// withSecretKey refuses requests without the instance's secret key.
func (c *Instance) withSecretKey(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if bearer(r) != c.secretKey {
			refuseKey(w)
			return
		}
		serve(w, r)
	}
}

func (c *Instance) serveSession(w http.ResponseWriter, r *http.Request) {
	s, ok := c.Session(r.PathValue("id"))
	if !ok {
		notFound(w)
		return
	}
	writeJSON(w, http.StatusOK, s.json())
}

// serveTokens mints. The one template is convex.
func (c *Instance) serveTokens(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		ExpiresInSeconds *int64 `json:"expires_in_seconds"`
	}
	if !readBody(w, r, &sent) {
		return
	}
	var lifetime time.Duration
	if n := sent.ExpiresInSeconds; n != nil {
		if *n < minExpiresIn || *n > maxExpiresIn {
			writeError(w, http.StatusUnprocessableEntity, "form_param_value_invalid", "expires_in_seconds must be from 30 to 315360000")
			return
		}
		lifetime = time.Duration(*n) * time.Second
	}
	s, ok := c.Session(r.PathValue("id"))
	template := r.PathValue("template")
	if !ok || !s.mints() || template != "" && template != "convex" {
		notFound(w)
		return
	}
	token, err := c.mint(s, lifetime, template)
	if err != nil { // of claims that are no JSON
		writeError(w, http.StatusInternalServerError, "internal_error", err.Error())
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"object": "token", "jwt": token})
}

// serveRevoke answers 200 even if the event could not be delivered: Clerk delivers through Svix, later.
func (c *Instance) serveRevoke(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, ok := c.Session(id); !ok {
		notFound(w)
		return
	}
	_ = c.Revoke(id)
	c.serveSession(w, r)
}

func (c *Instance) serveDeleteUser(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	_ = c.DeleteUser(id)
	writeJSON(w, http.StatusOK, map[string]any{"object": "user", "id": id, "deleted": true})
}

func (c *Instance) serveBanUser(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	_ = c.BanUser(id)
	writeJSON(w, http.StatusOK, userJSON(id, true))
}

// readBody decodes a JSON body; none at all is an empty object. It answers requests with an invalid one.
func readBody(w http.ResponseWriter, r *http.Request, into any) bool {
	if r.ContentLength == 0 {
		return true
	}
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		writeError(w, http.StatusBadRequest, "request_body_invalid", "the body is not the JSON that was expected")
		return false
	}
	return true
}

func notFound(w http.ResponseWriter) {
	writeError(w, http.StatusNotFound, "resource_not_found", "not found")
}

func refuseKey(w http.ResponseWriter) {
	writeError(w, http.StatusUnauthorized, "clerk_key_invalid", "The provided Clerk Secret Key is invalid.")
}

func writeError(w http.ResponseWriter, status int, code, message string) {
	writeJSON(w, status, map[string]any{
		"errors":         []any{map[string]any{"code": code, "message": message, "long_message": message}},
		"clerk_trace_id": randomHex(16),
	})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // all bodies are made here
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

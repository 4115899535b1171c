package keys

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"convexgateway/internal/jwktest"
)

// What is published is found by its URL, or by the discovery document of the issuer.
func TestPublishedIDs(t *testing.T) {
	var document string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/.well-known/openid-configuration":
			_, _ = w.Write([]byte(strings.ReplaceAll(document, "{url}", "http://"+r.Host)))
		case "/keys", jwksPath:
			_, _ = w.Write(keySetOf(jwktest.Of("b", keyB()), jwktest.Of("a", keyA())))
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	client := server.Client()
	given := func(ctx context.Context) ([]string, error) {
		return Published{Issuer: server.URL, URL: server.URL + "/keys"}.IDs(ctx, client)
	}
	discovered := func(ctx context.Context) ([]string, error) { return Published{Issuer: server.URL}.IDs(ctx, client) }
	clerk := func(ctx context.Context) ([]string, error) { return ClerkIDs(ctx, server.URL, client) }
	for name, tt := range map[string]struct {
		document string
		ids      func(context.Context) ([]string, error)
		problem  string
	}{
		"given":            {``, given, ""},
		"discovered":       {`{"issuer":"{url}","jwks_uri":"{url}/keys"}`, discovered, ""},
		"no document":      {``, discovered, "discovery: not the expected JSON"},
		"another issuer":   {`{"issuer":"{url}/","jwks_uri":"{url}/keys"}`, discovered, "which must be written exactly so"},
		"keys by http":     {`{"issuer":"{url}","jwks_uri":"http://keys.example/"}`, discovered, "discovery: jwks_uri: must begin with https"},
		"keys in it":       {`{"issuer":"{url}","jwks_uri":"data:,{}"}`, discovered, "discovery: jwks_uri: not a URL"},
		"no keys there":    {`{"issuer":"{url}","jwks_uri":"{url}/nothing"}`, discovered, "HTTP status 404"},
		"Clerk":            {`{"issuer":"{url}","jwks_uri":"{url}` + jwksPath + `"}`, clerk, ""},
		"Clerk, elsewhere": {`{"issuer":"{url}","jwks_uri":"{url}/keys"}`, clerk, "discovery: names other keys than Clerk's"},
	} {
		document = tt.document
		ids, err := tt.ids(t.Context())
		if tt.problem == "" && (err != nil || strings.Join(ids, " ") != "a b") || tt.problem != "" && (err == nil || !strings.Contains(err.Error(), tt.problem)) {
			t.Errorf("%s: got %v, %v, want %q", name, ids, err, tt.problem)
		}
	}
	client.CloseIdleConnections()
}

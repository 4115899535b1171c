package deployment_test

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v3"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/internal/memnet"
)

const (
	issuerURL     = "http://127.0.0.1:4320"
	deadIssuerURL = "http://127.0.0.1:4399" // where nothing listens
)

// goldenIssuer serves the providers of the recordings, and has their tokens under the names `token:u1`.
type goldenIssuer struct {
	client *http.Client
	tokens bindings
}

func newGoldenIssuer(t *testing.T) *goldenIssuer {
	listener := memnet.Listen()
	server := &http.Server{Handler: http.HandlerFunc(serveGoldenIssuer)}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		if "http://"+address == deadIssuerURL {
			return nil, errors.New("connection refused")
		}
		return listener.Dial(ctx, network, address)
	}
	i := &goldenIssuer{client: &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}}
	i.mintAll()
	return i
}

func serveGoldenIssuer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasPrefix(r.URL.Path, "/fail500"):
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, "{}")
	case strings.HasPrefix(r.URL.Path, "/fail404"):
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "{}")
	case r.URL.Path == "/jwks":
		key := jose.JSONWebKey{Key: devtest.Key().Public(), KeyID: "k1", Algorithm: "RS256", Use: "sig"}
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key}})
	default:
		_, _ = fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":%q}`, issuerURL, issuerURL+"/jwks")
	}
}

func (i *goldenIssuer) providers() []deployment.Provider {
	return []deployment.Provider{
		{Domain: issuerURL, ApplicationID: "convex"}, {Domain: "http://127.0.0.1:4312/clerk", ApplicationID: "convex"},
		{Domain: deadIssuerURL, ApplicationID: "convex"}, {Domain: issuerURL + "/fail500", ApplicationID: "convex"},
		{Domain: issuerURL + "/fail404", ApplicationID: "convex"},
		{Type: deployment.CustomJWT, Issuer: issuerURL + "/custom", JWKS: issuerURL + "/jwks", Algorithm: "RS256", ApplicationID: "my-app"},
	}
}

// claims are those of a token, or of its header. A nil value takes one away.
type claims map[string]any

// in is the time in that many seconds.
func in(seconds int) int64 { return goldenNow().Unix() + int64(seconds) }

func (i *goldenIssuer) mintAll() {
	custom := func(more claims) claims {
		all := claims{"iss": issuerURL + "/custom", "aud": "my-app"}
		maps.Copy(all, more)
		return all
	}
	rich := claims{
		"given_name": "G", "family_name": "F", "nickname": "N", "preferred_username": "P", "profile": "http://p",
		"picture": "http://pic", "website": "http://w", "email": "e@x.y", "email_verified": true, "gender": "g",
		"birthdate": "2000-01-01", "zoneinfo": "Europe/Berlin", "locale": "de", "phone_number": "+1",
		"phone_number_verified": false, "address": claims{"formatted": "Street 1"}, "updated_at": 1700000000,
		"middle_name": "M",
	}
	i.tokens = bindings{"token:garbage": "garbage", "token:jsonarr": sign(nil, "[]"), "token:badsig": broken(i.mint(nil))}
	for name, c := range map[string]claims{
		"u1": nil, "u2": {"sub": "u2"}, "u1b": {"iat": in(-1)}, "expired": {"exp": in(-10)}, "wrongiss": {"iss": "https://other.example"},
		"wrongaud": {"aud": "nope"}, "noaud": {"aud": nil}, "twoaud": {"aud": []string{"convex", "other"}},
		"audarr1": {"aud": []string{"convex"}}, "nonbf": {"nbf": in(-10)}, "nbf": {"nbf": in(3600)}, "iatfuture": {"iat": in(1000)},
		"noexp": {"exp": nil}, "nosub": {"sub": nil}, "noiss": {"iss": nil}, "numsub": {"sub": 5}, "emptysub": {"sub": ""},
		"nested": {"big": json.Number("12345678901234567890"), "custom": json.RawMessage("null"), "flt": 1.5, "neg": -3, "sid": "s", "sts": "active", "v": 2, "org": claims{"id": "o", "roles": []any{"a", 1}}},
		"rich":   rich, "nullname": {"name": json.RawMessage("null")}, "badrich": {"email_verified": "yes"},
		"clerklike": {"sub": "user_ada", "sid": "sess_x", "sts": "active", "v": 2, "fva": []int{0, -1}, "jti": "j", "nbf": in(-10), "azp": "https://x"},
		"slashiss":  {"iss": issuerURL + "/"}, "down": {"iss": deadIssuerURL}, "fail500": {"iss": issuerURL + "/fail500"},
		"fail404": {"iss": issuerURL + "/fail404"}, "expfloat": {"exp": float64(in(3600)) + 0.5}, "expstr": {"exp": "soon"},
		"custom":       custom(claims{"email_verified": true}),
		"customnested": custom(claims{"given_name": "G", "n": 5, "https://x/y": "z", "properties": claims{"id": "1", "deep": claims{"x": []int{1}}}}),
		"customnbf":    custom(claims{"nbf": in(3600)}), "customwrongaud": custom(claims{"aud": "nope"}), "customaud2": custom(claims{"aud": []string{"my-app", "other"}}),
	} {
		i.tokens["token:"+name] = i.mint(c)
	}
	for name, header := range map[string]claims{
		"unknownkid": {"kid": "zz"}, "nokid": {"kid": nil}, "algnone": {"alg": "none"}, "hs256": {"alg": "HS256"},
	} {
		i.tokens["token:"+name] = sign(header, payload(nil))
	}
	i.tokens["token:customnokid"] = sign(claims{"kid": nil}, payload(custom(nil)))
}

// mint signs a token with these claims in place of the usual ones.
func (i *goldenIssuer) mint(c claims) string { return sign(nil, payload(c)) }

func payload(c claims) string {
	all := claims{"iss": issuerURL, "aud": "convex", "sub": "u1", "iat": in(0), "exp": in(3600)}
	maps.Copy(all, c)
	if _, ok := all["name"]; !ok {
		all["name"] = fmt.Sprintf("Name of %v", all["sub"])
	}
	return written(all)
}

func written(c claims) string {
	maps.DeleteFunc(c, func(_ string, value any) bool { return value == nil })
	text, _ := json.Marshal(c)
	return string(text)
}

func sign(header claims, payload string) string {
	all := claims{"alg": "RS256", "typ": "JWT", "kid": "k1"}
	maps.Copy(all, header)
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(written(all))) + "." + encode([]byte(payload))
	sum := sha256.Sum256([]byte(signed))
	var signature []byte
	switch all["alg"] {
	case "RS256":
		signature, _ = rsa.SignPKCS1v15(rand.Reader, devtest.Key(), crypto.SHA256, sum[:])
	case "HS256":
		mac := hmac.New(sha256.New, []byte("secret"))
		mac.Write([]byte(signed))
		signature = mac.Sum(nil)
	}
	return signed + "." + encode(signature)
}

// broken changes a token's signature.
func broken(token string) string {
	at := strings.LastIndexByte(token, '.') + 10
	if token[at] == 'A' {
		return token[:at] + "B" + token[at+1:]
	}
	return token[:at] + "A" + token[at+1:]
}

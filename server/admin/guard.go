package admin

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
	"sync/atomic"
)

// minToken is the length of the shortest token, in bytes: 128 bits in base64.
const minToken = 22

// ValidToken reports whether a token may be that of operators.
func ValidToken(token string) bool { return len(token) >= minToken && len(token) <= 1024 }

// Guard recognizes operators. Safe for concurrent use.
type Guard struct {
	token atomic.Pointer[[sha256.Size]byte] // its hash; nil: none
}

// SetToken replaces the token. "": none.
func (g *Guard) SetToken(token string) {
	if token == "" {
		g.token.Store(nil)
		return
	}
	hash := sha256.Sum256([]byte(token))
	g.token.Store(&hash)
}

// operator returns how a request shows that it is an operator's: "token", or the common name of a certificate that the listener has
// verified. Empty: it does not.
func (g *Guard) operator(r *http.Request) string {
	if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
		return "certificate " + r.TLS.PeerCertificates[0].Subject.CommonName
	}
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	want := g.token.Load()
	if !bearer || want == nil || len(r.Header["Authorization"]) != 1 {
		return ""
	}
	if hash := sha256.Sum256([]byte(token)); subtle.ConstantTimeCompare(hash[:], want[:]) == 1 {
		return "token"
	}
	return ""
}

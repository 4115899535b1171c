package call

import (
	"crypto/rand"
	"encoding/hex"
)

// RequestIDHeader is the header of a call's id, in requests and responses. The id is also in logs, and in error texts of the
// deployment.
const RequestIDHeader = "x-request-id"

// RequestIDOf returns the id that a caller sent if it is valid, else a new one.
func RequestIDOf(sent string) string {
	if validRequestID(sent) {
		return sent
	}
	return newRequestID()
}

// validRequestID reports whether an id is 1 to 128 visible ASCII characters: it goes into logs and headers as it is.
func validRequestID(id string) bool {
	if len(id) == 0 || len(id) > 128 {
		return false
	}
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return true
}

func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

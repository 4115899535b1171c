package rpc

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"

	"convexgateway/convex"
	"convexgateway/server/call"
)

// resumeToken identifies a result of a stream. Its text is base64url of: version (1 byte), content hash (16 bytes), read time
// (8 bytes, big-endian ns), and of a page its sealed journal. The hash covers identity, path, canonical arguments and outcome, so a token
// matches only the stream that it came from, on any replica. Nothing else in it is secret or trusted: a client that forges one misses a value or
// waits a second.
type resumeToken struct {
	hash     [16]byte
	readTime uint64
	journal  string // sealed bytes; empty: none
}

const (
	resumeVersion     = 1
	pageVersion       = 2 // with a journal
	resumeSize        = 1 + 16 + 8
	maxResumeTokenLen = 4 << 10
)

// String returns the text. A journal that would make it too long is left out.
func (t resumeToken) String() string {
	b := make([]byte, 0, resumeSize+len(t.journal))
	if t.journal == "" {
		b = append(b, resumeVersion)
	} else {
		b = append(b, pageVersion)
	}
	b = append(b, t.hash[:]...)
	b = binary.BigEndian.AppendUint64(b, t.readTime)
	b = append(b, t.journal...)
	if base64.RawURLEncoding.EncodedLen(len(b)) > maxResumeTokenLen {
		t.journal = ""
		return t.String()
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseResumeToken reads a token. Empty text, and tokens of versions to come, count as none.
func parseResumeToken(text string) (resumeToken, error) {
	var t resumeToken
	if text == "" {
		return t, nil
	}
	if len(text) > maxResumeTokenLen {
		return t, call.InvalidField("resume_token", "is longer than 4096 bytes")
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) == 0 {
		return t, call.InvalidField("resume_token", "is not one that this gateway gave out")
	}
	if b[0] != resumeVersion && b[0] != pageVersion {
		return t, nil
	}
	if len(b) < resumeSize || (len(b) > resumeSize) != (b[0] == pageVersion) {
		return t, call.InvalidField("resume_token", "is not one that this gateway gave out")
	}
	copy(t.hash[:], b[1:])
	t.readTime, t.journal = binary.BigEndian.Uint64(b[17:]), string(b[resumeSize:])
	return t, nil
}

// CheckResumeToken reports whether a text is a resume token, or empty.
func CheckResumeToken(text string) error {
	_, err := parseResumeToken(text)
	return err
}

// resumeHash returns what the tokens of a result have in common, whenever it was read.
func resumeHash(identity convex.Identity, inv Invocation, r *convex.Result) (sum [16]byte) {
	h := sha256.New()
	part(h, identity[:])
	part(h, []byte(inv.Path.Canonical()))
	part(h, inv.Args)
	if r.Err != nil {
		part(h, []byte("threw"))
		part(h, []byte(r.Err.Summary()))
		part(h, canonical(r.Err.Data))
	} else {
		part(h, []byte("returned"))
		part(h, canonical(r.Value))
	}
	copy(sum[:], h.Sum(nil))
	return sum
}

// canonical returns the same text for equal values. A text that is no Convex value is returned as it is.
func canonical(text []byte) []byte {
	if text == nil {
		return nil
	}
	if c, err := convex.Canonical(text); err == nil {
		return c
	}
	return text
}

// part hashes one part behind its length, so that no two lists of parts hash alike.
func part(h hash.Hash, b []byte) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(b)))
	h.Write(n[:])
	h.Write(b)
}

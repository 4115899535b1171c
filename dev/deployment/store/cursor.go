package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// cursorKey encrypts cursors, so that clients can neither read nor make one. Equal cursors have equal texts, so that an
// unchanged page stays the same text.
type cursorKey [32]byte

// cursor is a position in one database query: after a key, or after the last one.
type cursor struct {
	query [16]byte // fingerprint of the query that it is for
	end   bool
	after []byte
}

var errCursorSyntax = wording("Failed to parse cursor")

// ErrCursorOfOtherQuery is the error for a cursor of another query: get-convex/convex-backend
// crates/database/src/query/mod.rs invalid_cursor.
var ErrCursorOfOtherQuery = wording("InvalidCursor: Tried to run a query starting from a cursor, but it looks like this cursor " +
	"is from a different query.")

func (k cursorKey) seal(c cursor) string {
	plain := append([]byte{0}, c.query[:]...)
	if c.end {
		plain[0] = 1
	}
	plain = append(plain, c.after...)
	nonce := k.nonce(plain)
	return base64.RawURLEncoding.EncodeToString(k.cipher().Seal(nonce, nonce, plain, nil))
}

// journalNonce is the length of the random text that makes every journal another, in characters.
const journalNonce = 28

// sealJournal makes a journal, which is another text each time.
func (k cursorKey) sealJournal(c cursor) string {
	var nonce [journalNonce / 2]byte
	rand.Read(nonce[:])
	return hex.EncodeToString(nonce[:]) + k.seal(c)
}

func withoutNonce(journal string) string { return journal[min(len(journal), journalNonce):] }

// CheckJournal fails for a journal that cannot be read, whatever query it is for.
func (db *Database) CheckJournal(journal string) error {
	_, err := db.cursors.open(withoutNonce(journal))
	return err
}

func (k cursorKey) open(text string) (cursor, error) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	aead := k.cipher()
	if err != nil || strings.ContainsAny(text, "\r\n") || len(sealed) < aead.NonceSize() {
		return cursor{}, errCursorSyntax
	}
	nonce := sealed[:aead.NonceSize()]
	plain, err := aead.Open(nil, nonce, sealed[aead.NonceSize():], nil)
	if err != nil || len(plain) < 1+len(cursor{}.query) {
		return cursor{}, errCursorSyntax
	}
	c := cursor{end: plain[0] == 1, after: plain[1+len(cursor{}.query):]}
	copy(c.query[:], plain[1:])
	return c, nil
}

// openFor also fails for a cursor of another query.
func (k cursorKey) openFor(text string, query [16]byte) (cursor, error) {
	c, err := k.open(text)
	if err == nil && c.query != query {
		return cursor{}, ErrCursorOfOtherQuery
	}
	return c, err
}

// nonce is derived from the text itself: equal nonces reveal equal texts, and nothing else.
func (k cursorKey) nonce(plain []byte) []byte {
	mac := hmac.New(sha256.New, k[16:])
	mac.Write(plain)
	return mac.Sum(nil)[:12]
}

func (k cursorKey) cipher() cipher.AEAD {
	block, err := aes.NewCipher(k[:16])
	if err != nil {
		panic(err) // only for a wrong key length
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}

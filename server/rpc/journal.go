package rpc

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/json"
)

// journals seal the journals of pages for resume tokens. A journal is no secret, but one of another page would bend a page without a sign,
// so it is bound to path and arguments. The first key seals, all open. The zero value seals none. Safe for concurrent use.
type journals struct{ keys []cipher.AEAD }

func newJournals(keys [][]byte) (journals, error) {
	var j journals
	for _, key := range keys {
		block, err := aes.NewCipher(key)
		if err != nil {
			return j, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return j, err
		}
		j.keys = append(j.keys, aead)
	}
	return j, nil
}

// seal returns a journal sealed for a page; empty if there are no keys.
func (j journals) seal(journal string, inv Invocation) string {
	if len(j.keys) == 0 {
		return ""
	}
	return string(j.keys[0].Seal(nil, nil, []byte(journal), journalOf(inv))) //nolint:gosec // it makes its own nonce
}

// open returns the journal that was sealed for a page; empty if it was not.
func (j journals) open(sealed string, inv Invocation) string {
	for _, key := range j.keys {
		if journal, err := key.Open(nil, nil, []byte(sealed), journalOf(inv)); err == nil {
			return string(journal)
		}
	}
	return ""
}

// journalOf identifies a page.
func journalOf(inv Invocation) []byte {
	h := sha256.New()
	part(h, []byte("convexgateway journal 1"))
	part(h, []byte(inv.Path.Canonical()))
	part(h, inv.Args)
	return h.Sum(nil)
}

// isPage reports whether arguments are those of a page that is nobody else's: they have a paginationOpts.id.
func isPage(args []byte) bool {
	var a struct {
		Options struct {
			ID json.RawMessage `json:"id"`
		} `json:"paginationOpts"`
	}
	return json.Unmarshal(args, &a) == nil && len(a.Options.ID) > 0
}

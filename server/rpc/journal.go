package rpc

import (
	"crypto/sha256"
	"encoding/json"

	"convexgateway/internal/keyring"
)

// journals seal the journals of pages for resume tokens. A journal is no secret, but one of another page would bend a page without a sign,
// so it is bound to path and arguments. Without keys none is sealed. Safe for concurrent use.
type journals struct{ keys *keyring.Ring }

// seal returns a journal sealed for a page; empty if there are no keys.
func (j journals) seal(journal string, inv Invocation) string {
	if j.keys.Empty() {
		return ""
	}
	return string(j.keys.Seal([]byte(journal), journalOf(inv)))
}

// open returns the journal that was sealed for a page; empty if it was not.
func (j journals) open(sealed string, inv Invocation) string {
	if sealed == "" {
		return ""
	}
	journal, _ := j.keys.Open([]byte(sealed), journalOf(inv))
	return string(journal)
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

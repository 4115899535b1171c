package auth

import (
	"context"
	"crypto/sha256"
	"sync"
)

// underWay knows the tokens that are being verified. All streams of a user may arrive with one token at the same time: one of
// them verifies it, and the others find it verified. The zero value is ready.
type underWay struct {
	mu     sync.Mutex
	tokens map[[sha256.Size]byte]chan struct{} // closed at the end
}

// enter waits while another call verifies the token, if one does, but for no second one. Call leave in the end.
func (u *underWay) enter(ctx context.Context, token [sha256.Size]byte) (leave func()) {
	other, own := u.begin(token)
	if other == nil {
		return func() { u.end(token, own) }
	}
	select {
	case <-other:
	case <-ctx.Done():
	}
	return func() {}
}

// begin returns the end of the verification that is under way, or a channel for the end of the caller's own.
func (u *underWay) begin(token [sha256.Size]byte) (other, own chan struct{}) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if other = u.tokens[token]; other != nil {
		return other, nil
	}
	if u.tokens == nil {
		u.tokens = make(map[[sha256.Size]byte]chan struct{})
	}
	own = make(chan struct{})
	u.tokens[token] = own
	return nil, own
}

func (u *underWay) end(token [sha256.Size]byte, own chan struct{}) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.tokens, token)
	close(own)
}

package live

import (
	"fmt"
	"testing"
	"time"

	"convexgateway/auth"
	"convexgateway/dev/deployment"
)

// Streams of one identity end at the same time, so that their client opens all of them on one replica.
func TestDrainEndsStreamsOfAnIdentityTogether(t *testing.T) {
	t.Parallel()
	d, err := deployment.Start(t.Context(), deployment.Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	verifier, err := auth.NewClerkVerifier(auth.Config{Issuers: []string{d.IssuerURL()}})
	if err != nil {
		t.Fatal(err)
	}
	defer verifier.Close()
	different := map[time.Duration]bool{}
	for n := range 20 {
		identify := func() *auth.Identity {
			token, err := d.Token(deployment.TokenRequest{User: fmt.Sprint("user", n)})
			if err != nil {
				t.Fatal(err)
			}
			id, err := verifier.Verify(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		first := drainDelay(identify(), 5*time.Second)
		if again := drainDelay(identify(), 5*time.Second); again != first || first < 0 || first >= 5*time.Second {
			t.Errorf("streams of one identity end after %v and %v", first, again)
		}
		different[first] = true
	}
	if len(different) < 15 {
		t.Errorf("20 identities end at %d times", len(different))
	}
	if drainDelay(nil, 0) != 0 {
		t.Error("without a period an anonymous stream does not end at once")
	}
}

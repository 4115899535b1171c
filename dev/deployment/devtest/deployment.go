package devtest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"sync"
	"testing"
	"time"

	devclerk "convexgateway/dev/clerk"
	"convexgateway/dev/deployment"
	"convexgateway/internal/memnet"
)

// Key is one RSA key for all stores of a test binary.
var Key = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// NewStore is [deployment.NewStore] with Key, because making one takes long.
func NewStore() *deployment.Store {
	return deployment.NewStoreOf(devclerk.Config{Key: Key()})
}

// Start runs a deployment on a free port until the test ends.
func Start(t *testing.T, cfg deployment.Config) *deployment.Deployment {
	t.Helper()
	cfg.Addr = "127.0.0.1:0"
	if cfg.Store == nil {
		cfg.Store = NewStore()
	}
	d, err := deployment.Start(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// StartInMemory runs a deployment on in-memory connections. Call it inside the synctest bubble.
func StartInMemory(t *testing.T, cfg deployment.Config) (d *deployment.Deployment, via *http.Client) {
	t.Helper()
	if cfg.Store == nil {
		cfg.Store = NewStore()
	}
	listener := memnet.Listen()
	cfg.Listener = listener
	d, err := deployment.Start(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d, &http.Client{Transport: &http.Transport{DialContext: listener.Dial, DisableKeepAlives: true}}
}

// Context is the context of one step of a test.
func Context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 10*time.Minute) // of fake time in a bubble; go test has its own limit
}

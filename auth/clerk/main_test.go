package clerk

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"sync"
	"testing"
	"time"

	"convexgateway/auth"
	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// start is the time at which the tests with a clock of their own begin.
var start = time.Unix(1_790_000_000, 0)

func atStart() time.Time { return start }

// signingKey is made once per run: making one takes longer than most tests.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// reasonOf returns the reason of an *auth.Error, or "".
func reasonOf(err error) auth.Reason {
	if e, ok := errors.AsType[*auth.Error](err); ok && e != nil {
		return e.Reason
	}
	return ""
}

package lease

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"convexgateway/auth"
	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// start is when the tokens of tests without a bubble are issued.
var start = time.Unix(1_790_000_000, 0)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// reasonOf returns the reason of an *auth.Error, or "".
func reasonOf(err error) auth.Reason {
	if e, ok := errors.AsType[*auth.Error](err); ok && e != nil {
		return e.Reason
	}
	return ""
}

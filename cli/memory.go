package cli

import (
	"errors"
	"log/slog"
	"math"
	"os"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// limitMemory sets the memory limit of the garbage collector to nine tenths of the container's, unless GOMEMLIMIT sets one.
// Without a container's limit it changes nothing.
func limitMemory(logger *slog.Logger, container memlimit.Provider) {
	if os.Getenv("GOMEMLIMIT") == "" {
		_ = os.Unsetenv("GOMEMLIMIT") // Go ignores an empty variable; the library does not
	}
	limit, err := memlimit.Set(memlimit.WithRatio(0.9), memlimit.WithProvider(container))
	switch {
	case err == nil && limit > 0 && limit < math.MaxInt64:
		logger.Info("memory limit", "bytes", limit)
	case err != nil && !errors.Is(err, memlimit.ErrNoLimit) && !errors.Is(err, memlimit.ErrNoCgroup) && !errors.Is(err, memlimit.ErrCgroupsNotSupported):
		logger.Warn("the container's memory limit cannot be read", "error", err)
	}
}

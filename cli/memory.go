package cli

import (
	"errors"
	"log/slog"
	"math"
	"os"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// limitMemory makes the garbage collector keep within the container's memory: nine tenths of it, unless GOMEMLIMIT says
// otherwise. A process without such a limit is left alone.
func limitMemory(logger *slog.Logger, container memlimit.Provider) {
	if os.Getenv("GOMEMLIMIT") == "" {
		_ = os.Unsetenv("GOMEMLIMIT") // a variable of nothing says nothing, for Go; the library would keep off
	}
	limit, err := memlimit.Set(memlimit.WithRatio(0.9), memlimit.WithProvider(container))
	switch {
	case err == nil && limit > 0 && limit < math.MaxInt64:
		logger.Info("memory limit", "bytes", limit)
	case err != nil && !errors.Is(err, memlimit.ErrNoLimit) && !errors.Is(err, memlimit.ErrNoCgroup) && !errors.Is(err, memlimit.ErrCgroupsNotSupported):
		logger.Warn("the container's memory limit cannot be read", "error", err)
	}
}

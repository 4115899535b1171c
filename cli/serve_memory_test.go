package cli

import (
	"bytes"
	"errors"
	"log/slog"
	"math"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// The container's memory limits the collector, GOMEMLIMIT comes first, and without a limit nothing changes.
func TestLimitMemory(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	container := func() (uint64, error) { return 1 << 30, nil }
	for name, c := range map[string]struct {
		provider memlimit.Provider
		env      string
		want     int64
		log      string
	}{
		"a container of 1 GiB": {container, "", 966367641, "memory limit"},
		"GOMEMLIMIT is set":    {container, "512MiB", math.MaxInt64, ""}, // and was read when the process began
		"no limit":             {func() (uint64, error) { return 0, memlimit.ErrNoLimit }, "", math.MaxInt64, ""},
		"no cgroup":            {func() (uint64, error) { return 0, memlimit.ErrNoCgroup }, "", math.MaxInt64, ""},
		"not readable":         {func() (uint64, error) { return 0, errors.New("boom") }, "", math.MaxInt64, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			debug.SetMemoryLimit(math.MaxInt64)
			t.Setenv("GOMEMLIMIT", c.env)
			var log bytes.Buffer
			limitMemory(slog.New(slog.NewTextHandler(&log, nil)), c.provider)
			if got := debug.SetMemoryLimit(-1); got != c.want || !strings.Contains(log.String(), c.log) || c.log == "" && log.Len() > 0 {
				t.Errorf("limit %d, want %d; log %s", got, c.want, &log)
			}
		})
	}
}

package machine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
)

// ModuleRoot returns the directory of go.mod.
func ModuleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	path := strings.TrimSpace(string(out))
	if err != nil || path == "" || path == os.DevNull {
		return "", fmt.Errorf("run it within the module: %w", err)
	}
	return filepath.Dir(path), nil
}

// RaiseFileLimit raises the limit of open files of this process, and of those that it starts, to what the system allows, and
// returns it.
func RaiseFileLimit() int {
	const enough = 1 << 17
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 1024
	}
	more := limit
	more.Cur, more.Max = max(limit.Max, enough), max(limit.Max, enough)
	if syscall.Setrlimit(syscall.RLIMIT_NOFILE, &more) != nil { // not root
		more.Cur, more.Max = limit.Max, limit.Max
		if syscall.Setrlimit(syscall.RLIMIT_NOFILE, &more) != nil {
			more = limit
		}
	}
	return int(min(more.Cur, enough))
}

// Describe describes the machine and the versions that the figures belong to.
func Describe() string {
	model := "unknown CPU"
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, after, found := strings.Cut(string(text), "model name\t: "); found {
			model, _, _ = strings.Cut(after, "\n")
		}
	}
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	versions := []string{runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			switch m.Path {
			case "google.golang.org/grpc", "google.golang.org/protobuf", "github.com/coder/websocket":
				versions = append(versions, m.Path[strings.LastIndexByte(m.Path, '/')+1:]+" "+m.Version)
			}
		}
	}
	return fmt.Sprintf("%d cores of %s, Linux %s, %s, no TLS; load and servers share the machine", runtime.NumCPU(), strings.TrimSpace(model),
		strings.TrimSpace(string(kernel)), strings.Join(versions, ", "))
}

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// toolchain is the Go release of the binaries; .ci/supply checks its standard library for vulnerabilities.
const toolchain = "go1.26.11"

// platforms are what binaries are made for.
var platforms = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64"}

// binary is the program for one platform.
type binary struct {
	os, arch, path string
}

// build makes a static binary that prints the version.
func (r *release) build(ctx context.Context, platform string) (binary, error) {
	b := binary{}
	var ok bool
	if b.os, b.arch, ok = strings.Cut(platform, "/"); !ok {
		return b, fmt.Errorf("not OS/ARCH")
	}
	b.path = filepath.Join(r.out, fmt.Sprintf("convexgateway_%s_%s_%s", r.version, b.os, b.arch))
	if b.os == "windows" {
		b.path += ".exe"
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", //nolint:gosec // a version is checked
		fmt.Sprintf("-s -w -X convexgateway/cli.releaseVersion=v%s -X convexgateway/cli.releaseCommit=%s", r.version, r.commit), "-o", b.path, ".")
	cmd.Dir = r.root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOTOOLCHAIN="+toolchain, "GOOS="+b.os, "GOARCH="+b.arch)
	_, err := output(cmd)
	return b, err
}

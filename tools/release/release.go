package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// release is one version and its folder.
type release struct {
	root, out string // absolute
	version   string // without the v of the tag
	commit    string
	time      time.Time // of the commit
}

var versions = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$`)

// newRelease reads tag and commit, and makes the folder.
func newRelease(ctx context.Context, s settings) (r *release, err error) {
	if s.out == "" {
		return nil, errors.New("-out is missing")
	}
	r = &release{}
	if r.root, err = filepath.Abs(s.root); err != nil {
		return nil, err
	}
	if r.out, err = filepath.Abs(s.out); err != nil {
		return nil, err
	}
	tag := s.version
	if tag == "" {
		if tag, err = r.tag(ctx); err != nil {
			return nil, err
		}
	}
	if !versions.MatchString(tag) {
		return nil, fmt.Errorf("%q is no version", tag)
	}
	r.version = tag[1:]
	commit, err := r.git(ctx, "log", "-1", "--format=%H %cI")
	if err != nil {
		return nil, err
	}
	hash, when, _ := strings.Cut(commit, " ")
	r.commit = hash
	if r.time, err = time.Parse(time.RFC3339, when); err != nil {
		return nil, err
	}
	r.time = r.time.UTC()
	if err := os.MkdirAll(r.out, 0o755); err != nil { //nolint:gosec // to be published
		return nil, err
	}
	if found, err := os.ReadDir(r.out); err != nil || len(found) > 0 {
		return nil, errors.Join(fmt.Errorf("%s is not empty", r.out), err)
	}
	return r, nil
}

// tag returns the tag at HEAD, and fails if something has changed since.
func (r *release) tag(ctx context.Context) (string, error) {
	changed, err := r.git(ctx, "status", "--porcelain")
	if err != nil {
		return "", err
	}
	if changed != "" {
		return "", fmt.Errorf("not committed:\n%s", changed)
	}
	return r.git(ctx, "describe", "--tags", "--exact-match", "--match", "v*")
}

func (r *release) git(ctx context.Context, args ...string) (string, error) {
	return output(exec.CommandContext(ctx, "git", append([]string{"-C", r.root}, args...)...)) //nolint:gosec // arguments written here
}

// output runs a command. Its error has what the command has written to stderr.
func output(cmd *exec.Cmd) (string, error) {
	var failure strings.Builder
	cmd.Stderr = &failure
	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, failure.String())
	}
	return strings.TrimSpace(string(text)), nil
}

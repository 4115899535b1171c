package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"convexgateway/dev/deployment"
)

// suite is a client's tests.
type suite struct {
	name     string
	dir      string     // below the source folder
	commands [][]string // install what is needed, then test; all with the variables of the target
	passed   *regexp.Regexp
	prepare  func(ctx context.Context, d *deployment.Deployment, dir string) error // before the commands; may be nil. It needs an own deployment
}

var suites = []suite{
	{
		name: "js", dir: "js",
		commands: [][]string{{"npm", "ci"}, {"npm", "test"}},
		passed:   regexp.MustCompile(`(?m)^ℹ pass (\d+)`),
	},
	{
		name: "python", dir: "python",
		commands: [][]string{
			{"python3", "-m", "venv", ".venv"},
			{".venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"},
			{".venv/bin/python", "-m", "unittest", "-v"},
		},
		passed: regexp.MustCompile(`(?m)^Ran (\d+) tests?`),
	},
	{
		name: "rust", dir: "rust",
		commands: [][]string{{"cargo", "test", "--", "--test-threads=1", "--show-output"}},
		passed:   regexp.MustCompile(`(?m)^test result: ok\. (\d+) passed`),
	},
	{
		name: "frames", dir: "frames", prepare: recordAllFrames,
		commands: [][]string{
			{"cargo", "run", "--quiet", "--", "check", recording},
			{"cargo", "run", "--quiet", "--", "check", sentRecording},
			{"cargo", "run", "--quiet", "--", "current", fixture},
		},
		passed: regexp.MustCompile(`(?m)^(\d+) frames`),
	},
}

// suiteTime is enough to compile the slowest suite on two cores.
const suiteTime = 20 * time.Minute

// killDelay is how long a stopped command waits for its children.
const killDelay = 5 * time.Second

// run returns how many tests passed.
func (s suite) run(ctx context.Context, source string, out io.Writer) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, suiteTime)
	defer cancel()
	to, err := newTarget(ctx)
	if err != nil {
		return 0, err
	}
	defer to.close()
	dir := filepath.Join(source, s.dir)
	if s.prepare != nil {
		if err := s.prepare(ctx, to.own, dir); err != nil {
			return 0, err
		}
	}
	var output bytes.Buffer
	for _, command := range s.commands {
		if err := runIn(ctx, dir, to.environment(), command, io.MultiWriter(out, &output)); err != nil {
			return 0, err
		}
	}
	return countPassed(s.passed, output.Bytes())
}

func runIn(ctx context.Context, dir string, environment, command []string, out io.Writer) error {
	c := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // of the table above
	c.Dir = dir
	c.Env = append(os.Environ(), environment...)
	c.Stdout, c.Stderr = out, out
	c.WaitDelay = killDelay
	if err := c.Run(); err != nil {
		return fmt.Errorf("%v: %w", command, err)
	}
	return nil
}

// countPassed adds up the totals in the output of a test runner.
func countPassed(total *regexp.Regexp, output []byte) (sum int, err error) {
	for _, match := range total.FindAllSubmatch(output, -1) {
		n, err := strconv.Atoi(string(match[1]))
		if err != nil {
			return 0, err
		}
		sum += n
	}
	if sum == 0 {
		return 0, errors.New("no test ran")
	}
	return sum, nil
}

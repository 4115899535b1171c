package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server that is measured, or that a measured one needs.
type process struct {
	name  string
	cmd   *exec.Cmd
	stdin io.Closer
	log   string     // file of its stderr
	line  string     // first of its stdout
	ended chan error // one value: the error of Wait

	profiler *profiler // nil: not profiled
	label    string    // of what is measured, for profiles
}

// launch starts a process and waits for the first line of its stdout.
func (b *bench) launch(ctx context.Context, name string, cmd *exec.Cmd) (*process, error) {
	b.started++
	p := &process{name: name, cmd: cmd, log: filepath.Join(b.dir, fmt.Sprintf("%d-%s.log", b.started, name)), ended: make(chan error, 1)}
	log, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd.Stderr = log
	if p.stdin, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	b.processes = append(b.processes, p)
	lines := make(chan string, 1)
	go func() {
		r := bufio.NewReader(stdout)
		line, _ := r.ReadString('\n')
		lines <- line
		_, _ = io.Copy(io.Discard, r)
		p.ended <- cmd.Wait()
	}()
	timer := time.NewTimer(time.Minute)
	defer timer.Stop()
	select {
	case p.line = <-lines:
	case <-timer.C:
	case <-ctx.Done():
	}
	if p.line == "" {
		return nil, fmt.Errorf("%s did not start: %s", name, p.tail())
	}
	return p, nil
}

// own starts one of this command's own servers.
func (b *bench) own(ctx context.Context, name string, args ...string) (*process, ready, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, ready{}, err
	}
	p, err := b.launch(ctx, name, exec.Command(self, append([]string{serveArg, name}, args...)...))
	if err != nil {
		return nil, ready{}, err
	}
	r, err := readyLine(p.line)
	return p, r, err
}

func readyLine(line string) (r ready, err error) {
	return r, json.Unmarshal([]byte(line), &r)
}

// tail returns the end of the process's stderr.
func (p *process) tail() string {
	text, _ := os.ReadFile(p.log)
	return string(text[max(0, len(text)-2000):])
}

// stop ends the process, with SIGKILL if SIGTERM is not enough. It may be called twice.
func (p *process) stop() {
	if p.cmd.ProcessState != nil {
		return
	}
	_ = p.stdin.Close()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	if !p.waitFor(15 * time.Second) {
		_ = p.cmd.Process.Kill()
		p.waitFor(15 * time.Second)
	}
}

func (p *process) waitFor(limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-p.ended:
		p.ended <- err
		return true
	case <-timer.C:
		return false
	}
}

// cpu returns the CPU time that the process has used, in user and kernel. Its resolution is 10 ms.
func (p *process) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("%s: %w: %s", p.name, err, p.tail())
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // of proc_pid_stat(5), from the third on
	user, err1 := strconv.ParseInt(fields[14-3], 10, 64)
	kernel, err2 := strconv.ParseInt(fields[15-3], 10, 64)
	if err1 != nil || err2 != nil {
		return 0, fmt.Errorf("%s: /proc/pid/stat is not as expected", p.name)
	}
	return time.Duration(user+kernel) * (time.Second / 100), nil // USER_HZ is 100 on all of Linux
}

// rss returns the process's resident memory in bytes.
func (p *process) rss() (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("%s: %w: %s", p.name, err, p.tail())
	}
	_, after, found := strings.Cut(string(text), "VmRSS:")
	fields := strings.Fields(after)
	if !found || len(fields) == 0 {
		return 0, fmt.Errorf("%s: no VmRSS", p.name)
	}
	kib, err := strconv.ParseFloat(fields[0], 64)
	return kib * 1024, err
}

// files returns how many file descriptors the process has open.
func (p *process) files() int {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
	return len(entries)
}

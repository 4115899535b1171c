package process

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Process is a server that is measured, or that a measured one needs.
type Process struct {
	name  string
	Cmd   *exec.Cmd
	stdin io.Closer
	Log   string     // file of its stderr
	Line  string     // first of its stdout
	ended chan error // one value: the error of Wait

	Profiler *Profiler // nil: not profiled
	Label    string    // of what is measured, for profiles
}

// Start starts a process and waits for the first line of its stdout. Its stderr goes to the file log. The process is
// returned also if it has started and then failed.
func Start(ctx context.Context, name, log string, cmd *exec.Cmd) (*Process, error) {
	p := &Process{name: name, Cmd: cmd, Log: log, ended: make(chan error, 1)}
	output, err := os.Create(p.Log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = output.Close() }()
	cmd.Stderr = output
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
	case p.Line = <-lines:
	case <-timer.C:
	case <-ctx.Done():
	}
	if p.Line == "" {
		return p, fmt.Errorf("%s did not start: %s", name, p.tail())
	}
	return p, nil
}

// tail returns the end of the process's stderr.
func (p *Process) tail() string {
	text, _ := os.ReadFile(p.Log)
	return string(text[max(0, len(text)-2000):])
}

// Stop ends the process, with SIGKILL if SIGTERM is not enough. It may be called twice.
func (p *Process) Stop() {
	if p.Cmd.ProcessState != nil {
		return
	}
	_ = p.stdin.Close()
	_ = p.Cmd.Process.Signal(syscall.SIGTERM)
	if !p.WaitFor(15 * time.Second) {
		_ = p.Cmd.Process.Kill()
		p.WaitFor(15 * time.Second)
	}
}

// WaitFor waits for the end of the process, and reports whether it came within the limit.
func (p *Process) WaitFor(limit time.Duration) bool {
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
func (p *Process) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Cmd.Process.Pid))
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

// RSS returns the process's resident memory in bytes.
func (p *Process) RSS() (float64, error) { return p.memory("VmRSS:") }

// PeakRSS returns the largest resident memory that the process has had since ResetPeak, in bytes.
func (p *Process) PeakRSS() (float64, error) { return p.memory("VmHWM:") }

// ResetPeak makes the peak of the resident memory what it is now, which it returns.
func (p *Process) ResetPeak() (float64, error) {
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.Cmd.Process.Pid), []byte("5"), 0); err != nil {
		return 0, fmt.Errorf("%s: %w", p.name, err)
	}
	return p.RSS()
}

// memory returns a figure of /proc/pid/status, in bytes.
func (p *Process) memory(name string) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("%s: %w: %s", p.name, err, p.tail())
	}
	_, after, found := strings.Cut(string(text), name)
	fields := strings.Fields(after)
	if !found || len(fields) == 0 {
		return 0, fmt.Errorf("%s: no %s", p.name, name)
	}
	kib, err := strconv.ParseFloat(fields[0], 64)
	return kib * 1024, err
}

// Files returns how many file descriptors the process has open.
func (p *Process) Files() int {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.Cmd.Process.Pid))
	return len(entries)
}

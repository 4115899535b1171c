package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// spend returns the CPU time that the process uses while do runs.
func (p *process) spend(do func() error) (time.Duration, error) {
	stop, err := p.profiler.start(p.label)
	if err != nil {
		return 0, err
	}
	before, err := p.cpu()
	if err != nil {
		return 0, err
	}
	if err := do(); err != nil {
		return 0, err
	}
	after, err := p.cpu()
	if err != nil {
		return 0, err
	}
	return after - before, stop()
}

// profiler takes CPU profiles of a process that serves them (package bench/profiled). A nil one takes none.
type profiler struct {
	url, dir string
	taken    int
}

// start starts a profile. stop writes it to a file named after the label.
func (p *profiler) start(label string) (stop func() error, err error) {
	if p == nil {
		return func() error { return nil }, nil
	}
	resp, err := http.Post(p.url+"/start", "", nil)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	return func() error { return p.stop(label) }, nil
}

func (p *profiler) stop(label string) error {
	resp, err := http.Post(p.url+"/stop", "", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := os.MkdirAll(p.dir, 0o750); err != nil {
		return err
	}
	p.taken++
	name := strings.NewReplacer(" ", "_", ",", "", "%", "").Replace(fmt.Sprintf("%s_%d.pprof", label, p.taken))
	file, err := os.Create(filepath.Join(p.dir, name))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	_, err = io.Copy(file, resp.Body)
	return err
}

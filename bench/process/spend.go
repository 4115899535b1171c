package process

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Spend returns the CPU time that the process uses while do runs.
func (p *Process) Spend(do func() error) (time.Duration, error) {
	stop, err := p.Profiler.start(p.Label)
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

// Profiler takes CPU profiles of a process that serves them (package bench/profiled). A nil one takes none.
type Profiler struct {
	URL, Dir string
	taken    int
}

// start starts a profile. stop writes it to a file named after the label.
func (p *Profiler) start(label string) (stop func() error, err error) {
	if p == nil {
		return func() error { return nil }, nil
	}
	resp, err := http.Post(p.URL+"/start", "", nil)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	return func() error { return p.stop(label) }, nil
}

func (p *Profiler) stop(label string) error {
	resp, err := http.Post(p.URL+"/stop", "", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := os.MkdirAll(p.Dir, 0o750); err != nil {
		return err
	}
	p.taken++
	name := strings.NewReplacer(" ", "_", ",", "", "%", "").Replace(fmt.Sprintf("%s_%d.pprof", label, p.taken))
	file, err := os.Create(filepath.Join(p.Dir, name))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	_, err = io.Copy(file, resp.Body)
	return err
}

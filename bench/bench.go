package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"convexgateway/bench/load"
	"convexgateway/bench/machine"
	"convexgateway/bench/process"
	"convexgateway/bench/table"
)

// section is a group of rows.
type section struct {
	name    string
	measure func(*bench, context.Context) error
}

var sections = []section{
	{"unary", (*bench).unary},
	{"rest", (*bench).rest},
	{"node", (*bench).node},
	{"fanout", (*bench).fanout},
	{"typed", (*bench).typed},
	{"sse", (*bench).sse},
	{"idle", (*bench).idle},
	{"watch", (*bench).watch},
	{"storm", (*bench).storm},
	{"identities", (*bench).identities},
	{"shared", (*bench).shared},
	{"slow", (*bench).slow},
	{"mutate", (*bench).mutate},
	{"attack", (*bench).attack},
	{"micro", (*bench).micro},
}

func sectionNames() []string {
	names := make([]string, len(sections))
	for i, s := range sections {
		names[i] = s.name
	}
	return names
}

// bench is one run of the command.
type bench struct {
	settings
	progress io.Writer
	root     string // of the module
	dir      string // temporary
	binary   string // of the gateway
	maxFiles int

	started   int
	processes []*process.Process
	rows      []table.Row
	notes     []string
	faults    load.Faults
}

func newBench(s settings, progress io.Writer) (*bench, error) {
	b := &bench{settings: s, progress: progress, maxFiles: machine.RaiseFileLimit()}
	var err error
	if b.root, err = machine.ModuleRoot(context.Background()); err != nil {
		return nil, err
	}
	b.dir, err = os.MkdirTemp("", "bench-")
	return b, err
}

// close ends what is still running.
func (b *bench) close() {
	b.stopAll()
	_ = os.RemoveAll(b.dir)
}

func (b *bench) stopAll() {
	for _, p := range b.processes {
		p.Stop()
	}
	b.processes = nil
}

// run measures section by section. A section that fails is recorded as a fault; the next one starts.
func (b *bench) run(ctx context.Context) error {
	if err := b.build(ctx); err != nil {
		return err
	}
	for _, s := range b.sections {
		start := time.Now()
		err := s.measure(b, ctx)
		b.stopAll()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			b.faults.Add("%s: %v", s.name, err)
		}
		b.logf("%s took %.0f s", s.name, time.Since(start).Seconds())
	}
	return nil
}

// logf writes a line of progress.
func (b *bench) logf(format string, args ...any) {
	fmt.Fprintf(b.progress, "bench: "+format+"\n", args...)
}

func (b *bench) add(r table.Row) {
	b.rows = append(b.rows, r)
	b.logf("%s", r)
}

func (b *bench) note(format string, args ...any) {
	b.notes = append(b.notes, fmt.Sprintf(format, args...))
}

// count returns a number of streams or calls: full, or quick in a quick run.
func (b *bench) count(full, quick int) int {
	if b.quick {
		return quick
	}
	return full
}

// sockets reduces a number of connections to the limit of open files, with a note.
func (b *bench) sockets(wanted int) int {
	const spare = 500
	if wanted <= b.maxFiles-spare {
		return wanted
	}
	b.note("%d connections are cut to %d: a process may open %d files", wanted, b.maxFiles-spare, b.maxFiles)
	return b.maxFiles - spare
}

// print writes the table, the notes and the faults.
func (b *bench) print(w io.Writer) {
	fmt.Fprintf(w, "%s\n\n", machine.Describe())
	table.Print(w, b.rows, b.runs, b.quick)
	for _, note := range b.notes {
		fmt.Fprintf(w, "- %s\n", note)
	}
	for _, fault := range b.faults.List() {
		fmt.Fprintf(w, "- MISTAKE: %s\n", fault)
	}
}

// launch starts a process, which is ended with the section.
func (b *bench) launch(ctx context.Context, name string, cmd *exec.Cmd) (*process.Process, error) {
	b.started++
	p, err := process.Start(ctx, name, filepath.Join(b.dir, fmt.Sprintf("%d-%s.log", b.started, name)), cmd)
	if p != nil {
		b.processes = append(b.processes, p)
	}
	return p, err
}

// own starts one of this command's own servers.
func (b *bench) own(ctx context.Context, name string, args ...string) (*process.Process, ready, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, ready{}, err
	}
	p, err := b.launch(ctx, name, exec.Command(self, append([]string{serveArg, name}, args...)...))
	if err != nil {
		return nil, ready{}, err
	}
	r, err := readyLine(p.Line)
	return p, r, err
}

func readyLine(line string) (r ready, err error) {
	return r, json.Unmarshal([]byte(line), &r)
}

package service

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"convexgateway/auth"
	"convexgateway/internal/wait"
)

// Interval is how often the services file is read: a key that has left it ends within a second.
const Interval = 500 * time.Millisecond

// Options are what a directory is made of.
type Options struct {
	// File is the path of the services file. Empty: Text is its content, which never changes.
	File string
	Text []byte
	// Issuer makes the tokens.
	Issuer *Issuer
	// Users verifies other tokens; nil: there are none.
	Users auth.Verifier
	// Clock defaults to time.Now.
	Clock func() time.Time
	// Logger defaults to slog.Default.
	Logger *slog.Logger
}

// Directory has the services of a file as it is at the moment. It is a [auth.CertificateVerifier]. Safe for concurrent use. Close it in the
// end.
type Directory struct {
	file    string
	issuer  *Issuer
	users   auth.Verifier
	now     func() time.Time
	logger  *slog.Logger
	current atomic.Pointer[table]

	workloads atomic.Pointer[auth.ClerkVerifier] // nil without workloads

	mu     sync.Mutex // held by who reads the file
	text   []byte     // that was read last, or tried
	failed string     // the error that was logged last
	closed bool
}

// Open reads the file for the first time.
func Open(o Options) (*Directory, error) {
	d := &Directory{file: o.File, issuer: o.Issuer, users: o.Users, now: o.Clock, logger: o.Logger, text: o.Text}
	if d.now == nil {
		d.now = time.Now
	}
	if d.logger == nil {
		d.logger = slog.Default()
	}
	if d.file != "" {
		var err error
		if d.text, err = readFile(d.file); err != nil {
			return nil, err
		}
	}
	return d, d.apply(d.text)
}

// readFile reads at most maxFile bytes and one more.
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name) //nolint:gosec // named by the gateway's own configuration
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// apply puts a text in force. The caller holds mu, or is Open.
func (d *Directory) apply(text []byte) error {
	entries, err := parse(text)
	if err != nil {
		return err
	}
	t, err := newTable(entries, d.issuer.URL())
	if err != nil {
		return err
	}
	if before := d.current.Load(); before == nil || !slices.Equal(before.issuers, t.issuers) {
		if err := d.verifyWorkloads(t.issuers); err != nil {
			return err
		}
	}
	d.current.Store(t)
	return nil
}

// verifyWorkloads replaces the verifier of workload tokens. Their claims are not passed on, so that none of them is reserved.
func (d *Directory) verifyWorkloads(issuers []auth.Issuer) error {
	var verifier *auth.ClerkVerifier
	if len(issuers) > 0 {
		var err error
		verifier, err = auth.NewClerkVerifier(auth.Config{OtherIssuers: issuers, AllowReservedClaims: true, Clock: d.now, Logger: d.logger})
		if err != nil {
			return fmt.Errorf("tokens: %w", err)
		}
	}
	if before := d.workloads.Swap(verifier); before != nil {
		before.Close()
	}
	return nil
}

// Follow reads the file again and again until ctx ends. After each change that is in force it calls changed.
func (d *Directory) Follow(ctx context.Context, changed func()) {
	if d.file == "" {
		return
	}
	wait.Every(ctx, Interval, func() {
		if d.Reload() {
			changed()
		}
	})
}

// Reload reads the file again, and reports whether it has changed. If it cannot be read, or is not valid, what was read before stays in
// force.
func (d *Directory) Reload() (changed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.file == "" || d.closed {
		return false
	}
	text, err := readFile(d.file)
	switch {
	case err != nil:
		d.logFailure(err)
		return false
	case bytes.Equal(text, d.text):
		return false
	}
	d.text = text
	if err := d.apply(text); err != nil {
		d.logFailure(err)
		return false
	}
	d.failed = ""
	d.logger.Info("the services file was read again", "services", len(d.current.Load().subjects))
	return true
}

// logFailure logs an error, unless the last one was the same. The caller holds mu.
func (d *Directory) logFailure(err error) {
	if text := err.Error(); text != d.failed {
		d.failed = text
		d.logger.Error("the services file cannot be read again, and what was read before stays in force", "error", text)
	}
}

// Share returns the part of all limits that a service may have; 0 for other subjects, and where the file has none.
func (d *Directory) Share(subject string) float64 {
	if s := d.current.Load().subjects[subject]; s != nil {
		return s.rules.Share
	}
	return 0
}

// Close ends the fetches of keys.
func (d *Directory) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	if verifier := d.workloads.Load(); verifier != nil {
		verifier.Close()
	}
}

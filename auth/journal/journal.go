package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/internal/expiring"
)

const (
	// keep is as long as the tokens that a revocation refuses can be good.
	keep = auth.ServiceLifetime
	// maxKept bounds the revocations; beyond it those that end soonest are dropped.
	maxKept = 100_000
	// compactAfter is how many lines are appended before the file is rewritten, unless it holds more revocations than that.
	compactAfter = 1_000
)

// Journal is a [lease.Exchange] that writes each revocation into a file before it passes it on, and delivers those of earlier
// processes. Lines reach the operating system, not the disk: they survive the end of the process. Close it in the end. Safe for
// concurrent use.
type Journal struct {
	others lease.Exchange // nil: this is the only replica
	leave  func()
	path   string
	logger *slog.Logger

	mu       sync.Mutex
	file     *os.File
	appended int // lines since the last compaction
	kept     *expiring.Map[subject, auth.Revocation]
}

// subject is what a revocation is about: a sign-in or a user.
type subject struct {
	signIn auth.SignIn
	user   auth.User
}

func subjectOf(r auth.Revocation) subject {
	if r.SessionID == "" && !r.OneSignIn {
		return subject{user: r.User()}
	}
	return subject{signIn: r.SignIn()}
}

// Open reads a file, which need not exist, and joins the exchange with the other replicas, if there is one. Only one process may
// have the file open.
func Open(path string, others lease.Exchange, logger *slog.Logger) (*Journal, error) {
	j := &Journal{others: others, leave: func() {}, path: path, logger: logger, kept: expiring.New[subject, auth.Revocation](maxKept)}
	if err := j.read(); err != nil {
		return nil, err
	}
	if err := j.compact(); err != nil {
		return nil, err
	}
	if others != nil {
		j.leave = others.Subscribe(j.record)
	}
	return j, nil
}

// Close closes the file and leaves the exchange, which stays open.
func (j *Journal) Close() {
	j.leave()
	j.mu.Lock()
	defer j.mu.Unlock()
	_ = j.file.Close()
}

// Publish implements [lease.Exchange].
func (j *Journal) Publish(n lease.Notice) {
	j.record(n)
	if j.others != nil {
		j.others.Publish(n)
	}
}

// Subscribe implements [lease.Exchange]. The revocations in the file are delivered before it returns.
func (j *Journal) Subscribe(receive func(lease.Notice)) (stop func()) {
	for _, r := range j.kept.Values(time.Now()) {
		receive(lease.Notice{Revocation: &r})
	}
	if j.others == nil {
		return func() {}
	}
	return j.others.Subscribe(receive)
}

// record writes the revocation of a notice, if it is new. Without the file it is kept until the process ends.
func (j *Journal) record(n lease.Notice) {
	if n.Revocation == nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.add(*n.Revocation) {
		return
	}
	err := j.appendLine(*n.Revocation)
	if j.appended++; err == nil && j.appended > max(compactAfter, j.kept.Len()) {
		err = j.compact()
	}
	if err != nil {
		j.logger.Error("a revocation is not in the file, and ends with this process", "error", err)
	}
}

// add keeps a revocation, and reports whether it refuses more than what is kept of its subject.
func (j *Journal) add(r auth.Revocation) bool {
	now, about := time.Now(), subjectOf(r)
	if have, ok := j.kept.Get(about, now); ok && !have.IssuedUpTo.Before(r.IssuedUpTo) {
		return false
	}
	until := r.IssuedUpTo.Add(keep + auth.ClockLeeway)
	j.kept.Put(about, r, until, now)
	return now.Before(until)
}

func (j *Journal) appendLine(r auth.Revocation) error {
	line, err := json.Marshal(r)
	if err == nil {
		_, err = j.file.Write(append(line, '\n'))
	}
	return err
}

// read reads the file. A line that cannot be read, such as the last of a process that was killed, is skipped.
func (j *Journal) read() error {
	text, err := os.ReadFile(j.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	skipped := 0
	for line := range bytes.SplitSeq(bytes.TrimSuffix(text, []byte("\n")), []byte("\n")) {
		var r auth.Revocation
		if len(line) == 0 {
			continue
		}
		if json.Unmarshal(line, &r) != nil || r.Empty() || r.Issuer == "" || r.Reason == "" {
			skipped++
			continue
		}
		j.add(r)
	}
	if skipped > 0 {
		j.logger.Warn("lines of the file of revocations cannot be read", "lines", skipped)
	}
	return nil
}

// compact writes the file again, and opens it for what is added.
func (j *Journal) compact() error {
	file, err := os.CreateTemp(filepath.Dir(j.path), filepath.Base(j.path)+".*.tmp")
	if err != nil {
		return err
	}
	if err = writeAll(file, j.kept.Values(time.Now())); err == nil {
		err = os.Rename(file.Name(), j.path)
	}
	if err != nil {
		return errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	if j.file != nil {
		_ = j.file.Close()
	}
	j.file, j.appended = file, 0
	return nil
}

func writeAll(file *os.File, revocations []auth.Revocation) error {
	buffered := bufio.NewWriter(file)
	encoder := json.NewEncoder(buffered)
	for _, r := range revocations {
		if err := encoder.Encode(r); err != nil {
			return fmt.Errorf("revocations: %w", err)
		}
	}
	return buffered.Flush()
}

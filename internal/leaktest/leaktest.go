package leaktest

import (
	"net"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// State is what the process had when it was noted.
type State struct {
	t          testing.TB
	goroutines goleak.Option
	files      int // the fewest since then: what an earlier test has left may be closed later
	ports      []string
	patience   time.Duration
}

// Note returns the present state, in which nothing listens on some ports (host:port).
func Note(t testing.TB, ports ...string) *State {
	t.Helper()
	return &State{t: t, goroutines: goleak.IgnoreCurrent(), files: openFiles(t), ports: ports, patience: patience}
}

// Check reports what was opened since the state was noted and is still open. It looks at the ports first: the garbage
// collector closes listeners to which nothing refers.
func (s *State) Check(when string) {
	s.t.Helper()
	for _, address := range s.ports {
		port, err := net.Listen("tcp", address)
		if err != nil {
			s.t.Errorf("%s: %v", when, err)
			continue
		}
		_ = port.Close()
	}
	if err := find(s.patience, s.goroutines); err != nil {
		s.t.Errorf("%s: %v", when, err)
	}
	if n := s.countFiles(); n > s.files {
		s.t.Errorf("%s: %d files are open, want %d", when, n, s.files)
	}
}

// countFiles returns the number of open files, once it is no more than the noted one or patience is over.
func (s *State) countFiles() int {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(s.patience); ; <-tick.C {
		n := openFiles(s.t)
		s.files = min(s.files, n)
		if n == s.files || time.Now().After(end) {
			return n
		}
	}
}

// openFiles counts the descriptors of this process.
func openFiles(t testing.TB) int {
	t.Helper()
	files, err := os.ReadDir("/dev/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

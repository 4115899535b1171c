package leaktest

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) { Main(m) }

// suite is the Run of a package's tests.
type suite func() int

func (s suite) Run() int { return s() }

func TestRun_findsGoroutines(t *testing.T) {
	var log bytes.Buffer
	release, ended := make(chan struct{}), make(chan struct{})
	code := run(suite(func() int {
		go func() {
			<-release
			close(ended)
		}()
		return 0
	}), time.Millisecond, &log)
	close(release)
	<-ended
	if code != 1 || !strings.Contains(log.String(), "TestRun_findsGoroutines") {
		t.Errorf("%d %s", code, &log)
	}
}

// What ends later than goleak alone looks for it is no leak.
func TestRun_waits(t *testing.T) {
	var log bytes.Buffer
	if code := run(suite(func() int {
		late := time.NewTimer(2 * time.Second)
		go func() { <-late.C }()
		return 0
	}), patience, &log); code != 0 || log.Len() > 0 {
		t.Errorf("%d %s", code, &log)
	}
}

func TestRun_failedTests(t *testing.T) {
	var log bytes.Buffer
	if code := run(suite(func() int { return 2 }), 0, &log); code != 2 || log.Len() > 0 {
		t.Errorf("%d %s", code, &log)
	}
}

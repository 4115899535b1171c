package leaktest

import (
	"net"
	"testing"
	"time"

	"convexgateway/internal/freeport"
)

// errorCount is a test that counts its errors instead of failing.
type errorCount struct {
	testing.TB
	errors int
}

func (e *errorCount) Errorf(string, ...any) { e.errors++ }

func TestCheck(t *testing.T) {
	address := freeport.Addr()
	found := &errorCount{TB: t}
	state := Note(found, address)
	state.patience = 10 * time.Millisecond
	state.Check("at first")
	if found.errors != 0 {
		t.Errorf("%d errors without a leak", found.errors)
	}
	port, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		for conn, err := port.Accept(); err == nil; conn, err = port.Accept() {
			_ = conn.Close()
		}
		close(ended)
	}()
	state.Check("with a port, a file and a goroutine")
	if found.errors != 3 {
		t.Errorf("%d errors, want 3", found.errors)
	}
	_ = port.Close()
	<-ended
	found.errors = 0
	state.Check("in the end")
	if found.errors != 0 {
		t.Errorf("%d errors after all was closed", found.errors)
	}
}

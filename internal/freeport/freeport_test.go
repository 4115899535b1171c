package freeport

import (
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
)

func TestAddr(t *testing.T) {
	var (
		mu   sync.Mutex
		seen = make(map[string]bool)
		all  sync.WaitGroup
	)
	for range 100 {
		all.Go(func() {
			address := Addr()
			l, err := net.Listen("tcp", address)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = l.Close() }()
			mu.Lock()
			defer mu.Unlock()
			if seen[address] {
				t.Errorf("%s twice", address)
			}
			seen[address] = true
		})
	}
	all.Wait()
}

// The ports are none of those that Linux gives to connections.
func TestRange(t *testing.T) {
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err != nil {
		t.Skip("not Linux")
	}
	first, err := strconv.Atoi(strings.Fields(string(text))[0])
	if err != nil {
		t.Fatal(err)
	}
	if highest > first {
		t.Errorf("ports up to %d, the system gives from %d", highest, first)
	}
}

func TestFree(t *testing.T) {
	address := Addr()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if free(address) {
		t.Error("free while something listens")
	}
	_ = l.Close()
	if !free(address) {
		t.Error("not free after the end")
	}
}

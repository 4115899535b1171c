package connlimit_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/server/connlimit"
)

// The limit is that of all listeners together, and a connection that ends makes room.
func TestLimitOfTwoListeners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := listen(t, connlimit.Options{Max: 2})
		p.listen(t)
		first := p.within(t, "8.8.8.1")
		p.within(t, "8.8.8.2")
		p.over(t, "8.8.8.3")
		if p.limit.Open() != 2 {
			t.Errorf("%d open", p.limit.Open())
		}
		_ = first.Close()
		_ = first.Close() // counts once
		p.within(t, "8.8.8.4")
		if p.limit.Open() != 2 {
			t.Errorf("%d open after one has ended", p.limit.Open())
		}
	})
}

// One address has a share of the connections, and others have room. The addresses of an IPv6 host count together, and so do those
// of a site, which has twice the share.
func TestLimitOfAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := listen(t, connlimit.Options{Max: 100, MaxPerAddress: 3})
		for i := range 3 {
			p.within(t, "8.8.8.8")
			p.within(t, fmt.Sprintf("2001:db8::%d", i))
		}
		p.over(t, "8.8.8.8")
		p.over(t, "::ffff:8.8.8.8")
		p.over(t, "2001:db8::ffff")
		p.within(t, "8.8.8.9")
		for i := range 3 {
			p.within(t, fmt.Sprintf("2001:db8:0:%d::1", i+1))
		}
		p.over(t, "2001:db8:0:ffff::1")
		p.within(t, "2001:db8:1::1")
	})
}

// Connections over the limit are kept for probes: a few of each address, for a few seconds. They are refused beyond.
func TestProbeOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := listen(t, connlimit.Options{Max: 1})
		p.within(t, "8.8.8.8")
		probes := 0
		for range 20 {
			if client, conn := p.connect(t, "8.8.8.9"); conn == nil {
				if !ended(client) {
					t.Error("a refused connection is open")
				}
			} else if probes++; !probeOnly(conn) {
				t.Fatal("within the limit")
			}
		}
		if probes == 0 || probes > 10 {
			t.Errorf("%d probe-only connections of one address", probes)
		}
		client, _ := p.connect(t, "8.8.8.10")
		if ended(client) {
			t.Error("another address has no room for a probe")
		}
		if p.limit.Open() != 1 || p.limit.Refused() != 20-probes {
			t.Errorf("%d open, %d refused", p.limit.Open(), p.limit.Refused())
		}
		pass(5*time.Second + 1)
		synctest.Wait()
		if !ended(client) {
			t.Error("the connection of a probe is still open after 5 s")
		}
		if _, conn := p.connect(t, "8.8.8.9"); conn == nil {
			t.Error("there is no room for probes again")
		}
		if n := strings.Count(p.logs.String(), "connections are refused"); n < 1 || n > 3 {
			t.Errorf("%d log lines in 5 s: %s", n, p.logs)
		}
	})
}

// Where most connections come from one private address, as behind a load balancer that hides those of its clients, the limit by
// address does not apply, and that is logged once a minute. It applies to loopback and public addresses, and to a private one that
// has fewer.
func TestHiddenAddresses(t *testing.T) {
	for address, hides := range map[string]bool{
		"10.0.0.1": true, "172.16.0.1": true, "192.168.0.1": true, "100.64.0.1": true, "fd00::1": true,
		"127.0.0.1": false, "::1": false, "8.8.8.8": false, "100.128.0.1": false, "2001:db8::1": false,
	} {
		t.Run(address, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := listen(t, connlimit.Options{MaxPerAddress: 10})
				for range 10 {
					p.within(t, address)
				}
				if !hides {
					p.over(t, address)
					return
				}
				for range 30 {
					p.within(t, address)
				}
				const text = "most connections come from one private address"
				if n := strings.Count(p.logs.String(), text); n != 1 {
					t.Errorf("%d warnings", n)
				}
				pass(time.Minute)
				p.within(t, address)
				if n := strings.Count(p.logs.String(), text); n != 2 {
					t.Errorf("%d warnings after a minute", n)
				}
				for i := range 50 {
					p.within(t, fmt.Sprintf("8.8.8.%d", i))
				}
				p.over(t, address)
			})
		})
	}
}

// A trusted proxy's own connections count in all only.
func TestConnectionsOfProxy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := listen(t, connlimit.Options{Max: 50, MaxPerAddress: 2, Trusted: trusted})
		for range 50 {
			client := p.dial(t, "192.0.2.1")
			_, _ = client.Write([]byte("GET "))
			if conn := p.next(t); conn == nil || probeOnly(conn) {
				t.Fatal("a limit applies")
			}
		}
		if p.limit.Open() != 50 {
			t.Errorf("%d open", p.limit.Open())
		}
		p.over(t, "8.8.8.8")
	})
}

// Connections from many addresses do not keep a probe out: the oldest of those that are kept for probes is closed for it.
func TestProbeAmongMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := listen(t, connlimit.Options{Max: 1})
		p.within(t, "8.8.8.8")
		first, _ := p.connect(t, "10.0.0.1")
		for i := range 200 {
			p.over(t, fmt.Sprintf("8.8.9.%d", i))
		}
		client, conn := p.connect(t, "10.0.0.1")
		if conn == nil || !probeOnly(conn) || ended(client) {
			t.Error("a probe is kept out")
		}
		if !ended(first) {
			t.Error("there is no bound")
		}
	})
}

// An untrusted private address with most of many connections hides its clients'.
func TestHides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := listen(t, connlimit.Options{Trusted: trusted})
		connect := func(n int, address string) {
			for range n {
				p.within(t, address)
			}
		}
		check := func(address string, want bool) {
			t.Helper()
			if got := p.limit.Hides(address); got != want {
				t.Errorf("%s hides: %v", address, got)
			}
		}
		connect(99, "10.1.2.3")
		check("10.1.2.3", false)
		connect(1, "10.1.2.3")
		check("10.1.2.3", true)
		check("10.1.2.4", false)
		check("no address", false)
		connect(100, "8.8.8.8")
		check("10.1.2.3", false) // half of them
		connect(200, "8.8.8.8")
		check("8.8.8.8", false) // public
	})
}

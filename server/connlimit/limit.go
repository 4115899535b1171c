package connlimit

import (
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Options are the bounds of a [Limit].
type Options struct {
	// Max is how many connections may be open in all. 0: no limit.
	Max int
	// MaxPerAddress is how many may be open of an IPv4 address or of an IPv6 /64. A /48 may have twice as many. 0: no limit.
	MaxPerAddress int
	// Trusted reports whether an address is a trusted proxy's: its own connections count in all only, and may begin with a PROXY
	// header. nil: there are none.
	Trusted func(netip.Addr) bool
	// HeaderTimeout is how long the first bytes of a trusted proxy's connection may take.
	HeaderTimeout time.Duration
	// Logger gets refusals, at most one line a second.
	Logger *slog.Logger
}

// Connections over the limit that are kept for probes.
const (
	maxProbes          = 64
	maxProbesOfNetwork = 8
	probeTime          = 5 * time.Second
)

// Limit counts and bounds the connections of all ports together. It closes a connection over the limit at once, unless there is
// room for it as a probe: if it did not accept it, the client would wait.
type Limit struct {
	Options

	mu       sync.Mutex
	open     int
	networks map[netip.Prefix]int // open connections of each; no entry for 0
	probes   []*Conn              // that are probe only, the oldest first
	probing  map[netip.Prefix]int // probe-only connections of each; no entry for 0
	refused  int
	lines    map[string]time.Time // when a line was last logged, by its text
}

// New returns a limit without connections.
func New(o Options) *Limit {
	return &Limit{Options: o, networks: map[netip.Prefix]int{}, probing: map[netip.Prefix]int{}, lines: map[string]time.Time{}}
}

// Open returns how many connections are open within the limit.
func (l *Limit) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open
}

// Refused returns how many connections were closed because of the limit.
func (l *Limit) Refused() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refused
}

// admit makes an accepted connection count, or closes it and returns nil. remote is the address by which it counts, and rest what
// has been read of it.
func (l *Limit) admit(conn net.Conn, remote net.Addr, rest []byte) *Conn {
	c := &Conn{Conn: conn, limit: l, rest: rest, remote: Addr{Addr: remote}}
	c.remote.conn = c
	address := addressOf(remote)
	c.networks = l.networksOf(address)
	shared, reason, replaced := l.take(c)
	if replaced != nil {
		replaced.abort()
	}
	switch {
	case shared:
		l.log(time.Minute, "most connections come from one private address, so that limits by address do not apply: name the load balancer in "+
			"--trusted-proxies, and let it send the PROXY protocol or X-Forwarded-For", "address", address)
	case reason != "":
		l.log(time.Second, "connections are refused", "over", reason, "address", address)
	}
	if c.place == refused {
		_ = conn.Close()
		return nil
	}
	return c
}

// take gives a connection a place. shared reports that its address is over the limit by address, which does not apply to it. reason
// is the limit that the connection is over. replaced is a probe-only connection that must be closed for it; nil if there is none. A
// probe takes a moment only, so that many connections from many addresses do not keep it out.
func (l *Limit) take(c *Conn) (shared bool, reason string, replaced *Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	over, shared := l.overAddress(c.networks)
	switch {
	case over:
		reason = "max-connections-per-address"
	case l.Max > 0 && l.open >= l.Max:
		reason = "max-connections"
	}
	switch {
	case reason == "":
		c.place = within
		l.open++
		count(l.networks, c.networks, 1)
	case len(c.networks) == 0 || l.probing[c.networks[0]] < maxProbesOfNetwork:
		c.place = probeOnly
		c.timer = time.AfterFunc(probeTime, c.abort)
		if len(l.probes) >= maxProbes {
			replaced = l.probes[0]
		}
		l.probes = append(l.probes, c)
		count(l.probing, c.networks, 1)
	default:
		l.refused++
	}
	return shared && reason == "", reason, replaced
}

// minHidden is how many connections an address has at least, if it hides its clients'.
const minHidden = 100

// Hides reports whether an untrusted private address has most of all connections, as a load balancer that hides its clients' addresses.
func (l *Limit) Hides(address string) bool {
	parsed, err := netip.ParseAddr(address)
	if err != nil || !isPrivate(parsed) || l.isTrusted(parsed) {
		return false
	}
	networks := l.networksOf(parsed)
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.networks[networks[0]]
	return n >= minHidden && 2*n > l.open
}

// overAddress reports whether one of the networks has as many connections as it may have. Where that is a private network that has
// most of all connections (shared), the limit does not apply: a load balancer that hides its clients' addresses looks like that.
func (l *Limit) overAddress(networks []netip.Prefix) (over, shared bool) {
	limit := l.MaxPerAddress
	for _, network := range networks {
		n := l.networks[network]
		switch {
		case limit == 0 || n < limit:
		case isPrivate(network.Addr()) && 2*n > l.open:
			shared = true
		default:
			over = true
		}
		limit *= 2 // of the wider network
	}
	return over, shared
}

// release frees a connection's place.
func (l *Limit) release(c *Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch c.place {
	case within:
		l.open--
		count(l.networks, c.networks, -1)
	case probeOnly:
		c.timer.Stop()
		i := slices.Index(l.probes, c)
		l.probes = slices.Delete(l.probes, i, i+1)
		count(l.probing, c.networks, -1)
	}
}

func count(connections map[netip.Prefix]int, networks []netip.Prefix, n int) {
	for _, network := range networks {
		if connections[network] += n; connections[network] == 0 {
			delete(connections, network)
		}
	}
}

// log writes a line, unless it has been written already within the time.
func (l *Limit) log(every time.Duration, text string, attrs ...any) {
	now := time.Now()
	l.mu.Lock()
	last, logged := l.lines[text]
	again := !logged || now.Sub(last) >= every
	if again {
		l.lines[text] = now
	}
	l.mu.Unlock()
	if again {
		l.Logger.Warn(text, attrs...)
	}
}

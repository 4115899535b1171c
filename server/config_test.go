package server

import (
	"errors"
	"log/slog"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"
)

var machine = Capacity{Memory: 1 << 30, Files: 65_536}

// The zero Config is valid, and has the defaults that its comments state.
func TestZeroConfig(t *testing.T) {
	t.Parallel()
	if err := (Config{}).Validate(); err != nil {
		t.Error(err)
	}
	want := Config{
		GRPCAddr: "127.0.0.1:50051", HTTPAddr: "127.0.0.1:8080", Heartbeat: 45 * time.Second, RefreshGrace: 10 * time.Second, MaxRequestBytes: 20 << 20,
		MemoryBudget: 512 << 20, MaxCalls: 8_192, MaxCallsPerCaller: 1_024, MaxStreams: 16_384, MaxStreamsPerCaller: 2048,
		MaxConnections: 10_922, MaxConnectionsPerAddress: 2_730, ConnectionIdleTimeout: 5 * time.Minute, MaxUpstreamSockets: 20_000,
		Linger: 5 * time.Second, FailFastAfter: 10 * time.Second, MaxReadWait: time.Second,
		UpstreamPatience: 5 * time.Minute, DrainTimeout: 8 * time.Second, DrainPeriod: 5 * time.Second, LogIdentity: "hash", Logger: slog.Default(),
	}
	if got := (Config{}).withDefaults(machine); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	short := Config{DrainTimeout: time.Second}
	if err := short.Validate(); err != nil {
		t.Errorf("a short DrainTimeout alone: %v", err)
	}
}

// A negative number switches off what can be switched off.
func TestNegativeIsNone(t *testing.T) {
	t.Parallel()
	c := Config{
		RefreshGrace: -1, MaxCallsPerSecond: -1, MaxStreams: -1, MaxStreamsPerCaller: -1, MaxConnections: -1, MaxUpstreamSockets: -1,
		MaxConnectionsPerAddress: -1, ConnectionIdleTimeout: -1,
		Linger: -1, MaxConnectionAge: -1, DrainPeriod: -1,
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	got := c.withDefaults(machine)
	if got.RefreshGrace != 0 || got.MaxCallsPerSecond != 0 || got.MaxStreams != 0 || got.MaxStreamsPerCaller != 0 || got.MaxConnections != 0 ||
		got.MaxConnectionsPerAddress != 0 || got.ConnectionIdleTimeout != 0 ||
		got.MaxUpstreamSockets != 0 || got.Linger != 0 || got.MaxConnectionAge != 0 || got.DrainPeriod != 0 {
		t.Errorf("%+v", got)
	}
}

func TestNewRefusesBadSettings(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	good := Upstream{ConvexURL: "http://127.0.0.1:1"}
	for want, test := range map[string]struct {
		change func(*Config)
		up     Upstream
	}{
		"GRPCAddr: ":             {func(c *Config) { c.GRPCAddr = "nowhere" }, good},
		"HTTPAddr: ":             {func(c *Config) { c.HTTPAddr = "nowhere" }, good},
		"HTTPAddr: listen":       {func(c *Config) { c.HTTPAddr = taken.Addr().String() }, good},
		"GRPCAddr: listen":       {func(c *Config) { c.GRPCAddr = taken.Addr().String() }, good},
		"TLSCert and TLSKey: ":   {func(c *Config) { c.TLSCert = "cert.pem" }, good},
		"TLSCert and TLSKey: st": {func(c *Config) { c.TLSCert, c.TLSKey = "/no/cert", "/no/key" }, good},
		"MaxRequestBytes: ":      {func(c *Config) { c.MaxRequestBytes = 1023 }, good},
		"RefreshGrace: ":         {func(c *Config) { c.RefreshGrace = time.Minute }, good},
		"UpstreamPatience: ":     {func(c *Config) { c.UpstreamPatience = -1 }, good},
		"DrainPeriod: ":          {func(c *Config) { c.DrainPeriod = DefaultDrainTimeout }, good},
		"LogIdentity: ":          {func(c *Config) { c.LogIdentity = "some" }, good},
		"LogCalls: ":             {func(c *Config) { c.LogCalls = "1/0" }, good},
		"TLSClientCA: ":          {func(c *Config) { c.TLSClientCA = "ca.pem" }, good},
		"DrainTimeout: ":         {func(c *Config) { c.DrainTimeout = -1 }, good},
		"ConvexURL: ":            {func(*Config) {}, Upstream{ConvexURL: "ftp://x"}},
		"Issuers, ClerkPublicKey, OtherIssuers: ": {func(*Config) {}, Upstream{ConvexURL: good.ConvexURL, Issuers: []string{"http://evil.example"}}},
	} {
		cfg := testConfig()
		test.change(&cfg)
		s, err := New(cfg, test.up)
		if e, is := errors.AsType[*ConfigError](err); !is || !strings.HasPrefix(err.Error(), want) || !strings.HasPrefix(want, e.Field+": ") {
			t.Errorf("want an error about %q, got %v", want, err)
		}
		if s != nil {
			s.close()
		}
	}
}

// What connections, calls and sockets may use of the descriptors together leaves some for all else, and an address that many phones
// share has room for them.
func TestConnectionDefaults(t *testing.T) {
	t.Parallel()
	for _, files := range []int{1024, 4096, 20_000, 65_536, 1 << 20} {
		c := Config{}.withDefaults(Capacity{Memory: 1 << 30, Files: files})
		if used := c.MaxConnections + c.MaxCalls + c.MaxUpstreamSockets; used > files-files/16 || c.MaxUpstreamSockets < 1 {
			t.Errorf("%d of %d descriptors: %+v", used, files, c)
		}
		if c.MaxConnectionsPerAddress > c.MaxConnections/2 {
			t.Errorf("%d of %d connections are for one address", c.MaxConnectionsPerAddress, c.MaxConnections)
		}
		if files >= 20_000 && c.MaxUpstreamSockets < 5_000 {
			t.Errorf("%d identities of %d descriptors have a socket", c.MaxUpstreamSockets, files)
		}
		if files >= 65_536 && (c.MaxConnectionsPerAddress < 2_000 || c.MaxStreamsPerCaller < 8 || c.MaxStreams < 2_000*8) {
			t.Errorf("no room for the phones behind one address: %+v", c)
		}
	}
	if c := (Config{}).withDefaults(Capacity{Memory: 16 << 30, Files: 1 << 20}); c.MaxConnections != DefaultMaxConnections || c.MaxUpstreamSockets != DefaultMaxUpstreamSockets {
		t.Errorf("a large machine has %+v", c)
	}
}

package cli

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"convexgateway/server"
)

// parseServe returns the Config of `serve` with some flags.
func parseServe(t *testing.T, args ...string) server.Config {
	t.Helper()
	var c commands
	parser, err := kong.New(&c, kong.Vars(defaults))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(append([]string{"serve"}, args...)); err != nil {
		t.Fatal(err)
	}
	return c.Serve.config()
}

// Without flags the gateway runs with the defaults of server.Config.
func TestDefaultsOfFlags(t *testing.T) {
	t.Parallel()
	got, want := parseServe(t), server.Config{
		GRPCAddr: server.DefaultGRPCAddr, HTTPAddr: server.DefaultHTTPAddr, AdminAddr: "127.0.0.1:9090", AdminOptional: true,
		Heartbeat: server.DefaultHeartbeat, RefreshGrace: server.DefaultRefreshGrace, MaxRequestBytes: server.DefaultMaxRequestBytes,
		MaxCallsPerSecond: -1, MaxConnectionAge: -1,
		ConnectionIdleTimeout: server.DefaultConnectionIdleTimeout,
		Linger:                server.DefaultLinger, FailFastAfter: server.DefaultFailFastAfter, UpstreamPatience: server.DefaultUpstreamPatience,
		MutationSockets: 32, KeyedMutations: server.SharedSockets, MaxReadWait: server.DefaultMaxReadWait,
		DrainTimeout: server.DefaultDrainTimeout, DrainPeriod: server.DefaultDrainPeriod, TLSClientAuth: server.RequireClientAuth,
		Heartbeat: server.DefaultHeartbeat, LogIdentity: "hash", LogCalls: "all",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// A flag of 0 is none, and --admin-addr=off is no port.
func TestNoneByFlags(t *testing.T) {
	t.Parallel()
	c := parseServe(t, "--max-streams=0", "--max-connections=0", "--max-connections-per-address=0", "--connection-idle-timeout=0s", "--max-upstream-sockets=0", "--linger=0s", "--refresh-grace=0s",
		"--drain-period=0s", "--admin-addr=off")
	if c.MaxStreams >= 0 || c.MaxConnections >= 0 || c.MaxConnectionsPerAddress >= 0 || c.ConnectionIdleTimeout >= 0 || c.MaxUpstreamSockets >= 0 || c.Linger >= 0 || c.RefreshGrace >= 0 || c.DrainPeriod >= 0 {
		t.Errorf("%+v", c)
	}
	if c.AdminAddr != "" || c.AdminOptional {
		t.Errorf("admin port %q, optional %v", c.AdminAddr, c.AdminOptional)
	}
}

// Each flag of a gateway sets the field of its name, and an error about the field names the flag.
func TestFlagsAndFields(t *testing.T) {
	t.Parallel()
	all, _ := settings(t)
	isFlag := func(name string) bool {
		name = regexp.MustCompile(`^--([a-z-]+)( \([A-Z_]+\))?$`).ReplaceAllString(name, "$1")
		return slices.ContainsFunc(all, func(s *setting) bool { return s.Name == name })
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[gatewayFlags]()) {
		if f.Anonymous || !f.IsExported() || strings.HasSuffix(f.Name, "File") || f.Name == "TicketKey" { // of the same fields
			continue
		}
		if _, exists := reflect.TypeFor[server.Config]().FieldByName(f.Name); !exists || !isFlag(flagNames(f.Name)) {
			t.Errorf("%s is no field of server.Config, or %s is no flag", f.Name, flagNames(f.Name))
		}
	}
	for f := range reflect.TypeFor[server.Upstream]().Fields() {
		if !isFlag(flagNames(f.Name)) {
			t.Errorf("%s is no flag: %s", f.Name, flagNames(f.Name))
		}
	}
}

func TestByFlags(t *testing.T) {
	t.Parallel()
	cause := errors.New("must be shorter than")
	err := byFlags(&server.ConfigError{Field: "TLSCert and TLSKey", Err: cause, Other: "DrainTimeout"})
	if got := err.Error(); got != "--tls-cert and --tls-key: must be shorter than --drain-timeout" || !errors.Is(err, cause) {
		t.Errorf("error %q", got)
	}
	if err := byFlags(nil); err != nil {
		t.Errorf("no error became %v", err)
	}
	if err := byFlags(cause); !strings.HasPrefix(err.Error(), "must") {
		t.Errorf("another error became %v", err)
	}
}

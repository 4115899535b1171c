package doctor

import (
	"strings"
	"testing"

	"convexgateway/server"
)

// The limits are shown as they are derived, or set; one that is switched off is a warning.
func TestLimits(t *testing.T) {
	t.Parallel()
	r := &runner{}
	derived := r.Resolved()
	if f := r.limits(t.Context()); f.Status == Fail || derived.MaxConnections == 0 || !strings.Contains(f.Seen, "connections, ") || !strings.Contains(f.Seen, "descriptors") {
		t.Errorf("%+v", f)
	}
	r.MaxConnections, r.MaxStreams, r.MaxCalls = 1234, 5678, -1
	if f := r.limits(t.Context()); f.Status != Warn || !strings.Contains(f.Seen, "1234 connections, 617 of an address; 5678 streams") ||
		!strings.Contains(f.Fix, "--max-calls a number") {
		t.Errorf("%+v", f)
	}
}

// Ports that are not on loopback addresses need what keeps strangers within bounds.
func TestPublicCallers(t *testing.T) {
	t.Parallel()
	public := server.Config{GRPCAddr: ":50051", HTTPAddr: "127.0.0.1:8080"}
	set := public
	set.TrustedProxies, set.RequireAuth, set.MaxCallsPerSecond = []string{"10.0.0.0/8"}, true, 50
	for want, c := range map[Status]server.Config{Skip: {}, Warn: public, OK: set} {
		f := (&runner{Config: Config{Config: c}}).publicCallers(t.Context())
		if f.Status != want || want == Warn && (!strings.Contains(f.Fix, "--trusted-proxies") || !strings.Contains(f.Fix, "--require-auth")) {
			t.Errorf("%+v, want %s", f, want)
		}
	}
}

package doctor

import (
	"context"
	"fmt"
	"net"
	"strings"

	"convexgateway/internal/loopback"
	"convexgateway/server"
)

// fewFiles is a number of descriptors below which the defaults of limits are low.
const fewFiles = 4_096

// limits shows the limits that follow from the settings and from this machine. One that is switched off is a warning.
func (r *runner) limits(context.Context) Finding {
	machine, c := server.MachineCapacity(), r.Resolved()
	var off []string
	number := func(flag string, n int) string {
		if n == 0 {
			off = append(off, flag)
			return "any number"
		}
		return fmt.Sprint(n)
	}
	seen := fmt.Sprintf("%s connections, %s of an address; %s streams, %s of a caller; %s unary calls under way, %s of a caller; %s sockets to the deployment; "+
		"%s bytes held for callers; from %d MiB of memory and %d descriptors",
		number("--max-connections", c.MaxConnections), number("--max-connections-per-address", c.MaxConnectionsPerAddress),
		number("--max-streams", c.MaxStreams), number("--max-streams-per-caller", c.MaxStreamsPerCaller),
		number("--max-calls", c.MaxCalls), number("--max-calls-per-caller", c.MaxCallsPerCaller),
		number("--max-upstream-sockets", c.MaxUpstreamSockets), number("--memory-budget", int(c.MemoryBudget)), machine.Memory>>20, machine.Files)
	switch {
	case len(off) > 0:
		return warn(seen, "give "+strings.Join(off, ", ")+" a number, or auto: without a limit one caller can take all there is")
	case machine.Files < fewFiles:
		return warn(seen, "allow the process more open files (ulimit -n, LimitNOFILE=), from which these limits follow")
	}
	return ok(seen)
}

// publicCallers checks what should be set where anybody can reach the ports.
func (r *runner) publicCallers(context.Context) Finding {
	var missing []string
	if len(r.TrustedProxies) == 0 {
		missing = append(missing, "--trusted-proxies (the networks of proxies and load balancers in front, if any: otherwise all callers have their address, and share its limits)")
	}
	if !r.RequireAuth {
		missing = append(missing, "--require-auth (unless some functions are for everybody)")
	}
	if r.MaxCallsPerSecond <= 0 {
		missing = append(missing, "--max-calls-per-second")
	}
	advice := "set " + strings.Join(missing, ", ")
	switch c := r.Resolved(); {
	case len(missing) == 0:
		return ok("proxies are named, and callers need a credential and have a rate")
	case isLoopback(c.GRPCAddr) && isLoopback(c.HTTPAddr):
		return skip("both ports are on loopback addresses; for a public deployment " + advice)
	}
	return warn("the ports may be open to anybody", advice)
}

func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && loopback.IsHost(host)
}

package cli

import (
	"errors"
	"time"

	"convexgateway/server"
)

// limitFlags bound what callers may use, and what a gateway waits for. Their order is that of --print-config.
type limitFlags struct {
	MaxRequestBytes     int           `name:"max-request-bytes" default:"${maxRequestBytes}" group:"Limits" help:"Largest request message or body, in bytes."`
	MaxCallsPerSecond   int           `name:"max-calls-per-second" default:"0" group:"Limits" help:"Calls a second that a user, or the address of anonymous callers, may make, in bursts of as many. 0: no limit."`
	MaxStreams          int           `name:"max-streams" default:"200000" group:"Limits" help:"Open streams in all. 0: no limit."`
	MaxConnections      int           `name:"max-connections" default:"100000" group:"Limits" help:"Connections of clients in all. 0: no limit."`
	MaxUpstreamSockets  int           `name:"max-upstream-sockets" default:"20000" group:"Limits" help:"Sockets to the deployment, of which each signed-in identity with open streams has one. 0: no limit."`
	TrustedProxies      []string      `name:"trusted-proxies" placeholder:"NETWORK" group:"Limits" help:"Addresses or networks of proxies whose X-Forwarded-For, or Forwarded where there is none, has the caller's address."`
	MaxStreamsPerCaller int           `name:"max-streams-per-caller" default:"0" group:"Limits" help:"Open streams a user, or the address of anonymous callers, may have. 0: no limit."`
	Linger              time.Duration `name:"linger" default:"5s" group:"Limits" help:"How long a query is kept live for the next subscriber after its last one."`
	RefreshGrace        time.Duration `name:"refresh-grace" default:"10s" group:"Signing in" help:"How long a stream with a refresh key waits, silent, for a token after its own expired."`
	FailFastAfter       time.Duration `name:"fail-fast-after" default:"10s" group:"Limits" help:"How long a session may be without its deployment before new streams and mutations on it end UNAVAILABLE at once."`
	UpstreamPatience    time.Duration `name:"upstream-patience" default:"5m" group:"Limits" help:"How long a stream waits for a deployment out of reach before it ends UNAVAILABLE."`
	UpstreamCompression bool          `name:"upstream-compression" group:"Limits" help:"Compress the sockets to the deployment: fewer bytes, more CPU and memory for each signed-in session."`
	DrainPeriod         time.Duration `name:"drain-period" default:"5s" group:"Limits" help:"Over how long the ends of open streams are spread when the gateway stops, so that their clients do not all come back at once."`
	MaxConnectionAge    time.Duration `name:"max-connection-age" default:"0s" group:"Limits" help:"How long a connection and its streams may last, give or take a tenth, before clients are asked to connect again, perhaps to another replica. 0: for ever."`
	DrainTimeout        time.Duration `name:"drain-timeout" default:"8s" group:"Limits" help:"How long calls may take to end when the gateway stops."`
}

// set copies the flags into a Config.
func (f *limitFlags) set(c *server.Config) {
	c.MaxRequestBytes = explicit(f.MaxRequestBytes)
	c.MaxCallsPerSecond = explicit(f.MaxCallsPerSecond)
	c.MaxStreams = explicit(f.MaxStreams)
	c.MaxConnections = explicit(f.MaxConnections)
	c.MaxUpstreamSockets = explicit(f.MaxUpstreamSockets)
	c.TrustedProxies = f.TrustedProxies
	c.MaxStreamsPerCaller = explicit(f.MaxStreamsPerCaller)
	c.Linger = explicit(f.Linger)
	c.RefreshGrace = explicit(f.RefreshGrace)
	c.FailFastAfter = explicit(f.FailFastAfter)
	c.UpstreamPatience = explicit(f.UpstreamPatience)
	c.UpstreamCompression = f.UpstreamCompression
	c.DrainPeriod = explicit(f.DrainPeriod)
	c.MaxConnectionAge = explicit(f.MaxConnectionAge)
	c.DrainTimeout = explicit(f.DrainTimeout)
}

// explicit returns a flag's number for a Config. There 0 is the default, and a negative number is what 0 is as a flag: none
// where a limit or a period can be switched off, and invalid elsewhere.
func explicit[T int | time.Duration](value T) T {
	if value == 0 {
		return -1
	}
	return value
}

var errNegative = errors.New("must not be negative")

// check refuses negative numbers, which in a Config mean "none".
func (f *limitFlags) check() error {
	for _, flag := range []struct {
		field    string
		negative bool
	}{
		{"MaxCallsPerSecond", f.MaxCallsPerSecond < 0},
		{"MaxStreams", f.MaxStreams < 0},
		{"MaxConnections", f.MaxConnections < 0},
		{"MaxUpstreamSockets", f.MaxUpstreamSockets < 0},
		{"MaxStreamsPerCaller", f.MaxStreamsPerCaller < 0},
		{"Linger", f.Linger < 0},
		{"MaxConnectionAge", f.MaxConnectionAge < 0},
	} {
		if flag.negative {
			return &server.ConfigError{Field: flag.field, Err: errNegative}
		}
	}
	switch {
	case f.RefreshGrace < 0:
		return &server.ConfigError{Field: "RefreshGrace", Err: errors.New("must be from 0s to 30s")}
	case f.DrainPeriod < 0:
		return &server.ConfigError{Field: "DrainPeriod", Err: errors.New("must be shorter than"), Other: "DrainTimeout"}
	}
	return nil
}

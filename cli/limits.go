package cli

import (
	"errors"
	"time"

	"convexgateway/server"
)

// limitFlags bound what callers may use, and what a gateway waits for. Their order is that of --print-config.
type limitFlags struct {
	MaxRequestBytes          int           `name:"max-request-bytes" default:"${maxRequestBytes}" group:"Limits" help:"Largest request message or body, in bytes."`
	MaxCallsPerSecond        int           `name:"max-calls-per-second" default:"0" group:"Limits" help:"Calls a second that a user, or the address of anonymous callers, may make, in bursts of as many. 0: no limit."`
	MemoryBudget             auto          `name:"memory-budget" default:"auto" group:"Limits" help:"Bytes of requests, responses and live queries that may be held for callers in all, of which one may have a quarter. auto: half of the memory limit. 0: no limit."`
	MaxCalls                 auto          `name:"max-calls" default:"auto" group:"Limits" help:"Unary calls under way in all. auto: an eighth of the file descriptors, at most 10,000. 0: no limit."`
	MaxCallsPerCaller        auto          `name:"max-calls-per-caller" default:"auto" group:"Limits" help:"Unary calls under way of a user, or of the network of anonymous callers' address. auto: an eighth of --max-calls. 0: no limit."`
	MaxStreams               auto          `name:"max-streams" default:"auto" group:"Limits" help:"Open streams in all. auto: as many as a quarter of the memory is enough for, at most 200,000. 0: no limit."`
	MaxConnections           auto          `name:"max-connections" default:"auto" group:"Limits" help:"Connections of clients in all. auto: as many as a quarter of the memory and half of the file descriptors are enough for, at most 100,000. 0: no limit."`
	MaxConnectionsPerAddress auto          `name:"max-connections-per-address" default:"auto" group:"Limits" help:"Connections of an IPv4 address or of an IPv6 /64; of a /48 twice as many. Those of --trusted-proxies do not count. auto: a quarter of --max-connections, at least 2,000, but at most half of it. 0: no limit."`
	ConnectionIdleTimeout    time.Duration `name:"connection-idle-timeout" default:"5m" group:"Limits" help:"How long a connection may be open without a call or a stream, whether or not pings arrive on it. 0: no limit."`
	SocketsPerIdentity       auto          `name:"sockets-per-identity" default:"auto" group:"Limits" help:"Sockets to the deployment of one identity, those of --max-upstream-sockets. With 3 or more, slow queries, and those that may have ended a socket, have others than the rest. auto: 3, and 8 for anonymous callers, who share one identity."`
	MutationSockets          int           `name:"mutation-sockets" default:"32" group:"Limits" help:"Sockets to the deployment, of those of --max-upstream-sockets, for mutations with a request id of one identity without a session id, such as anonymous callers. They are opened while mutations wait, which run one after the other on each."`
	KeyedMutations           string        `name:"keyed-mutations" enum:"shared,dedicated" default:"shared" group:"Limits" help:"Whether mutations with a request id share sockets, or each has one of its own: for deployments behind a proxy that refuses the sessions of several on one. Dedicated ones have no order."`
	MaxUpstreamSockets       auto          `name:"max-upstream-sockets" default:"auto" group:"Limits" help:"Sockets to the deployment, of which each identity with open streams has one at least. auto: 20,000, or what other limits leave of the file descriptors. 0: no limit."`
	TrustedProxies           []string      `name:"trusted-proxies" placeholder:"NETWORK" group:"Limits" help:"Addresses or networks of proxies whose PROXY header (version 1 or 2) has the client's address, and whose X-Forwarded-For, or Forwarded where there is none, has the caller's."`
	MaxStreamsPerCaller      auto          `name:"max-streams-per-caller" default:"auto" group:"Limits" help:"Open streams of a user, or of the network of anonymous callers' address. auto: an eighth of --max-streams, at least 2,000. 0: no limit."`
	NoReflection             bool          `name:"no-reflection" group:"Limits" help:"Serve no gRPC reflection, by which tools such as grpcurl find the methods."`
	Linger                   time.Duration `name:"linger" default:"5s" group:"Limits" help:"How long a query is kept live for the next subscriber after its last one."`
	RefreshGrace             time.Duration `name:"refresh-grace" default:"10s" group:"Signing in" help:"How long a stream with a refresh key waits, silent, for a token after its own expired."`
	Heartbeat                time.Duration `name:"heartbeat" default:"45s" group:"Limits" help:"How long a stream over gRPC may be quiet before its state is sent again, unless its request states another time; spread over the fifth before it. From 5s to 5m, below what proxies in front allow. 0: never."`
	FailFastAfter            time.Duration `name:"fail-fast-after" default:"10s" group:"Limits" help:"How long a session may be without its deployment before new streams and mutations on it end UNAVAILABLE at once."`
	MaxReadWait              time.Duration `name:"max-read-wait" default:"1s" group:"Limits" help:"How long the first result of a stream waits until it reflects the time that its caller asks for (min_read_time, a resume token)."`
	UpstreamPatience         time.Duration `name:"upstream-patience" default:"5m" group:"Limits" help:"How long a stream waits for a deployment out of reach before it ends UNAVAILABLE."`
	UpstreamCompression      bool          `name:"upstream-compression" group:"Limits" help:"Compress the sockets to the deployment: fewer bytes, more CPU and memory for each signed-in session."`
	DrainPeriod              time.Duration `name:"drain-period" default:"5s" group:"Limits" help:"Over how long the ends of open streams are spread when the gateway stops, so that their clients do not all come back at once."`
	MaxConnectionAge         time.Duration `name:"max-connection-age" default:"0s" group:"Limits" help:"How long a connection and its streams may last, give or take a tenth, before clients are asked to connect again, perhaps to another replica. 0: for ever."`
	DrainTimeout             time.Duration `name:"drain-timeout" default:"8s" group:"Limits" help:"How long calls may take to end when the gateway stops."`
}

// set copies the flags into a Config.
func (f *limitFlags) set(c *server.Config) {
	c.MaxRequestBytes = explicit(f.MaxRequestBytes)
	c.MaxCallsPerSecond = explicit(f.MaxCallsPerSecond)
	c.MemoryBudget = int64(f.MemoryBudget)
	c.MaxCalls = int(f.MaxCalls)
	c.MaxCallsPerCaller = int(f.MaxCallsPerCaller)
	c.MaxStreams = int(f.MaxStreams)
	c.NoReflection = f.NoReflection
	c.MaxConnections = int(f.MaxConnections)
	c.MaxConnectionsPerAddress = int(f.MaxConnectionsPerAddress)
	c.ConnectionIdleTimeout = explicit(f.ConnectionIdleTimeout)
	c.SocketsPerIdentity = int(f.SocketsPerIdentity)
	c.MutationSockets = explicit(f.MutationSockets)
	c.KeyedMutations = f.KeyedMutations
	c.MaxUpstreamSockets = int(f.MaxUpstreamSockets)
	c.TrustedProxies = f.TrustedProxies
	c.MaxStreamsPerCaller = int(f.MaxStreamsPerCaller)
	c.Linger = explicit(f.Linger)
	c.RefreshGrace = explicit(f.RefreshGrace)
	c.Heartbeat = explicit(f.Heartbeat)
	c.FailFastAfter = explicit(f.FailFastAfter)
	c.MaxReadWait = explicit(f.MaxReadWait)
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
		{"MemoryBudget", f.MemoryBudget == negative},
		{"MaxCalls", f.MaxCalls == negative},
		{"MaxCallsPerCaller", f.MaxCallsPerCaller == negative},
		{"MaxStreams", f.MaxStreams == negative},
		{"MaxStreamsPerCaller", f.MaxStreamsPerCaller == negative},
		{"MaxConnections", f.MaxConnections == negative},
		{"MaxConnectionsPerAddress", f.MaxConnectionsPerAddress == negative},
		{"ConnectionIdleTimeout", f.ConnectionIdleTimeout < 0},
		{"MaxUpstreamSockets", f.MaxUpstreamSockets == negative},
		{"Linger", f.Linger < 0},
		{"Heartbeat", f.Heartbeat < 0},
		{"MaxConnectionAge", f.MaxConnectionAge < 0},
	} {
		if flag.negative {
			return &server.ConfigError{Field: flag.field, Err: errNegative}
		}
	}
	switch {
	case f.SocketsPerIdentity < 0:
		return &server.ConfigError{Field: "SocketsPerIdentity", Err: errors.New("must be 1 or more, or auto")}
	case f.RefreshGrace < 0:
		return &server.ConfigError{Field: "RefreshGrace", Err: errors.New("must be from 0s to 30s")}
	case f.DrainPeriod < 0:
		return &server.ConfigError{Field: "DrainPeriod", Err: errors.New("must be shorter than"), Other: "DrainTimeout"}
	}
	return nil
}

package server

import (
	"cmp"
	"context"
	"io/fs"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/trace"

	"convexgateway/auth/lease"
	"convexgateway/auth/service"
	"convexgateway/server/audit"
	"convexgateway/server/ticket"
)

// Config holds the settings of a gateway but for its deployment, which Upstream names. The zero Config is valid.
//
// A zero field has the default that its comment states. Where the comment says "negative: none", a negative number
// switches the limit or the period off.
type Config struct {
	GRPCAddr string // address of gRPC, host:port; port 0: any free one. "": DefaultGRPCAddr
	// HTTPAddr is the address of REST, host:port. If it equals GRPCAddr and the port is not 0, both share it.
	// "": DefaultHTTPAddr.
	HTTPAddr      string
	AdminAddr     string // address of metrics, host:port, and of an operator's commands. "": no admin port
	AdminOptional bool   // start without an admin port if AdminAddr cannot be opened
	PprofAddr     string // address of profiles, host:port, without authentication. "": none

	AdminToken    string `json:"-"` // of operators, 22 to 1024 bytes, a secret; metrics need none. "": no token is an operator's
	AdminTLSCert  string // file of the PEM certificate chain of the admin port. "": plain text
	AdminTLSKey   string // file of AdminTLSCert's PEM private key
	AdminClientCA string // file of PEM certificates; clients whose certificates one of them has signed are operators. "": none

	TLSCert     string // file of the PEM certificate chain of gRPC and REST, read again when it changes. "": plain text
	TLSKey      string // file of TLSCert's PEM private key
	TLSClientCA string // file of PEM certificates, one of which must have signed a client's. "": clients need none

	// TLSClientAuth is RequireClientAuth or OptionalClientAuth: whether clients need a certificate of TLSClientCA. "": RequireClientAuth.
	TLSClientAuth string

	// Services is a file that names services, which may then call with an API key, a client certificate or a workload token. It is read
	// again when it changes. "": there are none.
	Services          string
	ServicesText      []byte               `json:"-"` // the same as text, if Services is empty. nil: none
	ServiceIssuer     string               // the iss of the tokens that the gateway makes for services: a URL, which is not fetched
	ServiceIssuerKeys []service.PrivateKey // private keys in PEM (P-256), of which the first signs; secrets

	RequireAuth         bool     // refuse calls without a token. false: they are anonymous
	PublicFunctions     []string // patterns, as convex.ParsePathPatterns has them, of queries that run without their caller's identity. Empty: none
	AuthorizedParties   []string // origins, one of which a token's azp claim must name if it has one. Empty: any
	AllowMachineTokens  bool     // accept Clerk's machine-to-machine tokens for the deployment's audience
	AllowTemplateTokens bool     // accept tokens of a Clerk JWT template, which have no session id and cannot be revoked
	RefuseImpersonation bool     // refuse tokens of an actor who impersonates a user
	AllowReservedClaims bool     // accept tokens whose claims replace issuer, subject or tokenIdentifier in what functions see
	SessionRenewal      bool     // mint the next token of each session with open streams; needs Upstream.ClerkSecretKey
	// Heartbeat is the longest time of quiet on a stream over gRPC that asks for no other: its state is sent again then. From 5 s to 5 min; the
	// heartbeats of streams are spread over the fifth before it. 0: DefaultHeartbeat; negative: none.
	Heartbeat time.Duration
	// RefreshGrace is how long a stream with a refresh key stays open, without results, after its token has expired; at most 30 s.
	// 0: DefaultRefreshGrace; negative: none.
	RefreshGrace time.Duration

	// ClusterKeys are the same on all replicas: the first seals tickets of streams, all open them. Empty: a random key of this gateway.
	ClusterKeys Keys
	// RequestIDKey is the same on all replicas: by it a mutation with a request id runs once. "": derived from the first of ClusterKeys;
	// without these, request ids are refused.
	RequestIDKey Key

	AllowedOrigins  []string // origins whose pages may call from a browser. Empty: none
	AllowedHeaders  []string // headers that pages of other origins may send besides the usual ones. Empty: none
	AllowedHosts    []string // names under which REST may be called, and the admin port if its address is a loopback one. Empty: see LocalHosts
	LocalHosts      bool     // REST may be called under addresses, names of this machine and AllowedHosts only. false: without AllowedHosts under any
	LoopbackOrigins bool     // pages of loopback hosts may call as well
	Console         bool     // serve the console page at / of REST
	// ConsoleTokens returns a token for the user of that name; the console shows its errors. nil: users enter tokens.
	ConsoleTokens func(ctx context.Context, user string) (token string, err error) `json:"-"`

	// API is the folder of the app's contract, with spec.json, by which calls are checked before they are made. It is read again when it
	// changes. "": calls are not checked.
	API       string
	APIFiles  fs.FS `json:"-"` // the same as files, if API is empty. nil: none
	StrictAPI bool  // refuse calls of functions that the contract does not have; needs one

	MaxRequestBytes int // largest request message or body, in bytes; at least 1024. 0: DefaultMaxRequestBytes
	// MemoryBudget is how many bytes of requests and responses may be held for callers, of which one may have a quarter, or more if
	// that is not enough for the largest request. 0: half of Capacity.Memory; negative: no limit.
	MemoryBudget      int64
	MaxCalls          int // unary calls under way in all. 0: an eighth of Capacity.Files, at most 10,000; negative: none
	MaxCallsPerCaller int // unary calls under way of a caller. 0: an eighth of MaxCalls; negative: none
	// MaxStreams is how many streams may be open in all. 0: as many as have room in a quarter of Capacity.Memory, at most
	// DefaultMaxStreams; negative: none.
	MaxStreams int
	// MaxStreamsPerCaller is how many streams a caller may have open: a user, or the network of anonymous callers' address.
	// 0: an eighth of MaxStreams, at least 2,000; negative: none.
	MaxStreamsPerCaller int
	NoReflection        bool // serve no gRPC reflection
	// MaxConnections is how many connections of clients may be open in all. 0: as many as a quarter of Capacity.Memory and half of
	// Capacity.Files are enough for, at most DefaultMaxConnections; negative: none.
	MaxConnections int
	// MaxConnectionsPerAddress is how many connections may be open of an IPv4 address or of an IPv6 /64; of a /48 twice as many.
	// Trusted proxies' own do not count. 0: a quarter of MaxConnections, or 2,000 if that is more, but at most half; negative: none.
	MaxConnectionsPerAddress int
	// ConnectionIdleTimeout is how long a connection may be open without a call or a stream, whether or not pings arrive on it.
	// 0: DefaultConnectionIdleTimeout; negative: until closed.
	ConnectionIdleTimeout time.Duration
	// SocketsPerIdentity is how many sockets to the deployment an identity may have. With three or more, slow queries, and those that may
	// have ended a socket, go to sockets of their own. 0: 3, and 8 for anonymous callers, who share one identity.
	SocketsPerIdentity int
	// MutationSockets bounds the sockets of an identity for mutations with a request id whose callers have no session id. They are opened while
	// mutations wait. 0: 32.
	MutationSockets int
	// KeyedMutations is SharedSockets or DedicatedSockets. With the latter each mutation with a request id runs on a socket of its own, for
	// deployments behind a proxy that refuses the sessions of several on one; they have no order then. "": SharedSockets.
	KeyedMutations string
	// MaxUpstreamSockets bounds the sockets to the deployment, of which each identity with open streams has one at least.
	// 0: DefaultMaxUpstreamSockets, or what other limits leave of Capacity.Files if that is less; negative: none.
	MaxUpstreamSockets int
	MaxCallsPerSecond  int      // calls a second of a caller, in bursts of as many. 0 or negative: none
	TrustedProxies     []string // addresses or networks whose PROXY header, X-Forwarded-For or Forwarded has the caller's address. Empty: none

	Linger time.Duration // how long a query stays live after its last subscriber. 0: DefaultLinger; negative: none
	// FailFastAfter is how long a session may be without its deployment before new streams and mutations on it fail at once.
	// 0: DefaultFailFastAfter.
	FailFastAfter       time.Duration
	MaxReadWait         time.Duration // how long a first result waits for the time that it is to reflect. 0: DefaultMaxReadWait
	UpstreamPatience    time.Duration // how long a stream waits for an unreachable deployment. 0: DefaultUpstreamPatience
	UpstreamCompression bool          // compress the sockets to the deployment: fewer bytes, more CPU and memory

	MaxConnectionAge time.Duration // how long a connection and its streams last, give or take a tenth. 0 or negative: until closed
	DrainTimeout     time.Duration // how long Serve waits for calls when it stops. 0: DefaultDrainTimeout
	// DrainPeriod is the time over which the ends of open streams are spread when Serve stops; shorter than DrainTimeout.
	// 0: DefaultDrainPeriod, or five eighths of DrainTimeout if that is less; negative: none.
	DrainPeriod time.Duration

	// LogIdentity is how logs and spans name subjects, sessions and actors. "": audit.Hash
	LogIdentity NameMode
	// LogCalls is which calls and streams have log lines if they have not failed: all, failed (none), or 1/N (one of N). "": all
	LogCalls string

	// MetricsFunctions are the functions (module:name) that have metrics of their own, 200 at most. Empty: those of API, in the order of their names.
	MetricsFunctions []string

	// ExchangeConnected reports whether there is a connection to the other replicas, for metrics. nil: there is to be none
	ExchangeConnected func() bool `json:"-"`

	Build    Build          // what the process was built from, for metrics and the audit line of the start
	Settings []slog.Attr    `json:"-"` // what that line has besides: no secrets
	Exchange lease.Exchange `json:"-"` // passes notices between replicas. nil: this is the only one
	// ExchangeKeys has Exchange use other cluster keys. nil: it has none.
	ExchangeKeys func(Keys) error     `json:"-"`
	Logger       *slog.Logger         `json:"-"` // nil: slog.Default()
	Traces       trace.TracerProvider `json:"-"` // makes the spans of calls. nil: there are none
	Clock        func() time.Time     `json:"-"` // by which tokens are valid or not. nil: time.Now
}

// Build is what a process was built from. Empty fields are not known.
type Build struct {
	Version string // vX.Y.Z
	Commit  string // full hash
	Go      string // go1.N.M
}

type (
	// Key is the type of Config.RequestIDKey.
	Key = ticket.Key
	// Keys is the type of Config.ClusterKeys.
	Keys = ticket.Keys
	// NameMode is the type of Config.LogIdentity: full, hash or off.
	NameMode = audit.Mode
)

// Values of Config.KeyedMutations.
const (
	SharedSockets    = "shared"
	DedicatedSockets = "dedicated"
)

// Values of Config.TLSClientAuth.
const (
	RequireClientAuth  = "require"
	OptionalClientAuth = "optional"
)

// Defaults of Config's fields.
const (
	DefaultGRPCAddr              = "127.0.0.1:50051"
	DefaultHTTPAddr              = "127.0.0.1:8080"
	DefaultRefreshGrace          = 10 * time.Second
	DefaultHeartbeat             = 45 * time.Second // HAProxy's packages cut a quiet stream after 50 s, nginx after 60 s
	DefaultMaxRequestBytes       = 20 << 20         // room for arguments of 16 MiB in Convex's own measure, in most encodings
	DefaultMaxStreams            = 200_000
	DefaultMaxConnections        = 100_000
	DefaultConnectionIdleTimeout = 5 * time.Minute
	DefaultMaxUpstreamSockets    = 20_000
	DefaultLinger                = 5 * time.Second
	DefaultFailFastAfter         = 10 * time.Second
	DefaultUpstreamPatience      = 5 * time.Minute
	DefaultMaxReadWait           = time.Second
	DefaultDrainTimeout          = 8 * time.Second
	DefaultDrainPeriod           = 5 * time.Second
)

// Resolved returns the settings that a gateway in this process runs with. There 0 is none, where that is possible, and not the default.
func (c Config) Resolved() Config { return c.withDefaults(MachineCapacity()) }

// withDefaults returns the settings that a gateway runs with: defaults in place of zero fields, and 0 in place of negative
// numbers that mean "none". It is applied once.
func (c Config) withDefaults(machine Capacity) Config {
	c.GRPCAddr = cmp.Or(c.GRPCAddr, DefaultGRPCAddr)
	c.HTTPAddr = cmp.Or(c.HTTPAddr, DefaultHTTPAddr)
	c.RefreshGrace = orNone(c.RefreshGrace, DefaultRefreshGrace)
	c.Heartbeat = orNone(c.Heartbeat, DefaultHeartbeat)
	c.MaxRequestBytes = cmp.Or(c.MaxRequestBytes, DefaultMaxRequestBytes)
	c.MaxCallsPerSecond = orNone(c.MaxCallsPerSecond, 0)
	c = c.withCapacity(machine)
	c.ConnectionIdleTimeout = orNone(c.ConnectionIdleTimeout, DefaultConnectionIdleTimeout)
	c.Linger = orNone(c.Linger, DefaultLinger)
	c.FailFastAfter = cmp.Or(c.FailFastAfter, DefaultFailFastAfter)
	c.MaxReadWait = cmp.Or(c.MaxReadWait, DefaultMaxReadWait)
	c.UpstreamPatience = cmp.Or(c.UpstreamPatience, DefaultUpstreamPatience)
	c.MaxConnectionAge = orNone(c.MaxConnectionAge, 0)
	c.DrainTimeout = cmp.Or(c.DrainTimeout, DefaultDrainTimeout)
	c.DrainPeriod = orNone(c.DrainPeriod, min(DefaultDrainPeriod, c.DrainTimeout*5/8))
	c.LogIdentity = cmp.Or(c.LogIdentity, audit.Hash)
	c.Logger = cmp.Or(c.Logger, slog.Default())
	return c
}

// withCapacity returns the settings with the defaults that follow from a machine's capacity.
func (c Config) withCapacity(machine Capacity) Config {
	c.MemoryBudget = orNone(c.MemoryBudget, machine.memoryBudget())
	c.MaxCalls = orNone(c.MaxCalls, machine.maxCalls())
	c.MaxCallsPerCaller = orNone(c.MaxCallsPerCaller, perCaller(cmp.Or(c.MaxCalls, maxCalls), minCalls))
	c.MaxStreams = orNone(c.MaxStreams, machine.maxStreams())
	c.MaxStreamsPerCaller = orNone(c.MaxStreamsPerCaller, perCaller(cmp.Or(c.MaxStreams, DefaultMaxStreams), minStreamsOfCaller))
	c.MaxConnections = orNone(c.MaxConnections, machine.maxConnections())
	c.MaxConnectionsPerAddress = orNone(c.MaxConnectionsPerAddress, connectionsOfAddress(cmp.Or(c.MaxConnections, machine.maxConnections())))
	c.MaxUpstreamSockets = orNone(c.MaxUpstreamSockets, machine.maxUpstreamSockets())
	return c
}

// orNone returns the default in place of 0, and 0 in place of a negative number.
func orNone[T int | int64 | time.Duration](value, byDefault T) T {
	return max(0, cmp.Or(value, byDefault))
}

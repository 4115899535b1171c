package rest

import (
	"context"
	"log/slog"
	"time"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/contract"
	"convexgateway/server/rpc"
	"convexgateway/server/ticket"
)

// Options are what REST serves, and its limits.
type Options struct {
	Functions gatewayv1.FunctionServiceServer
	Auth      gatewayv1.AuthServiceServer
	// Conn connects to both services.
	Conn    *Conn
	Tickets *ticket.Sealer
	// Contract has the functions that have routes of their own; nil: none has.
	Contract *contract.Contract
	// HideContract serves no description of these functions.
	HideContract bool
	// Procedures serve the same services by other protocols. nil: there are none.
	Procedures Procedures
	// GRPCAddr returns the address of gRPC, for clients that call it here. nil: they get no hint.
	GRPCAddr func() string
	// Routes are served besides those of the services and of tickets.
	Routes []Route
	// Proxies are those whose X-Forwarded-For or Forwarded states the caller's address.
	Proxies call.Proxies
	// ProbeOnly reports whether a request's connection is one over the limit, which is open for probes only. nil: none is.
	ProbeOnly func(ctx context.Context) bool
	// Origins are those whose pages may call from a browser.
	Origins Origins
	// Hosts are the names under which REST may be called.
	Hosts Hosts
	// MaxBody is the size of the largest body, in bytes.
	MaxBody int64
	// MaxHeader is the size of the largest URL and headers together, in bytes. 0: no limit.
	MaxHeader int
	// BodyTimeout is how long a request's body may take to arrive. 0: 30 s.
	BodyTimeout time.Duration
	// Ended ends when calls must end, because the server is closed. nil: never
	Ended context.Context
	// Limits are what requests of Routes are admitted by, and what bounds the log lines of refused calls. nil: there are none.
	Limits *call.Limits
	// Log writes the lines of refused calls. nil: they are written to Logger.
	Log *rpc.CallLog
	// Logger gets panics.
	Logger *slog.Logger
}

package server

import (
	"math"
	"runtime/debug"
	"syscall"

	"convexgateway/server/call"
	"convexgateway/server/call/limit"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// Capacity is what a gateway may use of its machine. The defaults of limits follow from it.
type Capacity struct {
	Memory int64 // bytes: the process's memory limit, else the machine's memory
	Files  int   // descriptors that the process may have open
}

// MachineCapacity returns the capacity of this process.
func MachineCapacity() Capacity {
	c := Capacity{Memory: debug.SetMemoryLimit(-1), Files: unlimitedFiles}
	if c.Memory == math.MaxInt64 {
		c.Memory = unlimitedMemory
		if machine, err := memlimit.FromSystem(); err == nil && machine < math.MaxInt64 {
			c.Memory = int64(machine)
		}
	}
	var files syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files) == nil && files.Cur < unlimitedFiles {
		c.Files = int(files.Cur)
	}
	return c
}

// What is assumed where the system has no limit.
const (
	unlimitedMemory = 16 << 30 // bytes
	unlimitedFiles  = 1 << 20
)

const (
	connectionMemory = 24 << 10 // bytes: what an idle connection takes, over TLS
	minConnections   = 1_000

	minConnectionsOfAddress = 2_000 // enough for the phones behind an address that many share

	streamMemory = 16 << 10 // bytes: what an open stream takes that shares its connection and its query
	minStreams   = 4_000
	minCalls     = 64

	minStreamsOfCaller = 2_000
	minArriving        = 1_000
	maxCalls           = 10_000
	shareOfCaller      = 8 // of the places: one caller may have an eighth
	requestsOfShare    = 5 // bytes that a request takes while it runs, for each of its own
)

// maxStreams returns how many streams a quarter of the memory is enough for.
func (c Capacity) maxStreams() int {
	return min(DefaultMaxStreams, max(minStreams, int(c.Memory/4/streamMemory)))
}

// maxCalls returns how many unary calls may be under way: each may have a connection to the deployment.
func (c Capacity) maxCalls() int { return min(maxCalls, c.maxUpstreamConns()) }

// maxUpstreamConns returns how many connections to the deployment's HTTP API have descriptors, whatever limits are set.
func (c Capacity) maxUpstreamConns() int { return max(minCalls, c.Files/8) }

// maxConnections returns how many connections of clients a quarter of the memory and half of the descriptors are enough for.
func (c Capacity) maxConnections() int {
	return min(DefaultMaxConnections, c.Files/2, max(minConnections, int(c.Memory/4/connectionMemory)))
}

// maxUpstreamSockets returns how many sockets have descriptors after connections, calls and a sixteenth for all else.
func (c Capacity) maxUpstreamSockets() int {
	return min(DefaultMaxUpstreamSockets, c.Files-c.Files/16-c.maxConnections()-c.maxCalls())
}

// connectionsOfAddress returns the connections of an address: a quarter of all or more, but never more than half.
func connectionsOfAddress(inAll int) int { return min(inAll/2, max(minConnectionsOfAddress, inAll/4)) }

// memoryBudget returns the bytes that may be held for callers: half of the memory.
func (c Capacity) memoryBudget() int64 { return c.Memory / 2 }

// perCaller returns the places of one caller.
func perCaller(inAll, atLeast int) int { return min(inAll, max(atLeast, inAll/shareOfCaller)) }

// arriving returns how many calls of an address may have begun and not been admitted yet, each of which waits in a goroutine: a quarter of the
// streams, or minArriving if that is more. 0: no limit.
func arriving(streams int) int {
	if streams == 0 {
		return 0
	}
	return max(minArriving, streams/4)
}

// budgetOfCaller returns the bytes that may be held for one caller: a quarter of the budget, or more if that is not enough for the
// largest request, but never more than half.
func budgetOfCaller(budget int64, maxRequest int) int64 {
	return min(budget/2, max(budget/4, requestsOfShare*int64(maxRequest)))
}

// Places of health and reflection, which need no credential. Checks have no limit in all, so that callers who fill theirs do not make
// the checks of orchestrators fail.
const (
	maxProbes         = 1_000
	maxProbesOfCaller = 100
)

// maxRefusedPerSecond is how many credentials of an address are checked in a second if they are refused: enough for all phones behind
// it, whose tokens may end at the same time.
const maxRefusedPerSecond = 1_000

// newLimits makes the limits by which calls are admitted.
func newLimits(cfg Config) *call.Limits {
	return &call.Limits{
		Rate:     limit.NewRate(cfg.MaxCallsPerSecond),
		Arriving: limit.NewPlaces(arriving(cfg.MaxStreams), 0, call.ErrTooManyCalls, call.ErrTooManyCalls),
		Refused:  limit.NewRate(maxRefusedPerSecond),
		Budget:   limit.NewBudget(cfg.MemoryBudget, budgetOfCaller(cfg.MemoryBudget, cfg.MaxRequestBytes), call.ErrOverloaded),
		Unary:    limit.NewPlaces(cfg.MaxCallsPerCaller, cfg.MaxCalls, call.ErrTooManyCalls, call.ErrOverloaded),
		Streams:  limit.NewPlaces(cfg.MaxStreamsPerCaller, cfg.MaxStreams, call.ErrTooManyStreams, call.ErrTooManyStreams),
		Checks:   limit.NewPlaces(maxProbesOfCaller, 0, call.ErrTooManyCalls, call.ErrTooManyCalls),
		Probes:   limit.NewPlaces(maxProbesOfCaller, maxProbes, call.ErrTooManyCalls, call.ErrTooManyCalls),
		Refusals: limit.NewRefusals(limit.LogSums(cfg.Logger)),
	}
}

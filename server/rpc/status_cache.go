package rpc

import (
	"hash/maphash"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/server/call"
)

// statuses are the statuses of the problems that callers had last, so that a flood of refused calls makes few: one takes longer to make
// than the rest of a refusal. A problem replaces another one that has the same place. Safe for concurrent use.
var statuses [64]atomic.Pointer[cachedStatus]

var statusSeed = maphash.MakeSeed()

// cachedStatus is the status of a problem. It is not changed.
type cachedStatus struct {
	key    statusKey
	status *status.Status
}

// statusKey is what the status of a problem depends on, unless a function has failed.
type statusKey struct {
	code            codes.Code
	reason, message string
	retryAfter      time.Duration
	argument        call.ArgumentError // zero if there is none
}

// cachedStatusOf returns the status of a problem that is not a function's error.
func cachedStatusOf(p call.Problem) *status.Status {
	key := statusKey{code: p.Code, reason: p.Reason, message: p.Message, retryAfter: p.RetryAfter}
	if p.Argument != nil {
		key.argument = *p.Argument
	}
	place := &statuses[maphash.Comparable(statusSeed, key)%uint64(len(statuses))]
	if cached := place.Load(); cached != nil && cached.key == key {
		return cached.status
	}
	made := newStatus(p, nil)
	if len(p.Message) <= maxMessage {
		place.Store(&cachedStatus{key, made})
	}
	return made
}

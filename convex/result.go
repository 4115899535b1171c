package convex

import (
	"bytes"
	"slices"
	"sync"
	"time"
)

// Result is the outcome of one run of a function. It is immutable and shared by all subscribers and callers.
type Result struct {
	Value     []byte         // Convex-encoded JSON as the deployment sent it; nil if the function threw
	Err       *FunctionError // what the function threw; nil if it returned
	LogLines  []string       // what it logged; nil if it threw: the error has its own
	Timestamp uint64         // the deployment's clock, ns since 1970: when it was read or committed; 0 if unknown

	// Journal is the deployment's note of where a page of a paginated query ends, which a new subscription may give back; nil if it
	// has none. It is not compared.
	Journal *string

	// Received is when the live query's result came; zero for the result of a call.
	Received time.Time
	// Age is that of the commit which has changed it, at Received, whatever the difference of the clocks; 0 if none has, or unknown.
	Age time.Duration

	memo sync.Map
}

// Memo returns what build made of this result when Memo was first called with the key, so that each wire form of a
// result is encoded once however many subscribers share it. Calls while it is being built wait for it. Keys of different
// packages differ by their types.
func (r *Result) Memo(key any, build func() any) any {
	made, found := r.memo.Load(key)
	if !found {
		made, _ = r.memo.LoadOrStore(key, sync.OnceValue(build))
	}
	return made.(func() any)()
}

// SameOutcome reports whether two runs are equal to the caller. Request ids differ from run to run and do not count.
func (r *Result) SameOutcome(other *Result) bool {
	if r == nil || other == nil {
		return r == other
	}
	if (r.Err == nil) != (other.Err == nil) {
		return false
	}
	if r.Err != nil {
		return r.Err.sameOutcome(other.Err)
	}
	return bytes.Equal(r.Value, other.Value) && slices.Equal(r.LogLines, other.LogLines)
}

package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// smallHeap is the size, in bytes, up to which the heap may grow before garbage is collected. By itself Go collects when the
// heap has doubled: with few streams that is every few hundred calls, at a tenth of their CPU time.
const smallHeap = 32 << 20

// tuneCollector keeps the garbage collector from running before the heap has smallHeap bytes, unless GOGC says how often it
// is to run. A larger heap is collected as by default.
func tuneCollector() {
	if os.Getenv("GOGC") == "" {
		collected(liveHeap())
	}
}

// collected is called after each collection: the object that it leaves behind is found dead by the next one.
func collected(live uint64) {
	debug.SetGCPercent(max(100, int(100*smallHeap/max(live, 1<<20))-100))
	runtime.AddCleanup(new([64]byte), func(struct{}) { collected(liveHeap()) }, struct{}{})
}

// liveHeap is what the last collection left, in bytes.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

package live

import (
	"hash/maphash"
	"math/rand/v2"
	"time"

	"convexgateway/auth"
)

// drainSeed makes the order of identities differ between processes.
var drainSeed = maphash.MakeSeed()

// drainDelay returns when a stream ends within the drain period. Streams of one identity end at the same time, so that their
// client opens all of them on one replica, where they share queries, instead of on two for a while. Anonymous streams belong
// to different callers, so their delays are random.
func drainDelay(id *auth.Identity, period time.Duration) time.Duration {
	if id == nil || period <= 0 {
		return spread(period)
	}
	return time.Duration(maphash.Comparable(drainSeed, id.Key()) % uint64(period))
}

// spread returns a random time within a period.
func spread(period time.Duration) time.Duration {
	if period <= 0 {
		return 0
	}
	return rand.N(period)
}

// spreadAge returns the age at which a stream ends: the limit, plus or minus a tenth.
func spreadAge(limit time.Duration) time.Duration {
	return limit*9/10 + spread(limit/5)
}

package live

import (
	"hash/maphash"
	"math/rand/v2"
	"time"

	"convexgateway/auth"
)

// drainSeed gives each process another order of identities.
var drainSeed = maphash.MakeSeed()

// drainDelay is when a stream ends within the drain period. Those of one identity end at the same time, so that they meet again
// on one replica and share its queries there, instead of being spread over two for a while. Anonymous callers are not one caller.
func drainDelay(id *auth.Identity, period time.Duration) time.Duration {
	if id == nil || period <= 0 {
		return spread(period)
	}
	return time.Duration(maphash.Comparable(drainSeed, id.Key()) % uint64(period))
}

// spread is a random time within a period.
func spread(period time.Duration) time.Duration {
	if period <= 0 {
		return 0
	}
	return rand.N(period)
}

// spreadAge is the age at which one stream ends: the limit, give or take a tenth.
func spreadAge(limit time.Duration) time.Duration {
	return limit*9/10 + spread(limit/5)
}

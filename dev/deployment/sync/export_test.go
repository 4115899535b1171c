package sync

const (
	HeartbeatInterval    = heartbeatInterval
	PingInterval         = pingInterval
	SilenceLimit         = silenceLimit
	MutationTimeout      = mutationTimeout
	MaxUnsentTransitions = maxUnsentTransitions
	MaxCloseReason       = maxCloseReason
	MaxWaiting           = maxWaiting
	MaxParallelQueries   = maxParallelQueries
	MaxWhole             = maxWhole
)

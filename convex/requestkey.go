package convex

// RequestKey identifies a mutation over all of its attempts: the deployment keeps the result of each that commits under both, in the
// mutation's own transaction, for 14 days, and answers another attempt with it. Source: get-convex/convex-backend
// crates/model/src/session_requests.
type RequestKey struct {
	SessionID string // a UUID, which nobody can guess
	RequestID uint32 // at least 2^31: the ids of sessions are smaller
}

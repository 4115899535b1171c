// Package upstream is a fast fake of a Convex deployment: its one query has a fixed result, and the result of its live queries
// is what the benchmark publishes last. It runs no function and verifies no token. All servers that are compared call the same
// one, so that its share of the time cancels out.
//
// Messages have the form of get-convex/convex-backend crates/convex/sync_types/src/types/json.rs.
package upstream

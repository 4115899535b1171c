// Package floor holds the servers that the gateway is measured against: the least that a Go program does for the same
// response. They verify nothing, keep no order and handle no errors.
//
//	echo         gRPC: responds to every call with its request
//	passthrough  gRPC: passes a query on over HTTP, the row "P"
//	rest         HTTP: passes a query on over HTTP, "REST by hand"
//	fanout       gRPC: writes each published update to all streams, the row "W"
//	sse          HTTP: the same as server-sent events, "SSE by hand"
package floor

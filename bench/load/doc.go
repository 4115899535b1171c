// Package load is the load of the benchmarks: clients that need little CPU, because they share the machine with what is
// measured, and that check everything they receive.
//
//	Call         one unary call, over gRPC or HTTP
//	Streams      open streams, over gRPC (HTTP/2) or server-sent events (HTTP/1.1)
//	Receiver     gets the messages of streams
//	Subscribers  the Receiver that compares messages with what a Feed has published
//	Feed         publishes numbered updates
//	Stopped      a stream that is opened and not read
//	Round        one update, from its publication until the last stream has it
//	Attack       abusive clients, to measure what they do to others
//	Faults       mistakes of a server, which fail the run
package load

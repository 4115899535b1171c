// Package wire holds what the servers and the load of the benchmarks have in common: a codec for encoded messages, and the
// functions, arguments and results that are sent.
package wire

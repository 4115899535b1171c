// Command conformance is the server that connectrpc.com/conformance tests: the suite's ConformanceService behind the gateway's own HTTP
// handler and its adapter of Connect and gRPC-Web. The suite's protos are read from the module cache and compiled at its start.
//
//	tools/conformance/check
//
// reads a ServerCompatRequest from standard input, and writes a ServerCompatResponse when the server listens.
package main

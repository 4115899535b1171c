// Command profiled is the gateway as `convexgateway serve` runs it, with one more port for CPU profiles: POST /start, then
// POST /stop, which responds with the profile.
package main

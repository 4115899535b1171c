// Command convexgateway serves a Convex deployment over gRPC, REST, NDJSON and server-sent events.
package main

import (
	"os"

	"convexgateway/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr)) }

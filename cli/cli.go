package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"google.golang.org/grpc/grpclog"
)

// commands is the command line, of which kong makes the parser, its help and the environment variables.
type commands struct {
	Dev   devCommand   `cmd:"" help:"Run everything on this machine, with no account and no settings: a development deployment with a sample app, its token issuer, and the gateway in front of them."`
	Serve serveCommand `cmd:"" help:"Run the gateway in front of a real deployment."`

	Doctor doctorCommand `cmd:"" help:"Try out the settings of serve, before or while it runs: deployment, issuers, keys, clock, NATS, certificate, ports, and the proxy in front. Ends with exit code 1 if a check fails."`

	Admin adminCommand `cmd:"" help:"Speak to the admin port of a gateway that runs: list or end streams, block a function, drain."`

	Generate generateCommand `cmd:"" help:"Write the typed contract of an app, from its function spec."`

	NameHash nameHashCommand `cmd:"" name:"name-hash" help:"Print how logs name a subject, a session or an actor with --log-identity=hash, by the keys of the gateway."`

	Services servicesCommand `cmd:"" help:"Make keys for services, and what the deployment needs to trust them."`

	PrintVersion versionCommand `cmd:"" name:"version" help:"Print version, commit and Go version."`
	Version      versionFlag    `env:"-" help:"Print version, commit and Go version."`
}

const description = "Serves a Convex deployment over gRPC, REST, NDJSON and server-sent events. Every flag --x-y also reads the " +
	"environment variable CONVEXGATEWAY_X_Y; flags win."

// Main runs the command that args name, until it ends or the process gets an interrupt or SIGTERM. It returns the exit code.
func Main(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	ignoreEmptyVariables()
	silenceLibraries()
	return exitCode(run(ctx, args, stdout, stderr), stderr)
}

// ignoreEmptyVariables removes variables that are set to nothing, as templates of containers leave them.
func ignoreEmptyVariables() {
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		if value == "" && strings.HasPrefix(name, "CONVEXGATEWAY_") {
			_ = os.Unsetenv(name)
		}
	}
}

// silenceLibraries discards the lines that grpc-go and grpc-gateway print by themselves, some for each client that leaves, unless
// grpc-go's own variable asks for them.
func silenceLibraries() {
	if os.Getenv("GRPC_GO_LOG_SEVERITY_LEVEL") == "" {
		grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
	}
}

// usageError is a wrong or missing setting, which ends the process with exit code 2.
type usageError struct{ error }

// exitCode prints an error on one line and returns the exit code of the process.
func exitCode(err error, stderr io.Writer) int {
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "convexgateway: %v (see --help)\n", err)
		return 2
	default:
		fmt.Fprintf(stderr, "convexgateway: %v\n", err)
		return 1
	}
}

// run parses the command line and runs the command until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	exited := false
	parser, err := newParser(kong.Writers(stdout, stderr), kong.Exit(func(int) { exited = true }))
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(singleDashAlias(args))
	if exited { // --help has been printed
		return nil
	}
	if err != nil {
		return usageError{err}
	}
	return parsed.Run(runContext{ctx: ctx, parsed: parsed, stdout: stdout, stderr: stderr})
}

// newParser returns the parser of the command line.
func newParser(options ...kong.Option) (*kong.Kong, error) {
	return kong.New(&commands{}, append(options,
		kong.Name("convexgateway"), kong.Description(description), kong.Vars(defaults),
		kong.DefaultEnvars("CONVEXGATEWAY"), kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
	)...)
}

// runContext is the argument of each command's Run.
type runContext struct {
	ctx            context.Context
	parsed         *kong.Context
	stdout, stderr io.Writer
}

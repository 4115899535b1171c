package cli

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/alecthomas/kong"

	"convexgateway/server"
)

// recordFlags are what logs, spans and metrics have of calls.
type recordFlags struct {
	LogIdentity string `name:"log-identity" enum:"full,hash,off" default:"hash" group:"Logs" help:"How subjects, sessions and actors are written to logs and spans: as they are, as hashes, or not at all. The key of the hashes follows from --request-id-key, or from the first --cluster-key; name-hash prints that of a subject."`
	LogCalls    string `name:"log-calls" default:"all" group:"Logs" help:"Which calls and streams have log lines if they have not failed: all, none (failed), or one of N (1/N). Failed ones always have."`

	MetricsFunctions []string `name:"metrics-functions" placeholder:"PATH" group:"Logs" help:"Functions (module:name) whose calls and errors are measured separately, 200 at most. By default those of --api, the first 200 by name."`
}

// set copies the flags into a Config.
func (f *recordFlags) set(c *server.Config) {
	c.LogIdentity, c.LogCalls, c.MetricsFunctions = server.NameMode(f.LogIdentity), f.LogCalls, f.MetricsFunctions
}

// settingsOf returns the flags of the selected command as attributes, without secrets, for the audit line of the start.
func settingsOf(parsed *kong.Context) (attrs []slog.Attr) {
	for _, flag := range parsed.Selected().Flags {
		attrs = append(attrs, slog.String(flag.Name, displayed(flag)))
	}
	return attrs
}

// nameHashCommand prints how logs name a subject, a session or an actor.
type nameHashCommand struct {
	keyFlags
	Value string `arg:"" help:"Subject, session or actor, as tokens have it."`
}

var errNoNameKey = errors.New("--cluster-key or --request-id-key is missing: without one, hashes are of one process, and nobody can find them")

// Validate implements kong's hook.
func (c *nameHashCommand) Validate() error { return c.read() }

// Run prints it.
func (c *nameHashCommand) Run(rc runContext) error {
	var cfg server.Config // whose default are hashes
	c.set(&cfg)
	if !cfg.AcceptsRequestIDs() {
		return usageError{errNoNameKey}
	}
	names, err := cfg.Names()
	if err != nil {
		return usageError{byFlags(err)}
	}
	fmt.Fprintln(rc.stdout, names.Name(c.Value))
	return nil
}

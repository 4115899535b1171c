package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"convexgateway/server"
)

// Set by the linker in a release (tools/release): vX.Y.Z, and the full hash of the commit.
var releaseVersion, releaseCommit string

// version returns what this binary was built from: `convexgateway v1.2.3, commit 0123abc, go1.26.11`. Go records version and commit in
// a build from a clone, and the version in `go install`.
func version() string {
	b := build()
	if b.Go == "" {
		return "convexgateway, built without module information"
	}
	return fmt.Sprintf("convexgateway %s, commit %s, %s", b.Version, b.Commit, b.Go)
}

// build returns the same in parts; zero without module information.
func build() server.Build {
	info, ok := debug.ReadBuildInfo()
	switch {
	case !ok:
		return server.Build{}
	case releaseVersion != "":
		return server.Build{Version: releaseVersion, Commit: releaseCommit, Go: info.GoVersion}
	}
	commit, changed := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " with changes"
		}
	}
	return server.Build{Version: info.Main.Version, Commit: commit + changed, Go: info.GoVersion}
}

// versionCommand prints the version.
type versionCommand struct{}

// Run prints it.
func (versionCommand) Run(rc runContext) error {
	fmt.Fprintln(rc.stdout, version())
	return nil
}

// versionFlag prints the version before any other flag is parsed.
type versionFlag bool

// singleDashAlias accepts -version for --version, as Go's own commands do.
func singleDashAlias(args []string) []string {
	if len(args) == 1 && args[0] == "-version" {
		return []string{"--version"}
	}
	return args
}

// BeforeReset implements kong's hook.
func (versionFlag) BeforeReset(app *kong.Kong) error {
	fmt.Fprintln(app.Stdout, version())
	app.Exit(0)
	return nil
}

package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/alecthomas/kong"
)

// version returns what this binary was built from: `convexgateway 1.2.3, commit 0123abc, go1.26.11`. Go records the version
// and the commit in a build from a clone and in `go install`.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "convexgateway, built without module information"
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
	return fmt.Sprintf("convexgateway %s, commit %s%s, %s", info.Main.Version, commit, changed, info.GoVersion)
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

package process

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestFaultsOfADump(t *testing.T) {
	t.Parallel()
	const rest = "goroutine 1 [select]:\nconvexgateway/server.(*Server).Serve(0x1)\n\n"
	for log, fault := range map[string]string{
		"level=INFO msg=call\nSIGQUIT: quit\n\n" + rest:                                                       "",
		"SIGQUIT: quit\n\n" + rest + "goroutine 2 [select]:\nconvexgateway/server/live.(*Stream).loop(0x1)\n": "leaks a goroutine in server/live.(*Stream)",
		"SIGQUIT: quit\n\n" + rest + "goroutine 2 [select]:\nconvexgateway/convex/live.(*session).run(0x1)\n": "leaks a goroutine in convex/live.(*session)",
		"level=ERROR msg=panic\nSIGQUIT: quit\n\n" + rest:                                                     "level=ERROR",
		rest: "without a dump",
	} {
		got := strings.Join(Faults(log), "\n")
		if fault == "" && got != "" || !strings.Contains(got, fault) {
			t.Errorf("%q\ngives %q; want %q", log, got, fault)
		}
	}
}

// TestLeftoverTypesExist: a type that was renamed would no longer be found in a dump.
func TestLeftoverTypesExist(t *testing.T) {
	t.Parallel()
	for pkg, types := range leftoverTypes {
		files, err := filepath.Glob(filepath.Join("..", "..", pkg, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		var source []byte
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			source = append(source, text...)
		}
		for _, name := range types {
			if !regexp.MustCompile(`(?m)^type ` + name + ` struct`).Match(source) {
				t.Errorf("%s has no type %s", pkg, name)
			}
		}
	}
}

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestRow(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]row{
		"| 1 | x | µs | P | 2.00 (1.00–3.00) | 4.00 (3.00–5.00) | 2.00 (1.67–3.00) | ≤ 1.5 | **not met** |": {
			"1", "x", "µs", "P", series{1, 2, 3}, series{3, 4, 5}, atMost(1.5), false,
		},
		"| 8 | x | µs | Node | 10.0 | 2.00 | 5.00 | ≥ 4 | met |": {"8", "x", "µs", "Node", series{10}, series{2}, atLeast(4), true},
		"| 5 | x | KiB |  |  | 40.0 |  | ≤ 42 KiB | met |":       {"5", "x", "KiB", "", nil, series{40}, goal{limit: 42, unit: "KiB"}, false},
		"|  | x | ms | W | 4.00 | 2.00 | 0.50 |  |  |":           {"", "x", "ms", "W", series{4}, series{2}, goal{}, false},
	} {
		if got := r.String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestDumpIsRead(t *testing.T) {
	t.Parallel()
	const rest = "goroutine 1 [select]:\nconvexgateway/server.(*Server).Serve(0x1)\n\n"
	for log, fault := range map[string]string{
		"level=INFO msg=call\nSIGQUIT: quit\n\n" + rest:                                                      "",
		"SIGQUIT: quit\n\n" + rest + "goroutine 2 [select]:\nconvexgateway/server/live.(*Stream).Run(0x1)\n": "leaks a goroutine in server/live.(*Stream)",
		"SIGQUIT: quit\n\n" + rest + "goroutine 2 [select]:\nconvexgateway/convex/live.(*link).read(0x1)\n":  "leaks a goroutine in convex/live.(*link)",
		"level=ERROR msg=panic\nSIGQUIT: quit\n\n" + rest:                                                    "level=ERROR",
		rest: "without a dump",
	} {
		b := &bench{}
		b.checkDump(log)
		got := strings.Join(b.faults.List(), "\n")
		if fault == "" && got != "" || !strings.Contains(got, fault) {
			t.Errorf("%q\ngives %q; want %q", log, got, fault)
		}
	}
}

// TestLeftoverTypesExist: a type that was renamed would no longer be found in a dump.
func TestLeftoverTypesExist(t *testing.T) {
	t.Parallel()
	for pkg, types := range leftoverTypes {
		files, err := filepath.Glob(filepath.Join("..", pkg, "*.go"))
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

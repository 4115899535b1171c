package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"

	"convexgateway/bench/table"
)

// micro runs Go benchmarks of the packages, in processes of their own, and compares them with their floors, which are
// benchmarks in the same files.
func (b *bench) micro(ctx context.Context) error {
	rows := map[string]table.Series{}
	for range b.runs {
		if err := b.goBench(ctx, rows); err != nil {
			return err
		}
	}
	for _, name := range []string{
		"Transition/gateway", "Transition/encoding_json", "LargeResult/gateway", "LargeResult/reused_buffer", "Verified", "ValueOf/gateway", "ValueOf/protojson",
	} {
		if len(rows[name]) == 0 {
			return fmt.Errorf("there is no benchmark %s", name)
		}
	}
	b.add(table.Row{Target: "6", What: "a 20 KB Transition is split", Unit: "µs", Floor: "encoding/json v1", There: rows["Transition/encoding_json"], Gateway: rows["Transition/gateway"], Goal: table.AtMost(0.45)})
	b.add(table.Row{Target: "6", What: "a 5 MB result is read from its socket", Unit: "µs", Floor: "into a reused buffer", There: rows["LargeResult/reused_buffer"], Gateway: rows["LargeResult/gateway"], Goal: table.AtMost(2)})
	b.add(table.Row{Target: "7", What: "look-up of a verified token", Unit: "µs", Gateway: rows["Verified"], Goal: table.Goal{Limit: 2, Unit: "µs"}})
	b.add(table.Row{What: "20 KB of JSON to wire bytes of Value", Unit: "µs", Floor: "protojson, proto.Marshal", There: rows["ValueOf/protojson"], Gateway: rows["ValueOf/gateway"]})
	return nil
}

// benchLine matches `BenchmarkName/sub-2   123   4567 ns/op …`.
var benchLine = regexp.MustCompile(`(?m)^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op`)

// goBench adds the time of each benchmark to rows, in µs.
func (b *bench) goBench(ctx context.Context, rows map[string]table.Series) error {
	often := "300ms"
	if b.quick {
		often = "1x"
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^Benchmark(Transition|LargeResult|Verified|ValueOf)$",
		"-benchtime", often, "./convex/...", "./auth/...", "./server/...")
	cmd.Dir = b.root
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	for _, m := range benchLine.FindAllSubmatch(out, -1) {
		ns, err := strconv.ParseFloat(string(m[2]), 64)
		if err != nil {
			return err
		}
		rows[string(m[1])] = append(rows[string(m[1])], ns/1000)
	}
	return nil
}

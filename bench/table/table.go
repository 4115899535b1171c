package table

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Series is one figure by run.
type Series []float64

func (s Series) median() float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return (sorted[(len(s)-1)/2] + sorted[len(s)/2]) / 2
}

// over returns the ratios, run by run.
func (s Series) over(other Series) Series {
	ratio := make(Series, min(len(s), len(other)))
	for i := range ratio {
		ratio[i] = s[i] / other[i]
	}
	return ratio
}

// String returns the median and, with more than one run, the smallest and largest value.
func (s Series) String() string {
	switch {
	case len(s) == 0:
		return "–"
	case len(s) == 1:
		return figure(s[0])
	}
	return fmt.Sprintf("%s (%s–%s)", figure(s.median()), figure(slices.Min(s)), figure(slices.Max(s)))
}

// figure formats a number with three digits.
func figure(f float64) string {
	switch {
	case f >= 100:
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	default:
		return fmt.Sprintf("%.2f", f)
	}
}

// Goal is a limit for a ratio or, without a floor, for the figure itself. The zero goal is none.
type Goal struct {
	Limit   float64
	atLeast bool
	Unit    string // of an absolute goal
}

// AtMost is met by a ratio up to the limit.
func AtMost(limit float64) Goal { return Goal{Limit: limit} }

// AtLeast is met by a ratio from the limit.
func AtLeast(limit float64) Goal { return Goal{Limit: limit, atLeast: true} }

func (g Goal) String() string {
	switch {
	case g.Limit == 0:
		return ""
	case g.atLeast:
		return strings.TrimSpace(fmt.Sprintf("≥ %v %s", g.Limit, g.Unit))
	default:
		return strings.TrimSpace(fmt.Sprintf("≤ %v %s", g.Limit, g.Unit))
	}
}

// outcome is the cell that compares f with the goal.
func (g Goal) outcome(f float64) string {
	switch {
	case g.Limit == 0:
		return ""
	case g.atLeast == (f >= g.Limit), !g.atLeast && f == g.Limit:
		return "met"
	default:
		return "**not met**"
	}
}

// Row compares a figure of the gateway with that of a floor, if it has one.
type Row struct {
	Target  string // number of the target; empty: none
	What    string
	Unit    string
	Floor   string // name of the floor
	There   Series // of the floor
	Gateway Series
	Goal    Goal
	Inverse bool // the ratio is the floor's over the gateway's
}

func (r Row) String() string {
	cells := []string{r.Target, r.What, r.Unit, r.Floor, "", r.Gateway.String(), "", r.Goal.String(), ""}
	compared := r.Gateway
	if r.Floor != "" {
		compared = r.Gateway.over(r.There)
		if r.Inverse {
			compared = r.There.over(r.Gateway)
		}
		cells[4], cells[6] = r.There.String(), compared.String()
	}
	cells[8] = r.Goal.outcome(compared.median())
	return "| " + strings.Join(cells, " | ") + " |"
}

// Print writes rows as a table in Markdown. In a quick run they have no goals.
func Print(w io.Writer, rows []Row, runs int, quick bool) {
	fmt.Fprintln(w, "| target | case | figure | against | there | gateway | ratio | goal | |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|---|")
	for _, r := range rows {
		if quick {
			r.Goal = Goal{}
		}
		fmt.Fprintln(w, r)
	}
	median := fmt.Sprintf("\nMedian of %d runs (smallest–largest)", runs)
	if quick {
		median = "\nA quick run: figures mean nothing"
	}
	fmt.Fprintf(w, "%s; ratios are made run by run.\n", median)
}

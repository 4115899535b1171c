package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// series is one figure by run.
type series []float64

func (s series) median() float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return (sorted[(len(s)-1)/2] + sorted[len(s)/2]) / 2
}

// over returns the ratios, run by run.
func (s series) over(other series) series {
	ratio := make(series, min(len(s), len(other)))
	for i := range ratio {
		ratio[i] = s[i] / other[i]
	}
	return ratio
}

// String returns the median and, with more than one run, the smallest and largest value.
func (s series) String() string {
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

// goal is a limit for a ratio or, without a floor, for the figure itself. The zero goal is none.
type goal struct {
	limit   float64
	atLeast bool
	unit    string // of an absolute goal
}

func atMost(limit float64) goal  { return goal{limit: limit} }
func atLeast(limit float64) goal { return goal{limit: limit, atLeast: true} }

func (g goal) String() string {
	switch {
	case g.limit == 0:
		return ""
	case g.atLeast:
		return strings.TrimSpace(fmt.Sprintf("≥ %v %s", g.limit, g.unit))
	default:
		return strings.TrimSpace(fmt.Sprintf("≤ %v %s", g.limit, g.unit))
	}
}

// outcome is the cell that compares f with the goal.
func (g goal) outcome(f float64) string {
	switch {
	case g.limit == 0:
		return ""
	case g.atLeast == (f >= g.limit), !g.atLeast && f == g.limit:
		return "met"
	default:
		return "**not met**"
	}
}

// row compares a figure of the gateway with that of a floor, if it has one.
type row struct {
	target  string // number of the target; empty: none
	what    string
	unit    string
	floor   string // name of the floor
	there   series // of the floor
	gateway series
	goal    goal
	inverse bool // the ratio is the floor's over the gateway's
}

func (r row) String() string {
	cells := []string{r.target, r.what, r.unit, r.floor, "", r.gateway.String(), "", r.goal.String(), ""}
	compared := r.gateway
	if r.floor != "" {
		compared = r.gateway.over(r.there)
		if r.inverse {
			compared = r.there.over(r.gateway)
		}
		cells[4], cells[6] = r.there.String(), compared.String()
	}
	cells[8] = r.goal.outcome(compared.median())
	return "| " + strings.Join(cells, " | ") + " |"
}

// print writes the table, the notes and the faults.
func (b *bench) print(w io.Writer) {
	fmt.Fprintf(w, "%s\n\n", machine())
	fmt.Fprintln(w, "| target | case | figure | against | there | gateway | ratio | goal | |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|---|")
	for _, r := range b.rows {
		if b.quick {
			r.goal = goal{}
		}
		fmt.Fprintln(w, r)
	}
	runs := fmt.Sprintf("\nMedian of %d runs (smallest–largest)", b.runs)
	if b.quick {
		runs = "\nA quick run: figures mean nothing"
	}
	fmt.Fprintf(w, "%s; ratios are made run by run.\n", runs)
	for _, note := range b.notes {
		fmt.Fprintf(w, "- %s\n", note)
	}
	for _, fault := range b.faults.List() {
		fmt.Fprintf(w, "- MISTAKE: %s\n", fault)
	}
}

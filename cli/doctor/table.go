package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteTable writes findings for people: a line for each, and below it what to do.
func WriteTable(w io.Writer, findings []Finding) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		fmt.Fprintf(table, "%s\t%s\t%s\n", f.Check, f.Status, oneLine(f.Seen))
		if f.Fix != "" {
			fmt.Fprintf(table, "\t\t→ %s\n", f.Fix)
		}
	}
	return table.Flush()
}

// WriteJSON writes findings for programs.
func WriteJSON(w io.Writer, findings []Finding) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		OK       bool      `json:"ok"`
		Findings []Finding `json:"findings"`
	}{Failed(findings) == 0, findings})
}

// oneLine removes line breaks from a text that another program has written.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

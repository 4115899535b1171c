package process

import (
	"fmt"
	"regexp"
	"strings"
)

// leftover matches goroutines that may run only while there are calls or streams.
var leftover = regexp.MustCompile(`server/\w+\.\(\*(Stream|worker|functionService|authService|httpStream)\)|convex/live\.\(\*(session|loop|link|socket)\)|auth/lease\.\(\*Lease\)|_Handler\(`)

// Faults returns what is wrong with the log of an idle gateway that SIGQUIT has ended: errors, panics, and goroutines that should
// have ended.
func Faults(log string) (faults []string) {
	before, dump, found := strings.Cut(log, "SIGQUIT: quit")
	if !found {
		return []string{"ended without a dump of its goroutines"}
	}
	for line := range strings.Lines(before) {
		if strings.Contains(line, "level=ERROR") || strings.HasPrefix(line, "panic:") {
			faults = append(faults, fmt.Sprintf("logged %.300s", strings.TrimSpace(line)))
		}
	}
	for stack := range strings.SplitSeq(dump, "\n\n") {
		if what := leftover.FindString(stack); what != "" && strings.HasPrefix(stack, "goroutine ") {
			faults = append(faults, "leaks a goroutine in "+what)
		}
	}
	return faults
}

package process

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// leftoverTypes are the types, by package, whose methods may be on a stack only while there are calls or streams.
var leftoverTypes = map[string][]string{
	"server/live":           {"Stream", "worker"},
	"server/rpc":            {"functionService", "authService"},
	"server/rest":           {"httpStream"},
	"convex/live":           {"session", "loop", "link"},
	"convex/live/transport": {"Socket"},
	"auth/lease":            {"Lease"},
}

// leftover matches their methods, and the handlers that protoc-gen-go-grpc generates.
var leftover = sync.OnceValue(func() *regexp.Regexp {
	patterns := []string{`_Handler\(`}
	for pkg, types := range leftoverTypes {
		patterns = append(patterns, regexp.QuoteMeta(pkg)+`\.\(\*(`+strings.Join(types, "|")+`)\)`)
	}
	return regexp.MustCompile(strings.Join(patterns, "|"))
})

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
		if what := leftover().FindString(stack); what != "" && strings.HasPrefix(stack, "goroutine ") {
			faults = append(faults, "leaks a goroutine in "+what)
		}
	}
	return faults
}

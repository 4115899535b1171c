package rest

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// acceptsEvents reports whether Accept names server-sent events. Wildcards, which curl sends, do not count.
func acceptsEvents(h http.Header) bool {
	for _, value := range h.Values("Accept") {
		for part := range strings.SplitSeq(value, ",") {
			kind, parameters, err := mime.ParseMediaType(part)
			if err == nil && kind == "text/event-stream" && !isZero(parameters["q"]) {
				return true
			}
		}
	}
	return false
}

// isZero reports whether a weight means "not acceptable" (RFC 9110, 12.4.2).
func isZero(weight string) bool {
	q, err := strconv.ParseFloat(weight, 64)
	return err == nil && q == 0
}

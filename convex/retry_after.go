package convex

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter is the longest time that a call waits where a deployment asks for one. Callers wait longer ones themselves.
const maxRetryAfter = time.Second

// longestRetryAfter bounds what is passed on to callers.
const longestRetryAfter = 24 * time.Hour

// parseRetryAfter reads the header Retry-After: seconds, or a date (RFC 9110, 10.2.3). It returns 0 for no time, one that cannot
// be read and one that has passed.
func parseRetryAfter(text string, now time.Time) time.Duration {
	text = strings.TrimSpace(text)
	seconds, err := strconv.ParseUint(text, 10, 64)
	switch at, dateErr := http.ParseTime(text); {
	case err == nil:
		return time.Duration(min(seconds, uint64(longestRetryAfter/time.Second))) * time.Second
	case errors.Is(err, strconv.ErrRange) && text[0] != '-':
		return longestRetryAfter
	case dateErr == nil:
		return min(max(0, at.Sub(now)), longestRetryAfter)
	}
	return 0
}

// retryAfterOf returns how long the deployment asks to wait; 0 if it does not.
func retryAfterOf(err error) time.Duration {
	if e, ok := errors.AsType[*DeploymentError](err); ok {
		return e.RetryAfter
	}
	return 0
}

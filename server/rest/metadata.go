package rest

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"google.golang.org/grpc/metadata"

	"convexgateway/auth"
	"convexgateway/server/call"
)

// carriedHeaders are the HTTP headers that become metadata of the call, by their names as metadata. No others do.
var carriedHeaders = map[string]string{
	"authorization": "Authorization", "origin": "Origin", "traceparent": "Traceparent", "tracestate": "Tracestate",
	"idempotency-key": "Idempotency-Key", "x-anonymous": "X-Anonymous", "min-read-time": "Min-Read-Time", auth.OnBehalfOf: "X-On-Behalf-Of",
}

// incomingContext returns the context of a call, with its metadata. It ends with the request, or at the caller's deadline.
func incomingContext(r *http.Request) (context.Context, context.CancelFunc, error) {
	ctx := withCarried(r)
	text := r.Header.Get("Grpc-Timeout")
	if text == "" {
		return ctx, func() {}, nil
	}
	timeout, err := parseTimeout(text)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	return ctx, cancel, nil
}

// withCarried returns the context of a request with what a call has of it: metadata, and the client's certificate.
func withCarried(r *http.Request) context.Context {
	return auth.WithCertificate(metadata.NewIncomingContext(r.Context(), carriedMetadata(r.Header)), r.TLS)
}

func carriedMetadata(h http.Header) metadata.MD {
	md := make(metadata.MD, len(carriedHeaders))
	for name, header := range carriedHeaders {
		if values := h[header]; values != nil {
			md[name] = values
		}
	}
	return md
}

var timeoutUnits = map[byte]time.Duration{
	'H': time.Hour, 'M': time.Minute, 'S': time.Second, 'm': time.Millisecond, 'u': time.Microsecond, 'n': time.Nanosecond,
}

// parseTimeout reads a Grpc-Timeout, such as 200m. One that is longer than a time.Duration holds is cut to the longest.
func parseTimeout(text string) (time.Duration, error) {
	digits, unit := text[:len(text)-1], timeoutUnits[text[len(text)-1]]
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || unit == 0 {
		return 0, call.InvalidRequest(fmt.Sprintf("invalid grpc-timeout: %.40q", text))
	}
	if n > uint64(math.MaxInt64/unit) {
		return math.MaxInt64, nil
	}
	return time.Duration(n) * unit, nil
}

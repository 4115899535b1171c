package rpc

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"convexgateway/convex"
	"convexgateway/server/call"
)

// Trailers of every error stay within the 8 KiB that grpc-java reads.
func TestTrailersStaySmall(t *testing.T) {
	t.Parallel()
	worst := call.Problem{
		Code: codes.NotFound, Reason: "FUNCTION_NOT_FOUND", Message: strings.Repeat("ü", 4096), RetryAfter: time.Hour,
		Function: &convex.FunctionError{Message: strings.Repeat("ü", 1<<20), Data: []byte(`"` + strings.Repeat("d", 1<<20) + `"`), LogLines: []string{"l"}},
	}
	for _, format := range []Format{StructFormat, JSONFormat} {
		st := statusOf(worst, format, maxDetails)
		details := 0
		for _, detail := range st.Proto().GetDetails() {
			details += len(detail.GetValue()) + len(detail.GetTypeUrl())
		}
		if details > maxDetails || details < maxDetails/2 {
			t.Errorf("details of %d bytes", details)
		}
		if len(st.Message()) > maxMessage || !strings.HasSuffix(st.Message(), "ü") {
			t.Errorf("message of %d bytes, ends in %q", len(st.Message()), st.Message()[len(st.Message())-1:])
		}
	}
}

// A problem has its own status, however many others have taken the places of the cache.
func TestStatusesAreNotMixed(t *testing.T) {
	t.Parallel()
	const goroutines, problems = 4, 500
	var all sync.WaitGroup
	for range goroutines {
		all.Go(func() {
			for i := range problems {
				p := call.Problem{Code: codes.ResourceExhausted, Reason: fmt.Sprint("R", i%97), Message: fmt.Sprint("m", i%89), RetryAfter: time.Duration(i%3) * time.Second}
				for range 2 {
					if got, want := statusOf(p, StructFormat, maxDetails), newStatus(p, nil); !proto.Equal(got.Proto(), want.Proto()) {
						t.Errorf("%v instead of %v", got, want)
					}
				}
			}
		})
	}
	all.Wait()
}

// A status that grpc-go makes inside the interceptor gets a reason as well.
func TestTransportProblem(t *testing.T) {
	t.Parallel()
	for code, want := range map[codes.Code]string{
		codes.Canceled: "CANCELLED", codes.DeadlineExceeded: "DEADLINE_EXCEEDED", codes.Unimplemented: "UNIMPLEMENTED",
		codes.Unavailable: "TRANSPORT", codes.Internal: "TRANSPORT",
	} {
		i := &callInterceptor{}
		got, p := i.toStatus(&call.Call{}, status.Error(code, "text"), StructFormat)
		if p.Reason != want || got.Code() != code || len(got.Details()) == 0 {
			t.Errorf("%v: %+v", code, p)
		}
	}
	if _, p := (&callInterceptor{}).toStatus(&call.Call{}, context.DeadlineExceeded, StructFormat); p.Reason != "DEADLINE_EXCEEDED" {
		t.Errorf("%+v", p)
	}
}

package rest

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// silent is an RPC that sends nothing.
func silent(_ any, s grpc.ServerStream) error {
	if err := receive(s); err != nil {
		return err
	}
	<-s.Context().Done()
	return s.Context().Err()
}

// receive reads the request of a stream.
func receive(s grpc.ServerStream) error { return s.RecvMsg(&gatewayv1.SubscribeRequest{}) }

// served runs an RPC as a stream, by the bubble's clock, and returns what is sent until the client closes it after d.
func served(accept string, d time.Duration, rpc grpc.StreamHandler) *httptest.ResponseRecorder {
	ctx, cancel := context.WithCancel(context.Background())
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/subscribe", nil)
	r.Header.Set("Accept", accept)
	go (&Handler{}).newStream(w, r, rpc).run()
	time.Sleep(d) //nolint:forbidigo // the bubble's clock
	cancel()
	synctest.Wait()
	return w
}

// Something is sent in every 15 s, so that proxies keep the connection.
func TestQuietStream(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{"text/event-stream": "retry: 2000\n\n:\n\n:\n\n", "*/*": ""} { // NDJSON asks the RPC for heartbeats
		synctest.Test(t, func(t *testing.T) {
			w := served(accept, earlyHeaders+2*quietInterval+time.Second, silent)
			if got := w.Body.String(); got != want || !w.Flushed {
				t.Errorf("%s: %q, want %q", accept, got, want)
			}
		})
	}
}

// A comment is sent 15 s after the last event.
func TestQuietBeginsWithTheLastEvent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := served("text/event-stream", 30*time.Second, func(_ any, s grpc.ServerStream) error {
			_ = receive(s)
			time.Sleep(10 * time.Second) //nolint:forbidigo // the bubble's clock
			if err := s.SendMsg(&gatewayv1.AuthStateResponse{}); err != nil {
				return err
			}
			<-s.Context().Done()
			return s.Context().Err()
		})
		const want = "retry: 2000\n\nevent: auth\ndata: {}\n\n:\n\n" // after 1, 10 and 25 s
		if got := w.Body.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

// After the handler has returned, no other goroutine and no timer writes: the connection may have another response.
func TestNothingIsWrittenAfterTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var late error
		w := served("text/event-stream", time.Hour, func(_ any, s grpc.ServerStream) error {
			_ = receive(s)
			go func() {
				time.Sleep(time.Minute) //nolint:forbidigo // the bubble's clock
				late = s.SendMsg(&gatewayv1.AuthStateResponse{})
			}()
			return s.SendMsg(&gatewayv1.AuthStateResponse{})
		})
		if got := w.Body.String(); got != "retry: 2000\n\nevent: auth\ndata: {}\n\n" || late == nil {
			t.Errorf("%q, and for the late event %v", got, late)
		}
	})
}

// Status and headers are sent even without any event.
func TestHeadersAreSentEarly(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		(&Handler{}).newStream(w, r, silent).run()
	}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/v1/subscribe", nil)
	req.Header.Set("Accept", "text/event-stream")
	resp, err := server.Client().Do(req) // returns once the headers are there
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got, err := bufio.NewReader(resp.Body).ReadString('\n'); err != nil || got != "retry: 2000\n" {
		t.Errorf("the stream starts with %q, %v", got, err)
	}
}

// stoppedReader is a connection whose client has stopped reading: a write blocks until the deadline of writes.
type stoppedReader struct {
	httptest.ResponseRecorder
	deadline time.Time
	passed   bool // a deadline, while nothing was being written
}

func (w *stoppedReader) SetWriteDeadline(deadline time.Time) error {
	w.passed = w.passed || !w.deadline.IsZero() && w.deadline.Before(time.Now())
	w.deadline = deadline
	return nil
}

func (w *stoppedReader) Write([]byte) (int, error) {
	time.Sleep(time.Until(w.deadline)) //nolint:forbidigo // the bubble's clock
	return 0, os.ErrDeadlineExceeded
}

// A stream whose client has stopped reading ends, but not before a minute has passed.
func TestStreamOfStoppedReaderEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/subscribe", nil)
		began := time.Now()
		var sent error
		(&Handler{}).newStream(&stoppedReader{}, r, func(_ any, s grpc.ServerStream) error {
			_ = receive(s)
			sent = s.SendMsg(&gatewayv1.AuthStateResponse{})
			return sent
		}).run()
		if took := time.Since(began); !errors.Is(sent, context.Canceled) || took < writeDeadline || took > 2*writeDeadline {
			t.Errorf("%v after %v", sent, took)
		}
	})
}

// quietReader is a connection on which nothing is sent.
type quietReader struct{ stoppedReader }

func (w *quietReader) Write(text []byte) (int, error) { return w.ResponseRecorder.Write(text) }

// Over HTTP/2 a deadline of writes that passes ends the stream, so none may pass while a stream is quiet.
func TestQuietStreamHasNoDeadline(t *testing.T) {
	t.Parallel()
	for _, accept := range []string{"text/event-stream", "*/*"} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/subscribe", nil)
			r.Header.Set("Accept", accept)
			w := &quietReader{stoppedReader{ResponseRecorder: *httptest.NewRecorder()}}
			(&Handler{}).newStream(w, r, silent).run()
			if w.passed || !w.deadline.IsZero() {
				t.Errorf("%s: a deadline has passed: %v; left is %v", accept, w.passed, w.deadline)
			}
		})
	}
}

package load

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"convexgateway/bench/wire"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// valueMessage is the SubscribeResponse of an update.
func valueMessage(t *testing.T, text []byte) []byte {
	t.Helper()
	b, err := proto.Marshal(&gatewayv1.SubscribeResponse{Event: &gatewayv1.SubscribeResponse_ValueJson{ValueJson: text}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSubscribersFindMistakes makes each mistake of a server once.
func TestSubscribersFindMistakes(t *testing.T) {
	const size = 300
	update := func(seq int) []byte { return wire.NewUpdate(seq, size) }
	tests := []struct {
		name    string
		updates [][]byte // sent on one stream, while 1 to 4 are published
		fault   string   // empty: none
	}{
		{"none", [][]byte{update(1), update(2), update(3), update(4)}, ""},
		{"lost", [][]byte{update(1), update(2), update(4)}, "missed"},
		{"twice", [][]byte{update(1), update(2), update(2)}, "twice"},
		{"backwards", [][]byte{update(2), update(1)}, "went back"},
		{"wrong", [][]byte{[]byte(strings.Replace(string(update(1)), "ada", "eve", 1))}, "wrong value"},
		{"never_published", [][]byte{update(5)}, "wrong value"},
		{"not_json", [][]byte{[]byte("{")}, "unexpected end"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var faults Faults
			feed := NewFeed("")
			a := NewSubscribers(feed, "server", Open{Streams: 1}, DecodeGRPC, &faults)
			for range 4 {
				feed.next(size)
			}
			a.strict.Store(true)
			for _, u := range tt.updates {
				a.Message(0, valueMessage(t, u))
			}
			got := strings.Join(faults.List(), "\n")
			if tt.fault == "" && got != "" || !strings.Contains(got, tt.fault) {
				t.Errorf("the faults are %q; want %q", got, tt.fault)
			}
		})
	}
}

func TestSubscribersWaitForAll(t *testing.T) {
	t.Parallel()
	published := make(chan []byte, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		published <- text
	}))
	defer func() { http.DefaultClient.CloseIdleConnections(); server.Close() }()
	var faults Faults
	o := Open{Streams: 3, Stopped: func(i int) bool { return i == 2 }}
	a := NewSubscribers(NewFeed(server.URL), "server", o, DecodeGRPC, &faults)
	done := make(chan error, 1)
	go func() {
		_, err := a.Round(t.Context(), 300)
		done <- err
	}()
	message := valueMessage(t, <-published)
	a.Message(0, message)
	select {
	case <-done:
		t.Fatal("the round was over before all readers had the update")
	default:
	}
	a.Message(1, message)
	if err := <-done; err != nil {
		t.Error(err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Newest(canceled); err == nil {
		t.Error("a stream that is stopped has the newest update before it was sent it")
	}
	a.Message(2, message)
	if err := a.Newest(t.Context()); err != nil {
		t.Error(err)
	}
	if list := faults.List(); len(list) > 0 {
		t.Errorf("faults: %q", list)
	}
}

func TestStreamEnds(t *testing.T) {
	t.Parallel()
	var faults Faults
	a := NewSubscribers(NewFeed(""), "server", Open{Streams: 1}, DecodeGRPC, &faults)
	a.Ended(0, io.EOF)
	if list := faults.List(); len(list) != 1 {
		t.Errorf("the end of a stream makes the faults %q", list)
	}
	a.Closing()
	a.Ended(0, io.ErrUnexpectedEOF)
	if list := faults.List(); len(list) != 1 {
		t.Errorf("the end of a stream that is closed makes the faults %q", list)
	}
}

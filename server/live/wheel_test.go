package live

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"convexgateway/auth/lease"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// beating is a stream without a subscription, and the times of its heartbeats.
type beating struct {
	onceSink
	Stream

	mu    sync.Mutex
	began time.Time
	beats []time.Duration
}

func (b *beating) Heartbeat() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.beats = append(b.beats, time.Since(b.began))
	return nil
}

// first returns when the first heartbeat was.
func (b *beating) first() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.beats[0]
}

// count returns how many heartbeats there were, and the longest time between two of them, or from the start to the first.
func (b *beating) count() (n int, longest time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var last time.Duration
	for _, at := range b.beats {
		longest, last = max(longest, at-last), at
	}
	return len(b.beats), longest
}

func (*beating) Subscribe(*Stream, bool) (Source, error) { return nil, nil }

// wheelTest is some streams in a bubble.
type wheelTest struct {
	t       *testing.T
	streams *Streams
}

func inWheelBubble(t *testing.T, heartbeat time.Duration, f func(*wheelTest)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		sessions := lease.NewRegistry(lease.Config{})
		defer sessions.Close()
		f(&wheelTest{t: t, streams: New(Options{Sessions: sessions, Heartbeat: heartbeat})})
	})
}

// open opens a stream; the returned function ends it.
func (w *wheelTest) open(asked *durationpb.Duration) (*beating, func()) {
	w.t.Helper()
	ctx, end := context.WithCancel(w.t.Context())
	b := &beating{began: time.Now()}
	if err := b.Open(ctx, w.streams, nil, &gatewayv1.AuthStateRequest{Heartbeat: asked}, b); err != nil {
		w.t.Fatal(err)
	}
	var ended sync.WaitGroup
	ended.Go(func() { _ = b.Run() })
	return b, func() { end(); ended.Wait() }
}

// Streams that ask for none have the gateway's heartbeats: at the interval at the latest, and a fifth earlier at the earliest, not all at once.
func TestHeartbeatsByDefault(t *testing.T) {
	t.Parallel()
	inWheelBubble(t, 45*time.Second, func(w *wheelTest) {
		var all []*beating
		for range 200 {
			b, end := w.open(nil)
			defer end()
			all = append(all, b)
		}
		time.Sleep(45*time.Second + wheelTick)
		synctest.Wait()
		moments := map[time.Duration]int{}
		for _, b := range all {
			if n, at := b.count(); n != 1 || at < 36*time.Second || at > 45*time.Second+wheelTick {
				t.Fatalf("%d heartbeats, the first after %v", n, at)
			}
			moments[b.first()]++
		}
		if len(moments) < 25 {
			t.Errorf("200 heartbeats at %d times", len(moments))
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		for _, b := range all {
			if n, longest := b.count(); n < 80 || longest > 45*time.Second+wheelTick {
				t.Fatalf("%d heartbeats in an hour, %v between two", n, longest)
			}
		}
	})
}

// A request's own interval is kept over any time, from the shortest to the longest; 0 is none, whatever the default.
func TestHeartbeatsAsAsked(t *testing.T) {
	t.Parallel()
	inWheelBubble(t, 45*time.Second, func(w *wheelTest) {
		for _, asked := range []time.Duration{0, minHeartbeat, 7300 * time.Millisecond, time.Minute, maxHeartbeat} {
			b, end := w.open(durationpb.New(asked))
			time.Sleep(time.Hour + wheelTick)
			synctest.Wait()
			n, longest := b.count()
			end()
			if asked == 0 {
				if n != 0 {
					t.Errorf("%d heartbeats, none asked for", n)
				}
				continue
			}
			if bound := int(time.Hour / asked); n > bound || n < int(time.Hour/(asked+wheelTick)) || longest > asked+wheelTick {
				t.Errorf("%v: %d heartbeats in an hour, %v between two", asked, n, longest)
			}
		}
	})
}

// A stream that sends events has no heartbeat.
func TestNoHeartbeatAfterAnEvent(t *testing.T) {
	t.Parallel()
	inWheelBubble(t, 0, func(w *wheelTest) {
		b, end := w.open(durationpb.New(10 * time.Second))
		defer end()
		for range 100 {
			time.Sleep(9 * time.Second)
			b.Sent()
		}
		synctest.Wait()
		if n, _ := b.count(); n != 0 {
			t.Errorf("%d heartbeats", n)
		}
		time.Sleep(10*time.Second + wheelTick)
		synctest.Wait()
		if n, _ := b.count(); n != 1 {
			t.Errorf("%d heartbeats after the last event", n)
		}
	})
}

// Streams of text forms have no heartbeats unless they ask: their forms keep connections open.
func TestNoDefaultHeartbeatOfText(t *testing.T) {
	t.Parallel()
	streams := New(Options{Heartbeat: 45 * time.Second})
	for protocol, want := range map[call.Protocol]bool{call.GRPC: true, call.REST: false, call.Connect: false, call.GRPCWeb: false} {
		ctx := call.With(t.Context(), &call.Call{Protocol: protocol})
		if got, err := streams.HeartbeatOf(ctx, &gatewayv1.AuthStateRequest{}); err != nil || (got > 0) != want {
			t.Errorf("%v: %v, %v", protocol, got, err)
		}
	}
}

// Streams that end leave nothing in the wheel, in whatever order they do, and its timer stops with the last.
func TestWheelIsEmptyAfterItsStreams(t *testing.T) {
	t.Parallel()
	inWheelBubble(t, 5*time.Second, func(w *wheelTest) {
		ends := map[int]func(){} // a map's order is random
		for i := range 500 {
			_, ends[i] = w.open(nil)
			time.Sleep(11 * time.Millisecond)
		}
		for i, end := range ends {
			end()
			if i%50 == 0 {
				time.Sleep(time.Second)
			}
		}
		wheel := w.streams.wheel
		wheel.mu.Lock()
		defer wheel.mu.Unlock()
		if wheel.members != 0 || wheel.timer.Stop() {
			t.Errorf("%d members, and the timer runs", wheel.members)
		}
		for i, slot := range wheel.slots {
			if slot != nil {
				t.Errorf("slot %d has %d streams", i, len(slot))
			}
		}
	})
}

// After a sleep of the machine each stream has one heartbeat, and then goes on.
func TestWheelAfterASleep(t *testing.T) {
	t.Parallel()
	inWheelBubble(t, 0, func(w *wheelTest) {
		b, end := w.open(durationpb.New(minHeartbeat))
		defer end()
		w.streams.wheel.mu.Lock()
		w.streams.wheel.passed -= int64(100 * wheelSlots)
		w.streams.wheel.mu.Unlock()
		time.Sleep(minHeartbeat)
		synctest.Wait()
		if n, _ := b.count(); n != 1 {
			t.Errorf("%d heartbeats", n)
		}
		time.Sleep(minHeartbeat)
		synctest.Wait()
		if n, longest := b.count(); n != 2 || longest > minHeartbeat+wheelTick {
			t.Errorf("%d heartbeats, %v between", n, longest)
		}
	})
}

package live

import (
	"net"
	"testing"

	"google.golang.org/grpc/peer"
)

func TestQueueExistsWhileItsConnectionHasStreams(t *testing.T) {
	t.Parallel()
	f := newFanout()
	ctx := peer.NewContext(t.Context(), &peer.Peer{Addr: &net.TCPAddr{Port: 1}})
	same := peer.NewContext(t.Context(), &peer.Peer{Addr: &net.TCPAddr{Port: 1}})
	first, second := f.join(ctx), f.join(same)
	if other := f.join(t.Context()); first != second || other == first {
		t.Error("streams of one connection share a queue, and no others do")
	}
	first.leave()
	if f.join(ctx) != second {
		t.Error("the queue was removed with the first of its streams")
	}
	second.leave()
	second.leave()
	if len(f.queues) != 0 {
		t.Error("the queue is still there")
	}
}

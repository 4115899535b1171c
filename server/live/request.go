package live

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"convexgateway/server/call"
)

// Request is a request of any streaming RPC.
type Request interface {
	proto.Message
	GetRefreshKey() string
	GetHeartbeat() *durationpb.Duration
}

const (
	minHeartbeat = 5 * time.Second
	maxHeartbeat = 5 * time.Minute
)

// ParseHeartbeat returns the interval of heartbeats that a request asks for, 0 for none. Values but 0 and 5 s to 5 min are INVALID_VALUE.
func ParseHeartbeat(d *durationpb.Duration) (time.Duration, error) {
	if err := d.CheckValid(); err != nil || !ValidHeartbeat(d.AsDuration()) {
		return 0, call.InvalidField("heartbeat", "must be from 5 s to 5 min, 0 for none, or unset")
	}
	return d.AsDuration(), nil
}

// ValidHeartbeat reports whether heartbeats may have an interval. 0 is none.
func ValidHeartbeat(d time.Duration) bool { return d == 0 || d >= minHeartbeat && d <= maxHeartbeat }

// HeartbeatOf returns the interval of a stream's heartbeats. Forms of text have their own, or ask for it.
func (s *Streams) HeartbeatOf(ctx context.Context, req Request) (time.Duration, error) {
	switch {
	case req.GetHeartbeat() != nil:
		return ParseHeartbeat(req.GetHeartbeat())
	case call.From(ctx).Protocol != call.GRPC:
		return 0, nil
	}
	return s.Heartbeat*4/5 + spread(s.Heartbeat/5), nil
}

package live

import (
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

// ParseHeartbeat returns the interval of heartbeats; 0 for none. Values outside of 5 s to 5 min are INVALID_VALUE.
func ParseHeartbeat(d *durationpb.Duration) (time.Duration, error) {
	if d == nil {
		return 0, nil
	}
	if err := d.CheckValid(); err != nil || d.AsDuration() < minHeartbeat || d.AsDuration() > maxHeartbeat {
		return 0, call.InvalidField("heartbeat", "must be from 5 s to 5 min, or unset")
	}
	return d.AsDuration(), nil
}

package rpc

import (
	"math"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/server/call"
)

// maxSeconds is where times end, as ns since 1970 that have a sign.
const maxSeconds = math.MaxInt64/1_000_000_000 - 1

// timeOf converts the deployment's clock; 0 is no time.
func timeOf(ts uint64) *timestamppb.Timestamp {
	if ts == 0 {
		return nil
	}
	return timestamppb.New(time.Unix(0, int64(ts)))
}

// parseTime reads a time of the deployment; 0 if it is unset.
func parseTime(field string, t *timestamppb.Timestamp) (uint64, error) {
	if t == nil {
		return 0, nil
	}
	if err := t.CheckValid(); err != nil || t.GetSeconds() < 0 || t.GetSeconds() > maxSeconds {
		return 0, call.InvalidField(field, "must be a time from 1970 to 2261")
	}
	return uint64(t.AsTime().UnixNano()), nil
}

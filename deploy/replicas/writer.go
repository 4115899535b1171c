package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// writer sends the messages 1, 2, 3 … to a channel, each when the one before has been acknowledged.
type writer struct {
	user    *user
	channel int
	sent    atomic.Int64
	retries atomic.Int64
}

// write sends one message each period until stop is closed. A failed message that may not be sent again is an error, because
// it may have been applied.
func (w *writer) write(ctx context.Context, offset, period time.Duration, stop <-chan struct{}) error {
	next := time.NewTimer(offset)
	defer next.Stop()
	for {
		select {
		case <-next.C:
		case <-stop:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		next.Reset(period)
		if err := w.send(ctx, w.sent.Load()+1); err != nil {
			return err
		}
		w.sent.Add(1)
	}
}

// send repeats the call only after an error that means that nothing was done.
func (w *writer) send(ctx context.Context, number int64) error {
	for tries := 0; ; tries++ {
		var trailer metadata.MD
		_, err := w.user.functions.Mutate(w.user.as(ctx), &gatewayv1.MutateRequest{
			Path: "messages:send", ArgsJson: fmt.Appendf(nil, `{"channel":"c%d","body":"%d"}`, w.channel, number),
		}, grpc.Trailer(&trailer))
		if err == nil {
			return nil
		}
		if reason := reasonOf(err, trailer); reason != "DRAINING" && reason != "DEPLOYMENT_UNAVAILABLE" {
			return fmt.Errorf("message %d of channel %d: %w (%s)", number, w.channel, err, reason)
		}
		w.retries.Add(1)
		if err := wait(ctx, pauseBefore(tries, trailer)); err != nil {
			return err
		}
	}
}

// check reads the channel: each message must be there once and in order.
func (w *writer) check(ctx context.Context) error {
	resp, err := w.user.functions.Query(w.user.as(ctx), &gatewayv1.QueryRequest{
		Path: "messages:list", ArgsJson: fmt.Appendf(nil, `{"channel":"c%d","limit":8000}`, w.channel),
		ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON,
	})
	if err != nil {
		return err
	}
	var messages []message
	if err := json.Unmarshal(resp.GetValueJson(), &messages); err != nil {
		return err
	}
	if int64(len(messages)) != w.sent.Load() {
		return fmt.Errorf("channel %d has %d messages, and %d were acknowledged", w.channel, len(messages), w.sent.Load())
	}
	for i, m := range messages {
		if m.Body != strconv.Itoa(i+1) {
			return fmt.Errorf("channel %d has message %s in place %d", w.channel, m.Body, i+1)
		}
	}
	return nil
}

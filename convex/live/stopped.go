package live

import (
	"context"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
)

// checkStopped finds out which function errors of a message are due to a stopped deployment. It may wait for the deployment, so
// it is for the socket's reader, and the message must not be shared yet.
func (l *link) checkStopped(message protocol.ServerMessage) {
	if l.opts.Stopped == nil {
		return
	}
	var failed []*convex.FunctionError
	note := func(r *convex.Result) {
		if r != nil && r.Err != nil && r.Err.MayBeStopped() {
			failed = append(failed, r.Err)
		}
	}
	action := false
	switch m := message.(type) {
	case *protocol.Transition:
		for _, change := range m.Modifications {
			note(change.Result)
		}
	case *protocol.Response:
		action = m.Action
		note(m.Result)
	}
	if len(failed) == 0 || !l.opts.Stopped(context.Background()) {
		return
	}
	for _, e := range failed {
		e.Stopped, e.MayHaveRun = true, action
	}
}

package protocol

import "convexgateway/convex"

// MayBeStopped returns the function errors of a message that a stopped deployment may be the cause of, and whether they are those of
// an action.
func MayBeStopped(message ServerMessage) (failed []*convex.FunctionError, action bool) {
	add := func(r *convex.Result) {
		if r != nil && r.Err != nil && r.Err.MayBeStopped() {
			failed = append(failed, r.Err)
		}
	}
	switch m := message.(type) {
	case *Transition:
		for _, change := range m.Modifications {
			add(change.Result)
		}
	case *Response:
		action = m.Action
		add(m.Result)
	}
	return failed, action
}

package live

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/syncfake"
)

// Texts recorded from convex-local-backend 94a42c3: 3a-paused.json (live), 3g-redacted.json (ws).
const (
	pausedText = "[Request ID: ddd7bb66d40eab30] Server Error\nCannot run functions while this deployment is paused. Resume the deployment in the dashboard settings to allow functions to run.\n"
	hiddenText = "[Request ID: 5aa47cce99f74a8d] Server Error"
)

// The queries, mutations and actions of a session fail as those of a stopped deployment, also where the text is hidden; the
// subscription stays and goes on when the deployment runs again.
func TestStoppedDeployment(t *testing.T) {
	for name, tt := range map[string]struct {
		text       string
		stopped    bool
		want       convex.Cause
		mayHaveRun bool // an action
	}{
		"paused":         {pausedText, true, convex.Stopped, false},
		"paused, hidden": {hiddenText, true, convex.Stopped, true},
		"runs, hidden":   {hiddenText, false, convex.Threw, false},
	} {
		bubble(t, name, func(t *testing.T) {
			ada := credential("ada", 1, time.Hour)
			_, c, sub, s := connected(t, Options{Stopped: func(context.Context) bool { return tt.stopped }}, ada)
			s.Answer(20, syncfake.Failed(0, tt.text))
			synctest.Wait()
			if e := sub.State().Result.Err; e == nil || e.Cause() != tt.want || e.MayHaveRun {
				t.Errorf("the query: %+v", e)
			}
			for id, kind := range []convex.Kind{convex.Mutation, convex.Action} {
				r := run(t.Context(), t, c, ada, kind, "m:m")
				s.Next([]string{"Mutation", "Action"}[id])
				s.Send(`{"type":"%sResponse","requestId":%d,"success":false,"result":%q,"ts":null,"logLines":[]}`,
					[]string{"Mutation", "Action"}[id], id, tt.text)
				var e *convex.FunctionError
				if !errors.As(r.outcome(t).err, &e) || e.Cause() != tt.want || e.MayHaveRun != (tt.mayHaveRun && kind == convex.Action) {
					t.Errorf("the %v: %+v", kind, e)
				}
			}
			s.Answer(30, syncfake.Updated(0, `"again"`))
			sub.changed(t, `connected confirmed "again"`)
		})
	}
}

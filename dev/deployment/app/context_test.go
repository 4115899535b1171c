package app_test

import (
	"net/http"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/v"
)

func TestAction_callsFunctions(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(), app.Action("do:all", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) {
		if _, err := ctx.RunMutation("counter:add", map[string]any{"name": "n", "by": 5.0}); err != nil {
			return nil, err
		}
		count, err := ctx.RunQuery("counter:get", map[string]any{"name": "n"})
		if err != nil {
			return nil, err
		}
		secret, err := ctx.RunQuery("internal:secret", nil)
		if err != nil {
			return nil, err
		}
		me, err := ctx.RunQuery("users:me", nil)
		return []any{count, secret, me.(map[string]any)["subject"]}, err
	}), app.Action("do:fail", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) {
		return ctx.RunAction("do:fail2", nil)
	}), app.InternalAction("do:fail2", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) {
		return ctx.RunMutation("errors:convexMutation", map[string]any{"data": "own"})
	}))})
	auth := []string{"Authorization", "Bearer " + devtest.MustToken(t, d, deployment.TokenRequest{User: "ada"})}
	devtest.SameJSON(t, devtest.Post(t, d, "action", `{"path":"do:all","args":{}}`, auth...).Body, `{"status":"success","value":[5,"secret","user_ada"]}`)
	if got := devtest.Post(t, d, "action", `{"path":"do:fail","args":{}}`); got.Status != http.StatusOK || !strings.Contains(got.Body, `"errorData":"own"`) {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}

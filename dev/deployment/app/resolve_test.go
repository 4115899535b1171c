package app_test

import (
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/v"
)

func TestReturns(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(),
		app.Query("r:good", nil, func(*app.QueryCtx, app.Args) (any, error) { return "x", nil }).Returning(v.String()),
		app.Mutation("r:bad", nil, func(ctx *app.MutationCtx, _ app.Args) (any, error) { return app.CounterAdd(ctx, app.Args{"name": "n"}) }).Returning(v.String()),
	)})
	if got := devtest.MustCall(t, d, "query", "r:good", `{}`); got != "x" {
		t.Errorf("%v", got)
	}
	got := devtest.Post(t, d, "mutation", `{"path":"r:bad","args":{}}`, devtest.RequestIDHeader, "r1")
	devtest.SameJSON(t, got.Body, `{"status":"error","errorMessage":"[Request ID: r1] Server Error\nReturnsValidationError: Value does not match validator.\n\nValue: 1.0\nValidator: v.string()\n"}`)
	if n := devtest.MustCall(t, d, "query", "counter:get", `{"name":"n"}`); n != 0.0 {
		t.Errorf("a mutation with a bad result has committed %v", n)
	}
}

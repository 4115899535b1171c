package deployment_test

import (
	"fmt"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/v"
)

func TestAdmin_functionNeedsAKey(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(), app.InternalMutation("internal:add", v.Object(), func(ctx *app.MutationCtx, _ app.Args) (any, error) {
		return app.CounterAdd(ctx, app.Args{"name": "n"})
	}))})
	key := "Convex " + d.AdminKey()
	const missing = `{"status":"error","errorMessage":"[Request ID: r1] Server Error\nCould not find function for '%s'. Did you forget to run ` + "`npx convex dev`" + `?\n"}`
	for _, header := range [][]string{nil, {"Authorization", "Bearer " + devtest.MustToken(t, d, deployment.TokenRequest{User: "ada"})}} {
		if got := devtest.Post(t, d, "function", `{"path":"users:me","args":{}}`, header...); got.Status != 403 || !strings.Contains(got.Body, `"code":"BadDeployKey"`) {
			t.Errorf("%v: %d %s", header, got.Status, got.Body)
		}
	}
	for name, test := range map[string]struct{ key, body, want string }{
		"query":            {key, `{"path":"users:me","args":{}}`, `{"status":"success","value":null}`},
		"mutation":         {key, `{"componentPath":null,"path":"counter:add","args":{"name":"x"}}`, `{"status":"success","value":1}`},
		"action":           {key, `{"path":"actions:sleep","args":{"ms":0}}`, `{"status":"success","value":0}`},
		"internal":         {key, `{"path":"internal:secret","args":{}}`, `{"status":"success","value":"secret"}`},
		"missing":          {key, `{"path":"nope:nope","args":{}}`, fmt.Sprintf(missing, "nope:nope")},
		"as a user":        {devtest.ActingAs(d, devtest.ActingUser), `{"path":"internal:secret","args":{}}`, fmt.Sprintf(missing, "internal:secret")},
		"public as a user": {devtest.ActingAs(d, `{"tokenIdentifier":"x|y"}`), `{"path":"users:me","args":{}}`, `{"status":"success","value":{"tokenIdentifier":"x|y"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			devtest.SameJSON(t, devtest.Post(t, d, "function", test.body, "Authorization", test.key, devtest.RequestIDHeader, "r1").Body, test.want)
		})
	}
	if got := devtest.Post(t, d, "function", `{"path":"users:me","args":{},"componentPath":"c"}`, "Authorization", key); got.Status != 500 || !strings.Contains(got.Body, "InternalServerError") {
		t.Errorf("a component: %d %s", got.Status, got.Body)
	}
	// Where the kind is given, an admin may call internal functions even as a user.
	for _, header := range []string{key, devtest.ActingAs(d, devtest.ActingUser)} {
		if got := devtest.Post(t, d, "mutation", `{"path":"internal:add","args":{}}`, "Authorization", header); !strings.Contains(got.Body, `"status":"success"`) {
			t.Errorf("internal:add as an admin: %s", got.Body)
		}
	}
}

func TestAdmin_checkKey(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	url := d.URL() + "/api/check_admin_key"
	const good = `{"success":true,"allowedOps":[],"isReadOnly":false}`
	devtest.SameJSON(t, devtest.Do(t, "GET", url, "", "Authorization", "Convex "+d.AdminKey()).Body, good)
	devtest.SameJSON(t, devtest.Do(t, "GET", url, "", "Authorization", devtest.ActingAs(d, devtest.ActingUser)).Body, good)
	devtest.SameJSON(t, devtest.Do(t, "GET", url+"?adminKey="+strings.ReplaceAll(d.AdminKey(), "|", "%7C"), "").Body, good)
	if got := devtest.Do(t, "GET", url, ""); got.Status != 403 || !strings.Contains(got.Body, "BadDeployKey") {
		t.Errorf("without a key: %d %s", got.Status, got.Body)
	}
	if got := devtest.Do(t, "GET", url+"?adminKey=a%7Cb", ""); got.Status != 401 || !strings.Contains(got.Body, "BadAdminKey") {
		t.Errorf("a bad key: %d %s", got.Status, got.Body)
	}
	if got := devtest.Do(t, "GET", url+"?adminKey=a%7Cb", "", "Authorization", "Convex "+d.AdminKey()); got.Status != 200 {
		t.Errorf("a header beats the parameter: %d %s", got.Status, got.Body)
	}
}

func TestAdmin_systemFunctions(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	got := devtest.Post(t, d, "action", `{"path":"_system/x:y","args":{}}`, "Authorization", "Convex "+d.AdminKey())
	if got.Status != 200 || !strings.Contains(got.Body, `Couldn't find system module '\"x.js\"'.`) {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}

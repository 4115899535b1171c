package deployment_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/v"
)

func TestAdmin_item16_actsAsAUser(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	me := func(header ...string) devtest.Answer {
		return devtest.Post(t, d, "query", `{"path":"users:me","args":{}}`, header...)
	}
	devtest.SameJSON(t, me("Authorization", devtest.ActingAs(d, devtest.ActingUser)).Body, `{"status":"success","value":{"tokenIdentifier":"https://auth.example.test|user_123",
		"issuer":"https://auth.example.test","subject":"user_123","email":"ada@example.test","emailVerified":true,"org":{"role":"admin","n":3}}}`)
	devtest.SameJSON(t, me("Authorization", devtest.ActingAs(d, `{"tokenIdentifier":"x|y"}`)).Body, `{"status":"success","value":{"tokenIdentifier":"x|y"}}`)
	devtest.SameJSON(t, me("Authorization", "convex "+d.AdminKey()).Body, `{"status":"success","value":null}`)
	secret := strings.TrimPrefix(d.AdminKey(), deployment.InstanceName+"|")
	for name, test := range map[string]struct {
		header string
		status int
		code   string
	}{
		"typed key":       {"Convex dev:" + d.AdminKey(), 200, ""},
		"typed and user":  {"Convex prod:" + strings.TrimPrefix(devtest.ActingAs(d, devtest.ActingUser), "Convex "), 200, ""},
		"preview key":     {"Convex preview:team:project|" + secret, 200, ""},
		"another name":    {"Convex happy-animal-123|" + secret, 401, "BadAdminKey"},
		"another secret":  {"Convex " + d.AdminKey() + "0", 401, "BadAdminKey"},
		"bad with user":   {"Convex a|b:" + base64.StdEncoding.EncodeToString([]byte(devtest.ActingUser)), 401, "BadAdminKey"},
		"no base64":       {"Convex " + d.AdminKey() + ":?", 400, "HeaderParseFailure"},
		"no user":         {devtest.ActingAs(d, `{"email":"ada@example.test"}`), 400, "HeaderParseFailure"},
		"no subject":      {devtest.ActingAs(d, `{"issuer":"https://auth.example.test"}`), 400, "HeaderParseFailure"},
		"no object":       {devtest.ActingAs(d, `null`), 400, "HeaderParseFailure"},
		"email a number":  {devtest.ActingAs(d, `{"tokenIdentifier":"x|y","email":5}`), 400, "HeaderParseFailure"},
		"verified a text": {devtest.ActingAs(d, `{"tokenIdentifier":"x|y","emailVerified":"yes"}`), 400, "HeaderParseFailure"},
		"Basic":           {"Basic x", 400, "InvalidAdminKey"},
		"too short":       {"Basic", 400, "InvalidHeaderFailure"},
	} {
		if got := me("Authorization", test.header); got.Status != test.status || !strings.Contains(got.Body, test.code) {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
}

func TestAdmin_item16_functionNeedsAKey(t *testing.T) {
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
	if got := devtest.Post(t, d, "function", `{"path":"users:me","args":{},"componentPath":"c"}`, "Authorization", key); got.Status != 400 || !strings.Contains(got.Body, "ComponentPathNotFound") {
		t.Errorf("a component: %d %s", got.Status, got.Body)
	}
	// Where the kind is named, an admin reaches internal functions even as a user.
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
	if got.Status != 200 || !strings.Contains(got.Body, "Could not find public function for '_system/x:y'.") {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}

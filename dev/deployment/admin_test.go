package deployment

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment/v"
)

// actingAs is an Authorization header of an admin who acts as a user.
func actingAs(d *Deployment, user string) string {
	return "Convex " + d.AdminKey() + ":" + base64.StdEncoding.EncodeToString([]byte(user))
}

const ada = `{"issuer":"https://auth.example.test","subject":"user_123","email":"ada@example.test","emailVerified":true,"name":null,"org":{"role":"admin","n":3}}`

func TestAdmin_item16_actsAsAUser(t *testing.T) {
	d := startTest(t, Config{})
	me := func(header ...string) answer { return post(t, d, "query", `{"path":"users:me","args":{}}`, header...) }
	sameJSON(t, me("Authorization", actingAs(d, ada)).body, `{"status":"success","value":{"tokenIdentifier":"https://auth.example.test|user_123",
		"issuer":"https://auth.example.test","subject":"user_123","email":"ada@example.test","emailVerified":true,"org":{"role":"admin","n":3}}}`)
	sameJSON(t, me("Authorization", actingAs(d, `{"tokenIdentifier":"x|y"}`)).body, `{"status":"success","value":{"tokenIdentifier":"x|y"}}`)
	sameJSON(t, me("Authorization", "convex "+d.AdminKey()).body, `{"status":"success","value":null}`)
	secret := strings.TrimPrefix(d.AdminKey(), InstanceName+"|")
	for name, test := range map[string]struct {
		header string
		status int
		code   string
	}{
		"typed key":       {"Convex dev:" + d.AdminKey(), 200, ""},
		"typed and user":  {"Convex prod:" + strings.TrimPrefix(actingAs(d, ada), "Convex "), 200, ""},
		"preview key":     {"Convex preview:team:project|" + secret, 200, ""},
		"another name":    {"Convex happy-animal-123|" + secret, 401, "BadAdminKey"},
		"another secret":  {"Convex " + d.AdminKey() + "0", 401, "BadAdminKey"},
		"bad with user":   {"Convex a|b:" + base64.StdEncoding.EncodeToString([]byte(ada)), 401, "BadAdminKey"},
		"no base64":       {"Convex " + d.AdminKey() + ":?", 400, "HeaderParseFailure"},
		"no user":         {actingAs(d, `{"email":"ada@example.test"}`), 400, "HeaderParseFailure"},
		"no subject":      {actingAs(d, `{"issuer":"https://auth.example.test"}`), 400, "HeaderParseFailure"},
		"no object":       {actingAs(d, `null`), 400, "HeaderParseFailure"},
		"email a number":  {actingAs(d, `{"tokenIdentifier":"x|y","email":5}`), 400, "HeaderParseFailure"},
		"verified a text": {actingAs(d, `{"tokenIdentifier":"x|y","emailVerified":"yes"}`), 400, "HeaderParseFailure"},
		"Basic":           {"Basic x", 400, "InvalidAdminKey"},
		"too short":       {"Basic", 400, "InvalidHeaderFailure"},
	} {
		if got := me("Authorization", test.header); got.status != test.status || !strings.Contains(got.body, test.code) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

func TestAdmin_item16_functionNeedsAKey(t *testing.T) {
	d := startTest(t, Config{Functions: append(SampleApp(), InternalMutation("internal:add", v.Object(), func(ctx *MutationCtx, _ Args) (any, error) {
		return counterAdd(ctx, Args{"name": "n"})
	}))})
	key := "Convex " + d.AdminKey()
	const missing = `{"status":"error","errorMessage":"[Request ID: r1] Server Error\nCould not find function for '%s'. Did you forget to run ` + "`npx convex dev`" + `?\n"}`
	for _, header := range [][]string{nil, {"Authorization", "Bearer " + mustToken(t, d, TokenRequest{User: "ada"})}} {
		if got := post(t, d, "function", `{"path":"users:me","args":{}}`, header...); got.status != 403 || !strings.Contains(got.body, `"code":"BadDeployKey"`) {
			t.Errorf("%v: %d %s", header, got.status, got.body)
		}
	}
	for name, test := range map[string]struct{ key, body, want string }{
		"query":            {key, `{"path":"users:me","args":{}}`, `{"status":"success","value":null}`},
		"mutation":         {key, `{"componentPath":null,"path":"counter:add","args":{"name":"x"}}`, `{"status":"success","value":1}`},
		"action":           {key, `{"path":"actions:sleep","args":{"ms":0}}`, `{"status":"success","value":0}`},
		"internal":         {key, `{"path":"internal:secret","args":{}}`, `{"status":"success","value":"secret"}`},
		"missing":          {key, `{"path":"nope:nope","args":{}}`, fmt.Sprintf(missing, "nope:nope")},
		"as a user":        {actingAs(d, ada), `{"path":"internal:secret","args":{}}`, fmt.Sprintf(missing, "internal:secret")},
		"public as a user": {actingAs(d, `{"tokenIdentifier":"x|y"}`), `{"path":"users:me","args":{}}`, `{"status":"success","value":{"tokenIdentifier":"x|y"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			sameJSON(t, post(t, d, "function", test.body, "Authorization", test.key, requestID, "r1").body, test.want)
		})
	}
	if got := post(t, d, "function", `{"path":"users:me","args":{},"componentPath":"c"}`, "Authorization", key); got.status != 400 || !strings.Contains(got.body, "ComponentPathNotFound") {
		t.Errorf("a component: %d %s", got.status, got.body)
	}
	// Where the kind is named, an admin reaches internal functions even as a user.
	for _, header := range []string{key, actingAs(d, ada)} {
		if got := post(t, d, "mutation", `{"path":"internal:add","args":{}}`, "Authorization", header); !strings.Contains(got.body, `"status":"success"`) {
			t.Errorf("internal:add as an admin: %s", got.body)
		}
	}
}

func TestAdmin_checkKey(t *testing.T) {
	d := startTest(t, Config{})
	url := d.URL() + "/api/check_admin_key"
	const good = `{"success":true,"allowedOps":[],"isReadOnly":false}`
	sameJSON(t, do(t, "GET", url, "", "Authorization", "Convex "+d.AdminKey()).body, good)
	sameJSON(t, do(t, "GET", url, "", "Authorization", actingAs(d, ada)).body, good)
	sameJSON(t, do(t, "GET", url+"?adminKey="+strings.ReplaceAll(d.AdminKey(), "|", "%7C"), "").body, good)
	if got := do(t, "GET", url, ""); got.status != 403 || !strings.Contains(got.body, "BadDeployKey") {
		t.Errorf("without a key: %d %s", got.status, got.body)
	}
	if got := do(t, "GET", url+"?adminKey=a%7Cb", ""); got.status != 401 || !strings.Contains(got.body, "BadAdminKey") {
		t.Errorf("a bad key: %d %s", got.status, got.body)
	}
	if got := do(t, "GET", url+"?adminKey=a%7Cb", "", "Authorization", "Convex "+d.AdminKey()); got.status != 200 {
		t.Errorf("a header beats the parameter: %d %s", got.status, got.body)
	}
}

func TestAdmin_systemFunctions(t *testing.T) {
	d := startTest(t, Config{})
	got := post(t, d, "action", `{"path":"_system/x:y","args":{}}`, "Authorization", "Convex "+d.AdminKey())
	if got.status != 200 || !strings.Contains(got.body, "Could not find public function for '_system/x:y'.") {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestSync_item49_impersonating(t *testing.T) {
	d := startTest(t, Config{})
	authenticate := func(field string) *syncClient {
		c := dialSync(t, d)
		c.add(0, 0, "users:me", `{}`)
		c.add(1, 1, "internal:secret", `{}`)
		c.send(`{"type":"Authenticate","baseVersion":0,"tokenType":"Admin","value":%q%s}`, d.AdminKey(), field)
		return c
	}
	for field, want := range map[string]string{
		``:                        `null`,
		`,"actingAs":` + ada:      `null`, // not the field's name
		`,"impersonating":null`:   `null`,
		`,"impersonating":` + ada: `"subject":"user_123"`,
		`,"acting_as":` + ada:     `"subject":"user_123"`,
		`,"actingAs":1,"acting_as":{"tokenIdentifier":"x|y","custom":{"a":[1]}}`: `{"custom":{"a":[1]},"tokenIdentifier":"x|y"}`,
	} {
		c := authenticate(field)
		c.until(func() bool { return c.version.Identity == 1 && c.version.QuerySet == 2 })
		if !strings.Contains(c.results[0], want) || c.results[1] != `"secret"` {
			t.Errorf("%s: %v", field, c.results)
		}
	}
	for _, field := range []string{`,"impersonating":{}`, `,"impersonating":` + ada + `,"acting_as":` + ada} {
		c := authenticate(field)
		for m := c.next(); m.Type != "FatalError"; m = c.next() {
			if m.EndVersion.Identity != 0 {
				t.Fatalf("%s: accepted", field)
			}
		}
		c.expectClose(websocket.StatusNoStatusRcvd, "")
	}
}

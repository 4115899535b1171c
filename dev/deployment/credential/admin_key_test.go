package credential_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
)

func TestAdminKey_actsAsAUser(t *testing.T) {
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
		"preview key":     {"Convex preview:team:project|" + secret, 401, "BadAdminKey"},
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

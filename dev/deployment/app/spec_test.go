package app_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/v"
)

// apiSpec calls the query as the function-spec command does.
func apiSpec(t *testing.T, d *deployment.Deployment) []map[string]any {
	t.Helper()
	got := devtest.Post(t, d, "query", `{"path":"_system/cli/modules:apiSpec","args":{},"format":"convex_encoded_json"}`, "Authorization", "Convex "+d.AdminKey())
	var response struct {
		Value []map[string]any `json:"value"`
	}
	if err := json.Unmarshal([]byte(got.Body), &response); err != nil || got.Status != 200 {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	return response.Value
}

func TestAPISpec(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Functions: []app.Function{
		app.Query("messages:list", v.Object(v.Field("channel", v.ID("channels")), v.Field("paginationOpts", app.PaginationOptions())), nil),
		app.Mutation("messages:send", v.Object(
			v.Field("attachment", v.Bytes(), v.Optional), v.Field("body", v.String()),
			v.Field("labels", v.Record(v.String(), v.Number()), v.Optional),
			v.Field("priority", v.Union(v.Literal("low"), v.Literal("high"))),
			v.Field("replyTo", v.Nullable(v.ID("messages"))), v.Field("seq", v.Int64()), v.Field("version", v.Literal(int64(3))),
		), nil).Returning(v.Union(
			v.Object(v.Field("id", v.ID("messages")), v.Field("ok", v.Literal(true))),
			v.Object(v.Field("ok", v.Literal(false)), v.Field("reason", v.String())),
		)),
		app.InternalAction("mail/outbox", nil, nil).Returning(v.Null()),
	}})
	got, err := json.Marshal(apiSpec(t, d))
	if err != nil {
		t.Fatal(err)
	}
	devtest.SameJSON(t, string(got), `[
    {"args": {"type": "any"}, "functionType": "Action", "identifier": "mail/outbox.js:default", "returns": {"type": "null"}, "visibility": {"kind": "internal"}},
    {
      "args": {"type": "object", "value": {
        "channel": {"fieldType": {"type": "id", "tableName": "channels"}, "optional": false},
        "paginationOpts": {"fieldType": {"type": "object", "value": {
          "cursor": {"fieldType": {"type": "union", "value": [{"type": "string"}, {"type": "null"}]}, "optional": false},
          "endCursor": {"fieldType": {"type": "union", "value": [{"type": "string"}, {"type": "null"}]}, "optional": true},
          "id": {"fieldType": {"type": "number"}, "optional": true},
          "maximumBytesRead": {"fieldType": {"type": "number"}, "optional": true},
          "maximumRowsRead": {"fieldType": {"type": "number"}, "optional": true},
          "numItems": {"fieldType": {"type": "number"}, "optional": false}
        }}, "optional": false}
      }},
      "functionType": "Query", "identifier": "messages.js:list", "returns": null, "visibility": {"kind": "public"}
    },
    {
      "args": {"type": "object", "value": {
        "attachment": {"fieldType": {"type": "bytes"}, "optional": true},
        "body": {"fieldType": {"type": "string"}, "optional": false},
        "labels": {"fieldType": {"type": "record", "keys": {"type": "string"}, "values": {"fieldType": {"type": "number"}, "optional": false}}, "optional": true},
        "priority": {"fieldType": {"type": "union", "value": [{"type": "literal", "value": "low"}, {"type": "literal", "value": "high"}]}, "optional": false},
        "replyTo": {"fieldType": {"type": "union", "value": [{"type": "id", "tableName": "messages"}, {"type": "null"}]}, "optional": false},
        "seq": {"fieldType": {"type": "bigint"}, "optional": false},
        "version": {"fieldType": {"type": "literal", "value": {"$integer": "AwAAAAAAAAA="}}, "optional": false}
      }},
      "functionType": "Mutation", "identifier": "messages.js:send",
      "returns": {"type": "union", "value": [
        {"type": "object", "value": {"id": {"fieldType": {"type": "id", "tableName": "messages"}, "optional": false}, "ok": {"fieldType": {"type": "literal", "value": true}, "optional": false}}},
        {"type": "object", "value": {"ok": {"fieldType": {"type": "literal", "value": false}, "optional": false}, "reason": {"fieldType": {"type": "string"}, "optional": false}}}
      ]},
      "visibility": {"kind": "public"}
    }]`)
}

// Recorded from convex-local-backend 94a42c3: testdata/spec/function-spec.json, which has the sample app, too, as it was before its
// functions declared their results.
func TestAPISpec_asRecorded(t *testing.T) {
	text, err := os.ReadFile("../testdata/spec/function-spec.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct{ Functions []map[string]any }
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	byIdentifier := map[any]string{}
	for _, f := range recorded.Functions {
		delete(f, "returns")
		f, _ := json.Marshal(f)
		var named struct{ Identifier string }
		_ = json.Unmarshal(f, &named)
		byIdentifier[named.Identifier] = string(f)
	}
	for _, f := range apiSpec(t, devtest.Start(t, deployment.Config{})) {
		delete(f, "returns")
		text, _ := json.Marshal(f)
		devtest.SameJSON(t, string(text), byIdentifier[f["identifier"]])
	}
}

func TestAPISpec_ofTheSampleApp(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	identifiers := map[string]bool{}
	for _, f := range apiSpec(t, d) {
		identifiers[f["identifier"].(string)] = true
		if f["returns"] == nil {
			t.Errorf("%s declares no result", f["identifier"])
		}
	}
	if len(identifiers) != len(app.Sample()) || !identifiers["messages.js:list"] || !identifiers["internal.js:secret"] {
		t.Errorf("functions %v", identifiers)
	}
	url := devtest.Post(t, d, "query", `{"path":"_system/cli/convexUrl:cloudUrl","args":{}}`, "Authorization", "Convex "+d.AdminKey())
	devtest.SameJSON(t, url.Body, `{"status":"success","value":"`+d.URL()+`"}`)
	for _, path := range []string{"_system/cli/modules:apiSpec", "_system/cli/convexUrl:cloudUrl"} {
		got := devtest.Post(t, d, "query", `{"path":"`+path+`","args":{}}`)
		if got.Status != 200 || !strings.Contains(got.Body, "Operation query not permitted") {
			t.Errorf("%s without a key: %d %s", path, got.Status, got.Body)
		}
	}
}

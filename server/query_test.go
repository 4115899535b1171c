package server

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// echoes are values of every kind, in Convex's encoded JSON.
var echoes = map[string]string{
	"null":         `null`,
	"true":         `true`,
	"number":       `1.5`,
	"large number": `1e300`,
	"small number": `-5e-324`,
	"Int64":        `{"$integer":"//////////8="}`,
	"largest":      `{"$integer":"/////////38="}`,
	"Bytes":        `{"$bytes":"AAEC/w=="}`,
	"no Bytes":     `{"$bytes":""}`,
	"NaN":          `{"$float":"AAAAAAAA+H8="}`,
	"infinity":     `{"$float":"AAAAAAAA8H8="}`,
	"minus zero":   `{"$float":"AAAAAAAAAIA="}`,
	"text":         `"é € 😀 \u0000 \u2028 \" \\ </script>"`,
	"array":        `[1,[],[null,"a"],{"b":[true]}]`,
	"object":       `{"a":1,"_b":{"c":{}},"A field":2}`,
}

func TestEchoInBothFormats(t *testing.T) {
	t.Parallel()
	g := start(t)
	for name, value := range echoes {
		t.Run(name, func(t *testing.T) {
			args := `{"value":` + value + `}`
			sameJSON(t, g.mustCall(g.context(), convex.Query, "values:echo", args), value)

			resp, err := g.functions.Query(g.context(), &gatewayv1.QueryRequest{
				Path: "values:echo", Args: fromJSON(t, args, &structpb.Struct{}),
			})
			if err != nil {
				t.Fatal(err)
			}
			inStruct, err := protojson.Marshal(resp.GetValue())
			if err != nil || resp.ValueJson != nil {
				t.Fatalf("%v, value_json %q", err, resp.ValueJson)
			}
			sameJSON(t, string(inStruct), value)

			natural := g.rest("POST", "/v1/query", `{"path":"values:echo","args":`+args+`}`)
			sameJSON(t, natural.body, `{"value":`+value+`}`)

			text := base64.StdEncoding.EncodeToString([]byte(args))
			asText := g.rest("POST", "/v1/query", `{"path":"values:echo","argsJson":"`+text+`","valueFormat":"VALUE_FORMAT_JSON"}`)
			var fields struct {
				ValueJSON []byte `json:"valueJson"`
			}
			if err := json.Unmarshal([]byte(asText.body), &fields); err != nil {
				t.Fatal(err)
			}
			sameJSON(t, string(fields.ValueJSON), value)
		})
	}
}

// A −0 as number_value reaches the function as −0.
func TestMinusZeroAsNumber(t *testing.T) {
	t.Parallel()
	g := start(t)
	sameJSON(t, g.mustCall(g.context(), convex.Query, "values:echo", `{"value":-0.0}`), echoes["minus zero"])
	resp, err := g.functions.Query(g.context(), &gatewayv1.QueryRequest{
		Path: "values:echo", Args: fromJSON(t, `{"value":-0.0}`, &structpb.Struct{}),
	})
	if err != nil || resp.GetValue().GetStructValue().GetFields()["$float"].GetStringValue() != "AAAAAAAAAIA=" {
		t.Fatalf("%v, %v", resp, err)
	}
}

func nested(levels int) string {
	return strings.Repeat("[", levels) + strings.Repeat("]", levels)
}

func TestNesting(t *testing.T) {
	t.Parallel()
	g := start(t)
	deepest := nested(convex.MaxNesting - 2) // the arguments are an object in an array
	sameJSON(t, g.mustCall(g.context(), convex.Query, "values:echo", `{"value":`+deepest+`}`), deepest)
	sameJSON(t, g.rest("POST", "/v1/query", `{"path":"values:echo","args":{"value":`+deepest+`}}`).body, `{"value":`+deepest+`}`)
	g.fails(t, convex.Query, "values:echo", `{"value":`+nested(convex.MaxNesting)+`}`,
		failure{code: codes.InvalidArgument, reason: "INVALID_VALUE", http: 400})
}

// Errors name the place of the mistake, and nothing of its content.
func TestBadArguments(t *testing.T) {
	t.Parallel()
	g := start(t)
	list := func(values ...*structpb.Value) *structpb.Value {
		return structpb.NewListValue(&structpb.ListValue{Values: values})
	}
	inValue := func(v *structpb.Value) *gatewayv1.QueryRequest {
		return &gatewayv1.QueryRequest{Path: "values:echo", Args: &structpb.Struct{Fields: map[string]*structpb.Value{"value": v}}}
	}
	text := func(text string) *gatewayv1.QueryRequest {
		return &gatewayv1.QueryRequest{Path: "values:echo", ArgsJson: []byte(text)}
	}
	both := inValue(structpb.NewNullValue())
	both.ArgsJson = []byte(`{}`)
	tests := map[string]struct {
		req   *gatewayv1.QueryRequest
		where string
	}{
		"NaN":            {inValue(structpb.NewNumberValue(math.NaN())), "args.value: "},
		"infinity":       {inValue(list(structpb.NewNullValue(), structpb.NewNumberValue(math.Inf(1)))), "args.value[1]: "},
		"no kind":        {inValue(list(list(&structpb.Value{}))), "args.value[0][0]: "},
		"nil":            {inValue(nil), "args.value: "},
		"both formats":   {both, "args_json: "},
		"no object":      {text(`[1]`), "args_json: "},
		"special":        {text(`{"$integer":"AAAAAAAAAAA="}`), "args_json: "},
		"not JSON":       {text(`{"value":secret}`), "args_json.value: "},
		"lone surrogate": {text(`{"value":"\ud800"}`), "args_json.value: "},
		"not UTF-8":      {text("{\"value\":\"\xff\"}"), "args_json.value: "},
		"goes on":        {text(`{} secret`), "args_json: "},
		"field name":     {text(`{"value":{"$secret":1}}`), "args_json.value: "},
		"short integer":  {text(`{"value":{"$integer":"AA=="}}`), "args_json.value: "},
		"unknown format": {&gatewayv1.QueryRequest{Path: "values:echo", ValueFormat: 9}, "value_format: "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var trailer metadata.MD
			_, err := g.functions.Query(g.context(), test.req, grpc.Trailer(&trailer))
			failure{code: codes.InvalidArgument, reason: "INVALID_VALUE"}.checkStatus(t, err, trailer)
			if message := err.Error(); !strings.Contains(message, "desc = "+test.where) {
				t.Errorf("%q does not name %q", message, test.where)
			}
		})
	}
	if got := g.dev.Stats().QueryRuns["values:echo"]; got != 0 {
		t.Errorf("%d bad calls reached the deployment", got)
	}
}

func TestNoArgumentsAreEmptyOnes(t *testing.T) {
	t.Parallel()
	g := start(t)
	for name, req := range map[string]*gatewayv1.QueryRequest{
		"neither": {Path: "users:me"}, "empty text": {Path: "users:me", ArgsJson: []byte(" \n")},
		"empty struct": {Path: "users:me", Args: &structpb.Struct{}}, "with .js": {Path: "users.js:me"},
	} {
		resp, err := g.functions.Query(g.context(), req)
		if err != nil || resp.GetValue().GetKind() == nil {
			t.Errorf("%s: %v, %v", name, resp, err)
		}
	}
}

func TestLogLines(t *testing.T) {
	t.Parallel()
	g := start(t)
	want := []string{"[LOG] 'hello' 1", "[WARN] 'careful'"}
	resp, err := g.call(g.context(), convex.Query, "test:logs", `{}`)
	if err != nil || !slices.Equal(resp.GetLogLines(), want) {
		t.Errorf("%q, %v", resp.GetLogLines(), err)
	}
	sameJSON(t, g.rest("POST", "/v1/query", `{"path":"test:logs"}`).body,
		`{"value":"logged","logLines":["[LOG] 'hello' 1","[WARN] 'careful'"]}`)
	if event := result(g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "test:logs"})); !slices.Equal(event.GetLogLines(), want) {
		t.Errorf("%v", event)
	}
}

func TestMutateAndAction(t *testing.T) {
	t.Parallel()
	g := start(t)
	if got := g.mustCall(g.context(), convex.Mutation, "counter:add", `{"name":"m","by":3}`); got != "3" {
		t.Errorf("mutation: %s", got)
	}
	sameJSON(t, g.rest("POST", "/v1/mutate", `{"path":"counter:add","args":{"name":"m","by":4}}`).body, `{"value":7}`)
	if got := g.mustCall(g.context(), convex.Action, "actions:sleep", `{"ms":1}`); got != "1" {
		t.Errorf("action: %s", got)
	}
	sameJSON(t, g.rest("POST", "/v1/action", `{"path":"actions:sleep","args":{"ms":2}}`).body, `{"value":2}`)
	sameJSON(t, g.rest("POST", "/v1/mutate", `{"path":"messages:clear"}`).body, `{"value":{"$integer":"AAAAAAAAAAA="}}`)
}

func TestLargeValue(t *testing.T) {
	t.Parallel()
	g := start(t)
	value := fmt.Sprintf("%q", strings.Repeat("x", 4<<20))
	if got := g.mustCall(g.context(), convex.Query, "values:echo", `{"value":`+value+`}`); got != value {
		t.Errorf("%d bytes over gRPC", len(got))
	}
	got := g.rest("POST", "/v1/query", `{"path":"values:echo","args":{"value":`+value+`}}`)
	if want := `{"value":` + value + `}`; got.status != 200 || got.body != want {
		t.Errorf("HTTP %d, %d bytes", got.status, len(got.body))
	}
}

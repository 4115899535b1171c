package rest

import (
	"bytes"
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/protovalue"
	"convexgateway/server/rpc"
)

// jsonTexts are values as deployments send them, and some that are not JSON.
var jsonTexts = []string{
	`null`, `true`, `-0`, `1.5e300`, `"é\u2028\"\\\n"`, `[]`, `[1,[2,{"a":null}]]`, `{"b":1,"a":{"$integer":"AQAAAAAAAAA="}}`,
	`{"f":{"$float":"AAAAAAAA+H8="}}`, ` [ 1 , 2 ] `, `[1,]`, `{"a"}`, `1 2`, `tru`, `"\ud800"`, ``,
}

// usualBodies are parsed without protojson.
var usualBodies = []string{
	`{"path":"a:b"}`, `{}`, ` { "path" : "a:b" , "args" : { } } `, `{"args":{"a":[1,-0.5,1e2,{"b":null}],"c":"\u00e9\n😀"},"path":"a:b"}`,
	`{"path":"a:b","args":{"b":1,"a":2},"valueFormat":"VALUE_FORMAT_JSON"}`, `{"value_format":"VALUE_FORMAT_STRUCT","path":"a/b:c"}`,
	`{"path":"a:b","anonymous":true}`, `{"anonymous":false,"path":"a:b"}`, `{"path":"a:b","anonymous":null}`,
	`{"path":null,"args":null,"valueFormat":null}`, `{"p\u0061th":"a:b","args":{"i":{"$integer":"AAAAAAAAAAA="},"z":-0}}`, `{"path":"a b"}`,
}

// otherBodies are left to protojson.
var otherBodies = []string{
	``, ` `, `null`, `[]`, `{`, `{"path":1}`, `{"path":"a:b",}`, `{"path":"a:b"} {}`, `{"path":"a:b","path":"a:b"}`, `{"color":1}`,
	`{"valueFormat":"VALUE_FORMAT_JSON","value_format":"VALUE_FORMAT_JSON"}`, `{"valueFormat":"JSON"}`, `{"valueFormat":2}`, `{"valueFormat":"2"}`,
	`{"args":[]}`, `{"args":"{}"}`, `{"args":{"a":1,"a":2}}`, `{"args":{"$integer":"AAAAAAAAAAA="}}`, `{"args":{"a":{"$x":1}}}`, `{"args":{"a":1e999}}`,
	`{"argsJson":"e30="}`, `{"args":{},"argsJson":"e30="}`, `{"args_json":"!"}`, `{"path":nullx}`, `{"path":"\ud800"}`, "{\"path\":\"\xff\"}", `{"Path":"a:b"}`,
	`{"path":"a:b","anonymous":1}`, `{"path":"a:b","anonymous":"true"}`, `{"anonymous":true,"anonymous":true}`, `{"anonymous":tru}`,
	`{"args":{"é":1}}`, `{"args":{"a":tru}}`, "\xef\xbb\xbf{}",
}

func TestUsualBodiesStayText(t *testing.T) {
	for _, body := range usualBodies {
		if parseTextRequest([]byte(body)) == nil {
			t.Errorf("not read: %s", body)
		}
	}
	for _, body := range otherBodies {
		if r := parseTextRequest([]byte(body)); r != nil {
			t.Errorf("read: %s as %+v", body, r)
		}
	}
}

// sameRequest fails the test unless a request that was read as text is equal to what the library reads.
func sameRequest(t *testing.T, got rpc.FunctionRequest, canonical bool, libraryErr error, library rpc.FunctionRequest) {
	t.Helper()
	if libraryErr != nil {
		t.Fatalf("protojson: %v", libraryErr)
	}
	a, errA := rpc.ParseInvocation(got, canonical)
	b, errB := rpc.ParseInvocation(library, false)
	if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(errA, errB) {
		t.Fatalf("%+v, %v\nprotojson: %+v, %v", a, errA, b, errB)
	}
}

// FuzzFunctionBody compares bodies with what the library reads of them, and the errors.
func FuzzFunctionBody(f *testing.F) {
	for _, body := range append(usualBodies, otherBodies...) {
		f.Add([]byte(body))
	}
	for _, text := range jsonTexts {
		f.Add([]byte(`{"path":"a:b","args":{"value":` + text + `}}`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		want, got := &gatewayv1.MutateRequest{}, &gatewayv1.MutateRequest{}
		wantErr := protojson.Unmarshal(body, want)
		canonical, err := reader{}.readInto(body, got, nil)
		if canonical {
			sameRequest(t, got, true, wantErr, want)
			return
		}
		if len(bytes.TrimSpace(body)) == 0 { // an empty body is the same as {}
			wantErr = nil
		}
		if e, is := errors.AsType[*convex.ValueError](err); is && wantErr != nil { // more precise
			if e.Reason == "" {
				t.Fatal(e)
			}
			return
		}
		if (err == nil) != (wantErr == nil) || err != nil && err.Error() != call.InvalidBody(wantErr).Error() {
			t.Fatalf("%v\nprotojson: %v", err, wantErr)
		}
		if err == nil && !proto.Equal(got, want) {
			t.Fatalf("%v\nprotojson: %v", got, want)
		}
	})
}

// FuzzFunctionParameters does the same with query parameters.
func FuzzFunctionParameters(f *testing.F) {
	for _, query := range []string{
		"path=a:b", "path=a:b&args={}", "path=a:b&args=%7B%22a%22:1%7D", "path=a:b&args=", "path=a:b&args=null", "path=a:b&path=c:d",
		"args={}&args={}", "path=a+b&args={\"b\":{\"$x\":1}}", "path=a:b&value_format=VALUE_FORMAT_JSON", "path=a:b&argsJson=e30=", "color=1&path=a:b",
		"path=a:b&args={\"a\":1,\"a\":2}", "path=a:b&args=%20{}%20", "path=%ff&args={}",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		got, want := &gatewayv1.QueryRequest{}, &gatewayv1.QueryRequest{}
		gotErr := readParametersInto(values, got)
		if gotErr == nil && got.ArgsJson != nil && values["args"] != nil { // read as text
			sameRequest(t, got, false, readParameters(values, want), want)
		}
	})
}

// FuzzFunctionResponse compares what the library reads of a response with the response over gRPC.
func FuzzFunctionResponse(f *testing.F) {
	for i, text := range jsonTexts {
		f.Add([]byte(text), "a \"line\"\n\x00\u2028😀", uint64(i)*123456789, i%2 == 0)
	}
	f.Add([]byte("[\r\n1 ,\n\t{ \"a\" : \"\\n\" } ]"), "", uint64(1763860000123456789), false)
	f.Add([]byte("{\"a\":1}}"), "", uint64(0), true)
	f.Fuzz(func(t *testing.T, value []byte, line string, timestamp uint64, asJSON bool) {
		if strings.Count(string(value), "[")+strings.Count(string(value), "{") >= protovalue.MaxDepth {
			return
		}
		response := &gatewayv1.MutateResponse{ValueJson: value, CommitTime: timestamppb.New(time.Unix(0, int64(timestamp)))}
		if line != "" {
			response.LogLines = []string{strings.ToValidUTF8(line, "?"), ""}
		}
		body, err := appendFunctionResponse(response, !asJSON)
		wire, valueErr := rpc.NewEvent(&gatewayv1.SubscribeResponse{}, value).Wire()
		if asJSON { // where the value is bytes, whatever they hold
			valueErr = nil
		}
		if (err == nil) != (valueErr == nil) {
			t.Fatalf("%v\nas Value: %v", err, valueErr)
		}
		if err != nil {
			return
		}
		if bytes.ContainsAny(body, "\r\n") {
			t.Fatalf("%s", body)
		}
		got := &gatewayv1.MutateResponse{}
		if err := protojson.Unmarshal(body, got); err != nil {
			if strings.Contains(err.Error(), "duplicate map key") {
				return // in the deployment's value: on the wire the last one counts, as it does for JavaScript
			}
			t.Fatalf("%v: %s", err, body)
		}
		want := proto.CloneOf(response)
		if !asJSON { // as gRPC sends it
			event := &gatewayv1.SubscribeResponse{}
			if err := proto.Unmarshal(wire, event); err != nil {
				t.Fatal(err)
			}
			want.Value, want.ValueJson = event.GetValue(), nil
		}
		if !proto.Equal(got, want) {
			t.Fatalf("%s\ngot  %v\nwant %v", body, got, want)
		}
	})
}

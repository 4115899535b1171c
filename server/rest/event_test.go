package rest

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/protovalue"
	"convexgateway/server/rpc"
)

// checkFrames fails the test unless both forms of an event have the content that a client reads over gRPC, and the lines of the
// form.
func checkFrames(t *testing.T, e *rpc.Event, name string) {
	t.Helper()
	encoded, err := e.Wire()
	if err != nil {
		t.Fatal(err)
	}
	want := &gatewayv1.SubscribeResponse{}
	if err := proto.Unmarshal(encoded, want); err != nil {
		t.Fatal(err)
	}
	frame, err := e.Encoded(sse, eventEncoders[sse])
	if err != nil {
		t.Fatal(err)
	}
	head := "event: " + name + "\n"
	if id := want.GetResumeToken(); id != "" {
		head += "id: " + id + "\n"
	}
	data, ok := strings.CutPrefix(string(frame), head+"data: ")
	checkJSON(t, ok, data, "\n\n", want)
	if frame, err = e.Encoded(ndjson, eventEncoders[ndjson]); err != nil {
		t.Fatal(err)
	}
	line, ok := strings.CutPrefix(string(frame), `{"result":`)
	checkJSON(t, ok, line, "}\n", want)
}

func checkJSON(t *testing.T, ok bool, text, end string, want *gatewayv1.SubscribeResponse) {
	t.Helper()
	text, ended := strings.CutSuffix(text, end)
	if !ok || !ended || strings.ContainsAny(text, "\r\n") {
		t.Fatalf("frame %q", text)
	}
	got := &gatewayv1.SubscribeResponse{}
	if err := protojson.Unmarshal([]byte(text), got); err != nil && strings.Contains(err.Error(), "duplicate map key") {
		return // as in FuzzFunctionResponse
	} else if err != nil || !proto.Equal(got, want) {
		t.Fatalf("%v: %s\nwant %v", err, text, want)
	}
}

func TestFramesAreTheEventsOfGRPC(t *testing.T) {
	t.Parallel()
	inv := rpc.Invocation{}
	text := rpc.Invocation{Format: rpc.JSONFormat}
	failed := &convex.Result{Err: &convex.FunctionError{Message: "a\nb", Data: []byte("{\"code\":\n\"X\"}"), LogLines: []string{"l\r"}}, Timestamp: 5}
	result := &convex.Result{Value: []byte("[1,\r\n2]"), LogLines: []string{"a\n"}, Timestamp: 1763860000123456789}
	for _, tt := range []struct {
		event *rpc.Event
		name  string
	}{
		{rpc.ResultEvent(result, result.Timestamp, nil, &inv), "value"},
		{rpc.ResultEvent(result, result.Timestamp, nil, &text), "value"},
		{rpc.ResultEvent(failed, failed.Timestamp, nil, &inv), "function_error"},
		{rpc.ResultEvent(failed, failed.Timestamp, nil, &text), "function_error"},
		{rpc.UnchangedEvent(rpc.ResultEvent(result, result.Timestamp, nil, &inv)), "unchanged"},
		{rpc.ConnectionEvent(convexlive.Reconnecting, "tag"), "connection"},
		{rpc.NewEvent(&gatewayv1.SubscribeResponse{}, []byte("null")), "value"},
	} {
		checkFrames(t, tt.event, tt.name)
	}
	broken := rpc.NewEvent(&gatewayv1.SubscribeResponse{}, []byte("[1,\n\nevent: evil"))
	if frame, err := broken.Encoded(sse, eventEncoders[sse]); err == nil {
		t.Errorf("%q", frame)
	}
}

// All streams of an event send the same bytes.
func TestFrameIsMadeOnce(t *testing.T) {
	t.Parallel()
	e := rpc.NewEvent(&gatewayv1.SubscribeResponse{}, []byte("1"))
	for _, form := range []streamForm{sse, ndjson} {
		first, _ := e.Encoded(form, eventEncoders[form])
		if again, _ := e.Encoded(form, eventEncoders[form]); &first[0] != &again[0] {
			t.Errorf("form %d is made twice", form)
		}
	}
}

func FuzzFrames(f *testing.F) {
	for _, text := range jsonTexts {
		f.Add([]byte(text), "token", "a line\n")
	}
	f.Add([]byte("{\n\"a\":\r1}"), "", "")
	f.Fuzz(func(t *testing.T, value []byte, token, line string) {
		if strings.Count(string(value), "[")+strings.Count(string(value), "{") >= protovalue.MaxDepth || strings.ContainsAny(token, "\r\n") {
			return // a token is base64
		}
		m := &gatewayv1.SubscribeResponse{ResumeToken: strings.ToValidUTF8(token, "")}
		if line != "" {
			m.LogLines = []string{strings.ToValidUTF8(line, "")}
		}
		e := rpc.NewEvent(m, value)
		if _, err := e.Wire(); err != nil {
			if frame, err := e.Encoded(sse, eventEncoders[sse]); err == nil {
				t.Fatalf("a frame of what is no value: %q", frame)
			}
			return
		}
		checkFrames(t, e, "value")
	})
}

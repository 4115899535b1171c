package rpc

import (
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/cli/generate"
	"convexgateway/convex"
	"convexgateway/convex/spec"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/typed"
	"convexgateway/server/typed/model"
)

// liveMethods returns the streaming methods of a contract with queries m:a and m:b, which return numbers.
func liveMethods(t *testing.T) (a, b *typed.Method) {
	t.Helper()
	function := `{"identifier":"m.js:NAME","functionType":"Query","visibility":{"kind":"public"},"args":{"type":"object","value":{}},"returns":{"type":"number"}}`
	s, _, err := spec.Parse([]byte(`[` + strings.ReplaceAll(function, "NAME", "a") + `,` + strings.ReplaceAll(function, "NAME", "b") + `]`))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	output, err := generate.API(t.Context(), dir, s, model.Options{})
	if err == nil {
		_, err = output.Write()
	}
	if err != nil {
		t.Fatal(err)
	}
	api, err := typed.Compile(t.Context(), os.DirFS(dir), s)
	if err != nil {
		t.Fatal(err)
	}
	return api.Method("/convex.app.m.M/SubscribeA"), api.Method("/convex.app.m.M/SubscribeB")
}

// Streams of one method share the events of a result, and its bytes; those of the Struct lane, and of another method, have others.
func TestTypedEvents_shared(t *testing.T) {
	a, b := liveMethods(t)
	r := &convex.Result{Value: []byte(`1.5`), LogLines: []string{"a line"}}
	of := func(m *typed.Method, readTime uint64) *Event {
		return ResultEvent(r, readTime, nil, &Invocation{typed: m})
	}
	first, again, later := of(a, 1), of(a, 1), of(a, 2)
	if first != again {
		t.Error("two streams have an event each")
	}
	_, value, err := first.WireParts()
	_, laterValue, _ := later.WireParts()
	if err != nil || len(value) == 0 || &value[0] != &laterValue[0] {
		t.Errorf("the value is encoded for each read time: %v", err)
	}
	if of(b, 1) == first || of(nil, 1) == first || of(nil, 1) == of(b, 1) {
		t.Error("methods share an event")
	}
	plain, _ := of(nil, 1).Wire()
	m := &gatewayv1.SubscribeResponse{}
	if err := proto.Unmarshal(plain, m); err != nil || m.GetValue().GetKind().(*structpb.Value_NumberValue).NumberValue != 1.5 || len(m.GetLogLines()) != 1 {
		t.Errorf("the Struct lane has %v, %v", m, err)
	}
	wire, _ := first.Wire()
	text, err := a.ResponseJSON(wire)
	if err != nil || !strings.Contains(string(text), `"value":{"value":1.5,"logLines":["a line"]}`) {
		t.Errorf("%s, %v", text, err)
	}
}

// A result that does not fit the contract is an error of the function, which all streams of the method share.
func TestTypedEvents_mismatch(t *testing.T) {
	a, _ := liveMethods(t)
	e := ResultEvent(&convex.Result{Value: []byte(`"text"`)}, 1, nil, &Invocation{typed: a})
	wire, err := e.Wire()
	m := &gatewayv1.SubscribeResponse{}
	if err == nil {
		err = proto.Unmarshal(wire, m)
	}
	if got := m.GetFunctionError(); err != nil || got.GetReason() != "RESULT_MISMATCH" || !strings.Contains(got.GetMessage(), "want a number, not a string") || m.GetResumeToken() == "" {
		t.Errorf("%v, %v", m, err)
	}
}

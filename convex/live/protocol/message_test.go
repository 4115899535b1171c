package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/syncfake"
)

// ts is how a deployment writes a timestamp.
func ts(n uint64) string {
	text, _ := Timestamp(n).MarshalText()
	return string(text)
}

func TestTimestamp(t *testing.T) {
	for n, text := range map[uint64]string{0: "AAAAAAAAAAA=", 1: "AQAAAAAAAAA=", 256: "AAEAAAAAAAA=", math.MaxUint64: "//////////8="} {
		if got := ts(n); got != text {
			t.Errorf("%d is written %s; want %s", n, got, text)
		}
		var back Timestamp
		if err := back.UnmarshalText([]byte(text)); err != nil || uint64(back) != n {
			t.Errorf("%s is read %d, %v", text, back, err)
		}
	}
	for _, text := range []string{"", "AAAA", "AAAAAAAAAAA", "AAAAAAAAAAAA", "!AAAAAAAAAA="} {
		if err := new(Timestamp).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is read as a timestamp", text)
		}
	}
}

func at64(t *testing.T, text string) Timestamp {
	t.Helper()
	var n Timestamp
	if err := n.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return n
}

// The literal messages of the protocol, as deployments send them.
const (
	literalTransition = `{"type":"Transition","startVersion":{"querySet":0,"identity":0,"ts":"AAAAAAAAAAA="},"endVersion":{"querySet":1,"identity":1,"ts":"AABXsaQXghg="},"modifications":[{"type":"QueryUpdated","queryId":0,"value":[{"_creationTime":1766000000123.5,"_id":"j57020g30g2gc1r81450p30d1s7xevpq","body":"hi"}],"logLines":["[LOG] 'listing'"],"journal":null},{"type":"QueryFailed","queryId":1,"errorMessage":"[Request ID: 5a2b8c19de014f7a] Server Error\nUncaught ConvexError: \"nope\"\n","logLines":[],"journal":null,"errorData":"nope"}],"clientClockSkew":-12,"serverTs":1766000000010000000}`
	literalRemoval    = `{"type":"Transition","startVersion":{"querySet":1,"identity":1,"ts":"AABXsaQXghg="},"endVersion":{"querySet":2,"identity":1,"ts":"AMrx7KQXghg="},"modifications":[{"type":"QueryRemoved","queryId":0}],"clientClockSkew":-12,"serverTs":1766000001000000000}`
	literalRefused    = `{"type":"AuthError","error":"Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.","baseVersion":0,"authUpdateAttempted":true}`
	literalExpired    = `{"type":"AuthError","error":"Convex token identity expired","baseVersion":1,"authUpdateAttempted":false}`
	literalFatal      = `{"type":"FatalError","error":"Base version 3 passed up doesn't match the current version 1"}`
	literalPing       = `{"type":"Ping"}`
	literalChunk      = `{"type":"TransitionChunk","chunk":"{\"type\":\"Transition\",\"startVersion\":{\"querySet\":0,","partNumber":0,"totalParts":2,"transitionId":"5000123"}`
)

// literalResponses are those to requests.
var literalResponses = map[string]*Response{
	`{"type":"MutationResponse","requestId":0,"success":true,"result":null,"ts":"AGUkz6QXghg=","logLines":[]}`: {
		ID: 0, Result: &convex.Result{Value: []byte(`null`), Timestamp: 1766000000500000000},
	},
	`{"type":"MutationResponse","requestId":2,"success":false,"result":"[Request ID: 00c0ffee00c0ffee] Server Error\nUncaught ConvexError: {\"code\":\"FULL\"}\n","ts":null,"logLines":["[WARN] 'room full'"],"errorData":{"code":"FULL"}}`: {
		ID: 2, Result: &convex.Result{Err: &convex.FunctionError{
			Message: "[Request ID: 00c0ffee00c0ffee] Server Error\nUncaught ConvexError: {\"code\":\"FULL\"}\n",
			Data:    []byte(`{"code":"FULL"}`), LogLines: []string{"[WARN] 'room full'"},
		}},
	},
	`{"type":"ActionResponse","requestId":1,"success":true,"result":{"sent":true},"logLines":[]}`: {
		ID: 1, Action: true, Result: &convex.Result{Value: []byte(`{"sent":true}`)},
	},
	`{"type":"ActionResponse","requestId":3,"success":false,"result":"[Request ID: 00c0ffee00c0ffee] Server Error\n","logLines":[]}`: {
		ID: 3, Action: true, Result: &convex.Result{Err: &convex.FunctionError{Message: "[Request ID: 00c0ffee00c0ffee] Server Error\n"}},
	},
	`{"logLines":null,"ts":"AQAAAAAAAAA=","result":[1],"new":{},"success":true,"requestId":4294967295,"type":"MutationResponse"}`: {
		ID: math.MaxUint32, Result: &convex.Result{Value: []byte(`[1]`), Timestamp: 1},
	},
	`{"type":"ActionResponse","requestId":3,"success":false,"result":"x","errorData":null}`: {
		ID: 3, Action: true, Result: &convex.Result{Err: &convex.FunctionError{Message: "x", Data: []byte(`null`)}},
	},
}

func TestDecodeResponse(t *testing.T) {
	for text, want := range literalResponses {
		got, err := Decode([]byte(text))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n got %+v, %v\nwant %+v", text, got, err, want)
		}
	}
}

// unusedMessages are of kinds that this client does not read.
var unusedMessages = map[string]string{
	literalChunk: "TransitionChunk",
	`{"type":"SomethingNew","error":{"code":1},"modifications":7,"startVersion":null,"baseVersion":"x","authUpdateAttempted":[]}`: "SomethingNew",
}

func TestDecodeServerMessage(t *testing.T) {
	first, second := at64(t, "AABXsaQXghg="), at64(t, "AMrx7KQXghg=")
	for text, want := range map[string]ServerMessage{
		literalTransition: &Transition{
			Sent: 1766000000010000000,
			End:  Version{1, 1, first},
			Modifications: []Modification{
				{ID: 0, Result: &convex.Result{
					Value:    []byte(`[{"_creationTime":1766000000123.5,"_id":"j57020g30g2gc1r81450p30d1s7xevpq","body":"hi"}]`),
					LogLines: []string{"[LOG] 'listing'"},
				}},
				{ID: 1, Result: &convex.Result{Err: &convex.FunctionError{
					Message: "[Request ID: 5a2b8c19de014f7a] Server Error\nUncaught ConvexError: \"nope\"\n", Data: []byte(`"nope"`),
				}}},
			},
		},
		literalRemoval: &Transition{
			Sent:  1766000001000000000,
			Start: Version{1, 1, first}, End: Version{2, 1, second}, Modifications: []Modification{{ID: 0}},
		},
		literalRefused: &AuthError{
			Message:     "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.",
			BaseVersion: new(uint32(0)), UpdateAttempted: true,
		},
		literalExpired: &AuthError{Message: "Convex token identity expired", BaseVersion: new(uint32(1))},
		literalFatal:   &FatalError{},
		literalPing:    Ping{},
		`{"type":"AuthError","error":"x","baseVersion":null,"authUpdateAttempted":null}`: &AuthError{Message: "x"},
		`{"modifications":[],"endVersion":{"ts":"AQAAAAAAAAA=","querySet":4294967295,"identity":0,"new":{}},"startVersion":{"querySet":0,"identity":0,"ts":"AAAAAAAAAAA="},"new":[{}],"type":"Transition"}`: &Transition{
			End: Version{math.MaxUint32, 0, 1},
		},
		`{"type":"Transition","startVersion":{"querySet":0,"identity":0,"ts":"AAAAAAAAAAA="},"endVersion":{"querySet":0,"identity":0,"ts":"AAAAAAAAAAA="},"modifications":[{"new":1,"journal":"j","value":null,"logLines":null,"queryId":3,"type":"QueryUpdated"}]}`: &Transition{
			Modifications: []Modification{{ID: 3, Journal: new("j"), Result: &convex.Result{Value: []byte(`null`)}}},
		},
		`{"type":"Transition","startVersion":{"querySet":0,"identity":0,"ts":"AAAAAAAAAAA="},"endVersion":{"querySet":0,"identity":0,"ts":"AAAAAAAAAAA="},"modifications":[{"type":"QueryFailed","queryId":3,"errorMessage":"m","errorData":null,"logLines":["l"],"journal":null}]}`: &Transition{
			Modifications: []Modification{{ID: 3, Result: &convex.Result{Err: &convex.FunctionError{Message: "m", Data: []byte(`null`), LogLines: []string{"l"}}}}},
		},
	} {
		got, err := Decode([]byte(text))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n got %+v, %v\nwant %+v", text, got, err, want)
		}
	}
}

func TestUnusedKindsAreIgnored(t *testing.T) {
	for text, kind := range unusedMessages {
		got, err := Decode([]byte(text))
		if err != nil || got != (UnknownMessage{kind}) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

// brokenMessages are messages that no deployment sends.
var brokenMessages = []string{
	``, `null`, `[]`, `{}`, `{"type":null}`, `{"type":"Ping"} x`, `{"type":"Ping"`, `{"error":"x"}`,
	`{"type":"Transition"}`, `{"type":"Transition","startVersion":{"querySet":0,"identity":0,"ts":"AAAAAAAAAAA="}}`,
	strings.Replace(literalTransition, `"ts":"AABXsaQXghg="`, `"ts":"AABX"`, 1),
	strings.Replace(literalTransition, `"ts":"AABXsaQXghg="`, `"ts":5`, 1),
	strings.Replace(literalTransition, `"querySet":1`, `"querySet":-1`, 1),
	strings.Replace(literalTransition, `"querySet":1`, `"querySet":1.5`, 1),
	strings.Replace(literalTransition, `"querySet":1`, `"querySet":4294967296`, 1),
	strings.Replace(literalTransition, `"querySet":1,`, ``, 1),
	strings.Replace(literalTransition, `"queryId":0,`, ``, 1),
	strings.Replace(literalTransition, `QueryUpdated`, `QuerySkipped`, 1),
	strings.Replace(literalTransition, `"value":[`, `"val":[`, 1),
	strings.Replace(literalRefused, `"baseVersion":0`, `"baseVersion":"0"`, 1),
	strings.Replace(literalRefused, `true`, `"true"`, 1),
	strings.Replace(literalFatal, `"Base`, `7,"B`, 1),
	`{"type":"MutationResponse","success":true,"result":null,"ts":"AQAAAAAAAAA="}`,
	`{"type":"MutationResponse","requestId":null,"success":true,"result":null}`,
	`{"type":"MutationResponse","requestId":1,"success":true,"ts":"AQAAAAAAAAA="}`,
	`{"type":"MutationResponse","requestId":1,"success":true,"result":null,"ts":7}`,
	`{"type":"ActionResponse","requestId":1,"success":false,"result":{"not":"text"}}`,
	`{"type":"ActionResponse","requestId":-1,"success":true,"result":1}`,
}

func TestBrokenMessagesAreErrors(t *testing.T) {
	for _, text := range brokenMessages {
		if got, err := Decode([]byte(text)); err == nil {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

// The client messages of the protocol that this client sends.
func TestEncodeMessage(t *testing.T) {
	const session = "6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e"
	second := at64(t, "AMrx7KQXghg=")
	for want, message := range map[string]any{
		`{"type":"Connect","sessionId":"6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e","connectionCount":0,"lastCloseReason":"InitialConnect","clientTs":1766000000000}`: connectMessage{
			Type: "Connect", SessionID: session, LastCloseReason: "InitialConnect", ClientTS: 1766000000000,
		},
		`{"type":"Connect","sessionId":"6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e","connectionCount":1,"lastCloseReason":"InactiveServer","maxObservedTimestamp":"AMrx7KQXghg=","clientTs":1766000061000}`: connectMessage{
			Type: "Connect", SessionID: session, ConnectionCount: 1, LastCloseReason: "InactiveServer",
			MaxObservedTimestamp: &second, ClientTS: 1766000061000,
		},
		`{"type":"Authenticate","baseVersion":0,"tokenType":"User","value":"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln"}`: authenticateMessage{
			Type: "Authenticate", TokenType: "User", Value: "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln",
		},
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"messages:list","args":[{"channel":"general"}]},{"type":"Add","queryId":1,"udfPath":"messages:page","args":[{"paginationOpts":{"numItems":20,"cursor":null,"id":1}}],"journal":"0a1b2c"}]}`: modifyQuerySetMessage{
			Type: "ModifyQuerySet", NewVersion: 1, Modifications: []queryModification{
				{Type: "Add", UDFPath: "messages:list", Args: []json.RawMessage{json.RawMessage(`{"channel":"general"}`)}},
				{
					Type: "Add", QueryID: 1, UDFPath: "messages:page", Journal: new("0a1b2c"),
					Args: []json.RawMessage{json.RawMessage(`{"paginationOpts":{"numItems":20,"cursor":null,"id":1}}`)},
				},
			},
		},
		`{"type":"ModifyQuerySet","baseVersion":1,"newVersion":2,"modifications":[{"type":"Remove","queryId":0}]}`: modifyQuerySetMessage{
			Type: "ModifyQuerySet", BaseVersion: 1, NewVersion: 2, Modifications: []queryModification{{Type: "Remove"}},
		},
	} {
		if got := string(encodeMessage(message)); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

func TestArgumentsAreSentAsTheyAre(t *testing.T) {
	m := queryModification{Type: "Add", Args: []json.RawMessage{json.RawMessage(`{"a":"<&>é","b":{"$integer":"AQAAAAAAAAA="},"c":1e+21}`)}}
	if got := encodeMessage(m); !bytes.Contains(got, m.Args[0]) {
		t.Errorf("sent as %s", got)
	}
}

func FuzzDecodeServerMessage(f *testing.F) {
	for _, text := range append([]string{literalTransition, literalRemoval, literalRefused, literalExpired, literalFatal, literalPing}, brokenMessages...) {
		f.Add([]byte(text))
	}
	for text := range literalResponses {
		f.Add([]byte(text))
	}
	for text := range unusedMessages {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		buffer := bytes.Clone(text)
		got, err := Decode(buffer)
		if (got == nil) == (err == nil) {
			t.Fatalf("%+v, %v", got, err)
		}
		again, _ := Decode(text)
		for i := range buffer {
			buffer[i] = 'x' // the socket reads its next message into the same bytes
		}
		if !reflect.DeepEqual(got, again) {
			t.Fatalf("%+v was %+v: it is not a copy", got, again)
		}
		if tr, ok := got.(*Transition); ok {
			newQuerySetWith(t, 3).apply(tr)
		}
	})
}

// A value is read as it was written, whatever it is, if encoding/json accepts it as JSON.
func FuzzTransitionValue(f *testing.F) {
	for _, value := range []string{`null`, ` [1, {"a]": "\\"}] `, `"\u005c\""`, `{"a":[[]],"b":"}"}`, `-1.5e3`, syncfake.Rows(500)} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if !json.Valid([]byte(value)) {
			return
		}
		got, err := Decode([]byte(syncfake.FirstValue(value)))
		if err != nil {
			t.Fatalf("%q: %v", value, err)
		}
		if read := got.(*Transition).Modifications[0].Result.Value; string(read) != strings.Trim(value, " \t\r\n") {
			t.Fatalf("%q comes out as %q", value, read)
		}
	})
}

// newQuerySetWith is a connected query set of n queries.
func newQuerySetWith(tb testing.TB, n int) *querySet {
	tb.Helper()
	qs := newQuerySet(testSession)
	for i := range n {
		qs.add(mustPath(tb, "m:f"), fmt.Appendf(nil, `{"i":%d}`, i), nil)
	}
	qs.connect("", "InitialConnect", time.UnixMilli(1))
	return qs
}

func mustPath(tb testing.TB, text string) convex.Path {
	tb.Helper()
	p, err := convex.ParsePath(text)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// bigTransition is one of about 20 KB: 100 messages of a chat.
func bigTransition() []byte {
	var rows []string
	for i := range 100 {
		rows = append(rows, fmt.Sprintf(`{"_creationTime":1766000000123.5,"_id":"j57020g30g2gc1r81450p30d1s7xe%03d","author":"ada","body":"%s","channel":"general"}`, i, strings.Repeat("message ", 9)))
	}
	return fmt.Appendf(nil, `{"type":"Transition","startVersion":{"querySet":0,"identity":0,"ts":"AAAAAAAAAAA="},"endVersion":{"querySet":1,"identity":0,"ts":"AABXsaQXghg="},"modifications":[{"type":"QueryUpdated","queryId":0,"value":[%s],"logLines":[],"journal":null}],"clientClockSkew":-12,"serverTs":1766000000010000000}`, strings.Join(rows, ","))
}

func BenchmarkDecodeTransition(b *testing.B) {
	text := bigTransition()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(text); err != nil {
			b.Fatal(err)
		}
	}
}

package sync

import (
	"encoding/json"
	"reflect"
	"testing"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/credential"
)

const sessionID = "6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e"

func mustPath(t *testing.T, text string) call.Path {
	t.Helper()
	path, err := call.ParsePath(text)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDecodeClientMessage(t *testing.T) {
	skewed := int64(1766000061000)
	list, send := mustPath(t, "messages:list"), mustPath(t, "messages:send")
	for text, want := range map[string]any{
		`{"type":"Connect","sessionId":"6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e","connectionCount":1,"lastCloseReason":"InactiveServer","maxObservedTimestamp":"AMrx7KQXghg=","clientTs":1766000061000}`: connectMessage{sessionID, 0x188217a4ecf1ca00, &skewed},
		`{"type":"Connect","sessionId":"6F1F9A376F0F4F0F8F110A3B1A2C3D4E","connectionCount":0,"lastCloseReason":null,"x":1}`:                                                                          connectMessage{sessionID: sessionID},
		`{"type":"Authenticate","baseVersion":0,"tokenType":"User","value":"abc"}`:                                                                                                                    authenticateMessage{0, credential.Credential{Kind: credential.UserToken, Secret: "abc"}},
		`{"type":"Authenticate","baseVersion":2,"tokenType":"None"}`:                                                                                                                                  authenticateMessage{baseVersion: 2},
		`{"type":"Authenticate","baseVersion":1,"tokenType":"Admin","value":"a|b","impersonating":{"issuer":"i","subject":"s"}}`:                                                                      authenticateMessage{1, credential.Credential{Kind: credential.AdminSecret, Secret: "a|b", ActingAs: &call.Identity{Admin: true, Attributes: map[string]any{"issuer": "i", "subject": "s", "tokenIdentifier": "i|s"}}}},
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"messages:list","args":[{}],"journal":null},{"type":"Add","queryId":1,"udfPath":"messages:list","args":[{}],"journal":"j"},{"type":"Remove","queryId":2}]}`: modifyQuerySetMessage{0, 1, []queryModification{
			{queryID: 0, path: list, args: json.RawMessage(`[{}]`)}, {queryID: 1, path: list, args: json.RawMessage(`[{}]`), journal: "j"}, {queryID: 2, remove: true},
		}},
		`{"type":"Mutation","requestId":4294967295,"udfPath":"messages.js:send","args":[{"n":{"$integer":"AwAAAAAAAAA="}}]}`: requestMessage{call.Mutation, 4294967295, send, json.RawMessage(`[{"n":{"$integer":"AwAAAAAAAAA="}}]`), ""},
		`{"type":"Action","requestId":1,"udfPath":"messages:send","args":[{}],"componentPath":"c"}`:                          requestMessage{call.Action, 1, send, json.RawMessage(`[{}]`), "c"},
		`{"type":"Event","eventType":"ClientConnect","event":null}`:                                                          eventMessage{},
	} {
		got, err := decodeClientMessage([]byte(text))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v, %v\nwant %+v", text, got, err, want)
		}
	}
}

func TestDecodeClientMessage_refuses(t *testing.T) {
	for _, text := range []string{
		``, `[]`, `null`, `{}`, `{"type":"Hello"}`, `{"Type":"Event","eventType":"x","event":1}`,
		`{"type":"Connect","sessionId":"6f1f9a37","connectionCount":0}`,
		`{"type":"Connect","sessionId":"6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e"}`,
		`{"type":"Connect","sessionId":"6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e","connectionCount":-1}`,
		`{"type":"Connect","sessionId":"6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e","connectionCount":0,"clientTs":1.5}`,
		`{"type":"Connect","sessionId":"6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e","connectionCount":0,"lastCloseReason":1}`,
		`{"type":"Connect","sessionId":"6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e","connectionCount":0,"maxObservedTimestamp":"AAAA"}`,
		`{"type":"Connect","sessionId":"6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e","connectionCount":0,"maxObservedTimestamp":"/////////38A"}`,
		`{"type":"Connect","sessionId":"6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e","connectionCount":0,"maxObservedTimestamp":"AAAAAAAAAIA="}`,
		`{"type":"Authenticate","baseVersion":0,"tokenType":"User"}`,
		`{"type":"Authenticate","baseVersion":0,"tokenType":"Other","value":"x"}`,
		`{"type":"Authenticate","baseVersion":4294967296,"tokenType":"None"}`,
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1}`,
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[1]}`,
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"a:b:c","args":[{}]}]}`,
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Swap","queryId":0}]}`,
		`{"type":"Mutation","requestId":0,"udfPath":"a:b"}`,
		`{"type":"Mutation","requestId":0,"udfPath":"a:b","args":null}`,
		`{"type":"Mutation","requestId":null,"udfPath":"a:b","args":[{}]}`,
		`{"type":"Event","eventType":"x"}`,
		"{\"type\":\"Event\",\"eventType\":\"\xff\",\"event\":1}",
	} {
		if got, err := decodeClientMessage([]byte(text)); err == nil {
			t.Errorf("%s was read as %+v", text, got)
		}
	}
}

func FuzzDecodeClientMessage(f *testing.F) {
	f.Add([]byte(`{"type":"Connect","sessionId":"6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e","connectionCount":0,"maxObservedTimestamp":"AMrx7KQXghg=","clientTs":1}`))
	f.Add([]byte(`{"type":"Authenticate","baseVersion":0,"tokenType":"User","value":"x"}`))
	f.Add([]byte(`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"a:b","args":[{}]},{"type":"Remove","queryId":2}]}`))
	f.Add([]byte(`{"type":"Mutation","requestId":0,"udfPath":"a:b","args":[{}]}`))
	f.Add([]byte(`{"type":"Event","eventType":"x","event":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		message, err := decodeClientMessage(data)
		if err != nil {
			return
		}
		switch m := message.(type) {
		case connectMessage:
			if len(m.sessionID) != 36 || m.maxObserved >= 1<<63 {
				t.Fatalf("%+v", m)
			}
		case requestMessage:
			if m.path == (call.Path{}) || !json.Valid(m.args) {
				t.Fatalf("%+v", m)
			}
		case modifyQuerySetMessage:
			for _, mod := range m.modifications {
				if mod.remove != (mod.path == (call.Path{})) {
					t.Fatalf("%+v", mod)
				}
			}
		}
	})
}

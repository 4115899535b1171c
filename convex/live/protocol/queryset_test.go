package protocol

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"convexgateway/convex"
)

const testSession = "6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e"

func texts(messages [][]byte) []string {
	var list []string
	for _, m := range messages {
		list = append(list, string(m))
	}
	return list
}

func wantMessages(t *testing.T, what string, got [][]byte, want ...string) {
	t.Helper()
	if !slices.Equal(texts(got), want) {
		t.Errorf("%s sends\n%s\nwant\n%s", what, strings.Join(texts(got), "\n"), strings.Join(want, "\n"))
	}
}

func versionAt(querySet, identity uint32, ts Timestamp) Version {
	return Version{querySet, identity, ts}
}

func updated(id QueryID, value string) Modification {
	return Modification{ID: id, Result: &convex.Result{Value: []byte(value)}}
}

func failed(id QueryID, message string) Modification {
	return Modification{ID: id, Result: &convex.Result{Err: &convex.FunctionError{Message: message}}}
}

func TestQuerySetMessages(t *testing.T) {
	qs := newQuerySet(testSession)
	page, list := mustPath(t, "messages:page"), mustPath(t, "messages.js:default")
	if id, messages := qs.add(list, []byte(`{}`), nil); id != 0 || messages != nil {
		t.Errorf("before the first socket, add is %d and sends %s", id, messages)
	}
	if qs.authenticate("t") != nil || qs.confirmed() || qs.identityConfirmed() {
		t.Error("without a socket something is sent or confirmed")
	}
	wantMessages(t, "the first connect", qs.connect("token1", "InitialConnect", time.UnixMilli(1766000000000)),
		`{"type":"Connect","sessionId":"`+testSession+`","connectionCount":0,"lastCloseReason":"InitialConnect","clientTs":1766000000000}`,
		`{"type":"Authenticate","baseVersion":0,"tokenType":"User","value":"token1"}`,
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"messages","args":[{}]}]}`)
	id, messages := qs.add(page, []byte(`{"n":1}`), nil)
	wantMessages(t, "add", messages,
		`{"type":"ModifyQuerySet","baseVersion":1,"newVersion":2,"modifications":[{"type":"Add","queryId":1,"udfPath":"messages:page","args":[{"n":1}]}]}`)
	wantMessages(t, "authenticate", qs.authenticate("token2"), `{"type":"Authenticate","baseVersion":1,"tokenType":"User","value":"token2"}`)
	wantMessages(t, "remove", qs.remove(0), `{"type":"ModifyQuerySet","baseVersion":2,"newVersion":3,"modifications":[{"type":"Remove","queryId":0}]}`)

	pinned := updated(id, `[]`)
	pinned.Journal = new("0a1b2c")
	if _, err := qs.apply(&Transition{End: versionAt(2, 1, 500), Modifications: []Modification{pinned}}); err != nil {
		t.Fatal(err)
	}
	qs.disconnect(0)
	if id, messages := qs.add(list, []byte(`{}`), nil); id != 2 || messages != nil {
		t.Errorf("between sockets, add is %d and sends %s", id, messages)
	}
	if messages := qs.remove(2); messages != nil {
		t.Errorf("between sockets, remove sends %s", messages)
	}
	qs.add(list, []byte(`{"z":0}`), nil)
	wantMessages(t, "the second connect", qs.connect("token2", "InternalServerError", time.UnixMilli(2)),
		`{"type":"Connect","sessionId":"`+testSession+`","connectionCount":1,"lastCloseReason":"InternalServerError","maxObservedTimestamp":"9AEAAAAAAAA=","clientTs":2}`,
		`{"type":"Authenticate","baseVersion":0,"tokenType":"User","value":"token2"}`,
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":1,"udfPath":"messages:page","args":[{"n":1}],"journal":"0a1b2c"},{"type":"Add","queryId":3,"udfPath":"messages","args":[{"z":0}]}]}`)
}

func TestEmptyAnonymousQuerySet(t *testing.T) {
	qs := newQuerySet(testSession)
	wantMessages(t, "connect", qs.connect("", "InitialConnect", time.UnixMilli(1)),
		`{"type":"Connect","sessionId":"`+testSession+`","connectionCount":0,"lastCloseReason":"InitialConnect","clientTs":1}`,
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[]}`)
}

func TestHugeQuerySetIsSplit(t *testing.T) {
	qs := newQuerySet(testSession)
	for _, size := range []int{1, 3 << 20, 3 << 20, 3 << 20, 9 << 20, 1, 1} {
		qs.add(mustPath(t, "m:f"), fmt.Appendf(nil, `{"a":"%s"}`, bytes.Repeat([]byte("x"), size)), nil)
	}
	messages := qs.connect("", "InitialConnect", time.UnixMilli(1))[1:]
	var got []string
	for i, m := range messages {
		if base := fmt.Sprintf(`{"type":"ModifyQuerySet","baseVersion":%d,"newVersion":%d,`, i, i+1); !bytes.HasPrefix(m, []byte(base)) {
			t.Errorf("message %d starts %s", i, m[:80])
		}
		if bytes.Count(m, []byte(`"queryId"`)) > 1 && len(m) > maxModifyBytes {
			t.Errorf("message %d of several queries has %d bytes", i, len(m))
		}
		var ids []string
		for id := range 7 {
			if bytes.Contains(m, fmt.Appendf(nil, `"queryId":%d,`, id)) {
				ids = append(ids, fmt.Sprint(id))
			}
		}
		got = append(got, strings.Join(ids, ","))
	}
	if want := []string{"0,1,2", "3,5,6"}; !slices.Equal(got, want) { // 4 waits: with it they would weigh over 16 MiB
		t.Errorf("queries are split %q; want %q", got, want)
	}
	if qs.sentQuerySet != 2 {
		t.Errorf("the set is at version %d", qs.sentQuerySet)
	}
}

// Which versions a transition may have, from {1,1,100} with {2,2} sent.
func TestApplyChecksVersions(t *testing.T) {
	const huge = Timestamp(1) << 63 // as a signed number it would be the smallest
	for _, tt := range []struct {
		name       string
		start, end Version
		ok         bool
	}{
		{"everything new", versionAt(1, 1, 100), versionAt(2, 2, 101), true},
		{"time alone", versionAt(1, 1, 100), versionAt(1, 1, 101), true},
		{"nothing at all", versionAt(1, 1, 100), versionAt(1, 1, 100), true},
		{"time is unsigned", versionAt(1, 1, 100), versionAt(1, 1, huge), true},
		{"time is a number, not text", versionAt(1, 1, 100), versionAt(1, 1, 256), true},
		{"other query set", versionAt(0, 1, 100), versionAt(1, 1, 101), false},
		{"other identity", versionAt(1, 0, 100), versionAt(1, 1, 101), false},
		{"older time", versionAt(1, 1, 99), versionAt(1, 1, 101), false},
		{"newer time", versionAt(1, 1, 101), versionAt(1, 1, 102), false},
		{"time goes back", versionAt(1, 1, 100), versionAt(2, 1, 99), false},
		{"query set goes back", versionAt(1, 1, 100), versionAt(0, 1, 101), false},
		{"identity goes back", versionAt(1, 1, 100), versionAt(1, 0, 101), false},
		{"query set never sent", versionAt(1, 1, 100), versionAt(3, 1, 101), false},
		{"identity never sent", versionAt(1, 1, 100), versionAt(1, 3, 101), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			qs := newQuerySet(testSession)
			qs.add(mustPath(t, "m:f"), []byte(`{}`), nil)
			qs.connect("token", "InitialConnect", time.UnixMilli(1))
			if _, err := qs.apply(&Transition{End: versionAt(1, 1, 100), Modifications: []Modification{updated(0, `1`)}}); err != nil {
				t.Fatal(err)
			}
			qs.add(mustPath(t, "m:g"), []byte(`{}`), nil)
			qs.authenticate("token2")
			before, result := *qs, qs.queries[0].result
			changed, err := qs.apply(&Transition{Start: tt.start, End: tt.end, Modifications: []Modification{updated(0, `2`), updated(1, `3`)}})
			if tt.ok {
				if err != nil || !slices.Equal(changed, []QueryID{0, 1}) || qs.remote != tt.end || qs.maxObserved != tt.end.TS {
					t.Errorf("%v, %v, at %v", changed, err, qs.remote)
				}
				return
			}
			if !errors.Is(err, ErrProtocol) || changed != nil || !reflect.DeepEqual(*qs, before) || qs.queries[0].result != result || qs.queries[1].result != nil {
				t.Errorf("%v, %v: the state was touched", changed, err)
			}
		})
	}
}

func TestConfirmed(t *testing.T) {
	qs := newQuerySet(testSession)
	qs.add(mustPath(t, "m:f"), []byte(`{}`), nil)
	qs.connect("token", "InitialConnect", time.UnixMilli(1))
	for _, step := range []struct {
		end                 Version
		identity, confirmed bool
	}{
		{versionAt(0, 0, 1), false, false},
		{versionAt(1, 0, 1), false, false},
		{versionAt(1, 1, 1), true, true},
	} {
		if _, err := qs.apply(&Transition{Start: qs.remote, End: step.end}); err != nil {
			t.Fatal(err)
		}
		if qs.identityConfirmed() != step.identity || qs.confirmed() != step.confirmed {
			t.Errorf("at %v identity is confirmed %t and all is %t", step.end, qs.identityConfirmed(), qs.confirmed())
		}
	}
	qs.remove(0)
	if !qs.identityConfirmed() || qs.confirmed() {
		t.Error("an unanswered removal counts as confirmed, or unconfirms the identity")
	}
	qs.disconnect(0)
	if qs.identityConfirmed() || qs.confirmed() {
		t.Error("without a socket something is confirmed")
	}
}

// What counts as a change of a query's outcome.
func TestApplyReportsChangesOnly(t *testing.T) {
	logged := func(id QueryID, value string, lines ...string) Modification {
		m := updated(id, value)
		m.Result.LogLines = lines
		return m
	}
	thrown := func(message, data string) Modification {
		m := failed(0, message)
		if data != "" {
			m.Result.Err.Data = []byte(data)
		}
		return m
	}
	const a, b = "[Request ID: aaaaaaaaaaaaaaaa] Server Error", "[Request ID: bbbbbbbbbbbbbbbb] Server Error"
	for _, tt := range []struct {
		name         string
		first, again Modification
		changed      bool
	}{
		{"same value", updated(0, `[1]`), updated(0, `[1]`), false},
		{"other value", updated(0, `[1]`), updated(0, `[2]`), true},
		{"other log lines", logged(0, `1`, "x"), logged(0, `1`, "y"), true},
		{"same log lines", logged(0, `1`, "x"), logged(0, `1`, "x"), false},
		{"value, then error", updated(0, `1`), failed(0, "x"), true},
		{"error, then value", failed(0, "x"), updated(0, `1`), true},
		{"same error but for the request id", failed(0, a+"\nUncaught Error: boom\n"), failed(0, b+"\nUncaught Error: boom\n"), false},
		{"same redacted error", failed(0, a), failed(0, b), false},
		{"other error", failed(0, a+"\nUncaught Error: boom\n"), failed(0, b+"\nUncaught Error: bang\n"), true},
		{"same data", thrown(a, `{"code":1}`), thrown(b, `{"code":1}`), false},
		{"other data", thrown(a, `{"code":1}`), thrown(b, `{"code":2}`), true},
		{"data null, then none", thrown(a, `null`), thrown(b, ``), true},
		{"removed by the deployment", updated(0, `1`), Modification{ID: 0}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			qs := newQuerySetWith(t, 1)
			changed, err := qs.apply(&Transition{End: versionAt(1, 0, 10), Modifications: []Modification{tt.first}})
			if err != nil || len(changed) != 1 || qs.queries[0].result != tt.first.Result || tt.first.Result.Timestamp != 10 {
				t.Fatalf("first: %v, %v", changed, err)
			}
			changed, err = qs.apply(&Transition{Start: qs.remote, End: versionAt(1, 0, 20), Modifications: []Modification{tt.again}})
			if err != nil || (len(changed) == 1) != tt.changed {
				t.Errorf("again: %v, %v", changed, err)
			}
			want := tt.first.Result
			if tt.changed {
				want = tt.again.Result
			}
			if qs.queries[0].result != want {
				t.Errorf("the result is %+v", qs.queries[0].result)
			}
		})
	}
}

func TestEqualResultAfterReconnectIsNoChange(t *testing.T) {
	qs := newQuerySetWith(t, 2)
	first := &Transition{End: versionAt(1, 0, 10), Modifications: []Modification{updated(0, `1`), updated(1, `2`)}}
	if _, err := qs.apply(first); err != nil {
		t.Fatal(err)
	}
	qs.disconnect(0)
	qs.connect("", "InactiveServer", time.UnixMilli(1))
	changed, err := qs.apply(&Transition{End: versionAt(1, 0, 30), Modifications: []Modification{updated(0, `1`), updated(1, `3`)}})
	if err != nil || !slices.Equal(changed, []QueryID{1}) {
		t.Errorf("changed %v, %v", changed, err)
	}
}

func TestMaxObservedNeverGoesBack(t *testing.T) {
	qs := newQuerySetWith(t, 0)
	for _, tt := range []struct{ reached, want Timestamp }{{10, 10}, {5, 10}, {1 << 63, 1 << 63}, {11, 1 << 63}} {
		if _, err := qs.apply(&Transition{End: versionAt(1, 0, tt.reached)}); err != nil || qs.maxObserved != tt.want {
			t.Errorf("after %d: %d, %v; want %d", tt.reached, qs.maxObserved, err, tt.want)
		}
		qs.disconnect(0)
		qs.connect("", "x", time.UnixMilli(1))
	}
}

func TestResultsOfRemovedQueriesAreIgnored(t *testing.T) {
	qs := newQuerySetWith(t, 2)
	qs.remove(0)
	changed, err := qs.apply(&Transition{End: versionAt(1, 0, 10), Modifications: []Modification{updated(0, `1`), updated(1, `2`), updated(9, `3`)}})
	if err != nil || !slices.Equal(changed, []QueryID{1}) || qs.queries[0] != nil {
		t.Errorf("changed %v, %v", changed, err)
	}
	if id, _ := qs.add(mustPath(t, "m:f"), []byte(`{}`), nil); id != 2 {
		t.Errorf("the next id is %d: ids must not be used again", id)
	}
}

func TestNewestJournalGoesBack(t *testing.T) {
	qs := newQuerySetWith(t, 1)
	for i, journal := range []*string{new("a"), new("b"), nil, new("c")} {
		m := updated(0, `1`)
		m.Journal = journal
		if _, err := qs.apply(&Transition{Start: qs.remote, End: versionAt(1, 0, Timestamp(i+1)), Modifications: []Modification{m}}); err != nil {
			t.Fatal(err)
		}
		qs.disconnect(0)
		set := string(qs.connect("", "x", time.UnixMilli(1))[1])
		if journal == nil && strings.Contains(set, "journal") || journal != nil && !strings.Contains(set, `"journal":"`+*journal+`"`) {
			t.Errorf("after journal %d the set is %s", i, set)
		}
		qs.remote = versionAt(1, 0, Timestamp(i+1))
	}
}

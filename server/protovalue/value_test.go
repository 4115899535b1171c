package protovalue

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// valueTexts are seeds, and cases that always run.
var valueTexts = []string{
	`null`, `true`, `false`, `0`, `-0.0`, `1e308`, `5e-324`, `""`, `"a\u00e9\ud83d\ude00\n"`, `[]`, `{}`, `[[],{}]`, ` [ 1 , 2 ] `,
	`{"a":{"b":[1,"x",null]},"":0}`, `{"$integer":"AAAAAAAAAAA="}`, `[` + strings.Repeat(`"0123456789",`, 20) + `1]`,
	`{"long":"` + strings.Repeat("x", 20_000) + `"}`, nestedArrays(64), `[1,]`, `[,1]`, `{"a":1,}`, `{,"a":1}`, `{"a"}`, `1 2`, `tru`, `nul`,
	`"\ud800"`, "\"\xff\"", `[1`, `01`, `1.`, `+1`, ``, `{"a":1,"a":2}`, `NaN`, "\"\x00\"",
}

// checkTranscoder compares AppendField with the protobuf library's reading of the same text.
func checkTranscoder(t *testing.T, text []byte) {
	t.Helper()
	wire, err := AppendField(nil, 1, text)
	want := &structpb.Value{}
	wantErr := protojson.Unmarshal(text, want)
	if err != nil {
		if wantErr == nil {
			t.Fatalf("%.100q refused: %v", text, err)
		}
		return
	}
	got := &gatewayv1.SubscribeResponse{}
	if err := proto.Unmarshal(wire, got); err != nil {
		t.Fatalf("%.100q makes bad wire bytes: %v", text, err)
	}
	if wantErr != nil { // the library is stricter about duplicate keys only
		if !strings.Contains(wantErr.Error(), "duplicate") {
			t.Fatalf("%.100q accepted, but: %v", text, wantErr)
		}
		return
	}
	if !proto.Equal(got.GetValue(), want) {
		t.Fatalf("%.100q\ngot  %v\nwant %v", text, got.GetValue(), want)
	}
	if n := protowire.ConsumeFieldValue(1, protowire.BytesType, wire[1:]); n != len(wire)-1 {
		t.Fatalf("%.100q: lengths are not minimal", text)
	}
}

func TestAppendValueField(t *testing.T) {
	t.Parallel()
	for _, text := range valueTexts {
		checkTranscoder(t, []byte(text))
	}
	for _, length := range []int{0, 1, 100, 125, 126, 127, 128, 16_380, 16_383, 16_384, 1 << 21} { // around each width of a length
		checkTranscoder(t, fmt.Appendf(nil, `{"k":[%q]}`, strings.Repeat("x", length)))
	}
}

func TestAppendValueFieldBoundsDepth(t *testing.T) {
	t.Parallel()
	if _, err := AppendField(nil, 1, []byte(nestedArrays(100_000))); err == nil {
		t.Error("nesting has no bound")
	}
}

func FuzzAppendValueField(f *testing.F) {
	for _, text := range valueTexts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if strings.Count(string(text), "[")+strings.Count(string(text), "{") < MaxDepth {
			checkTranscoder(t, text)
		}
	})
}

// FuzzAppendStruct compares a Struct that the library has read with what it reads of AppendStruct's text.
func FuzzAppendStruct(f *testing.F) {
	for _, text := range valueTexts {
		f.Add([]byte(`{"value":` + text + `}`))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		want := &structpb.Struct{}
		if protojson.Unmarshal(text, want) != nil {
			return
		}
		written, err := AppendStruct(nil, want)
		if err != nil {
			return // NaN and the like, see TestBadArguments
		}
		got := &structpb.Struct{}
		if err := protojson.Unmarshal(written, got); err != nil || !proto.Equal(got, want) {
			t.Fatalf("%v\ngot  %s\nwant %v", err, written, want)
		}
	})
}

// listText returns a result like those of messages:list.
func listText(messages int) []byte {
	one := `{"_creationTime":1763860000000.25,"_id":"j57d2z8k4h6n9q1r3t5v7x","author":"ada","body":"Hello there, how are you?","channel":"general","id":"j57d2z8k4h6n9q1r3t5v7x"}`
	return []byte("[" + strings.TrimSuffix(strings.Repeat(one+",", messages), ",") + "]")
}

func BenchmarkJSONToValue(b *testing.B) {
	text := listText(50)
	b.Run("transcoder", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := AppendField(nil, 1, text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("protojson", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			value := &structpb.Value{}
			if err := protojson.Unmarshal(text, value); err != nil {
				b.Fatal(err)
			}
			if _, err := proto.Marshal(value); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkStructToJSON(b *testing.B) {
	text := append(append([]byte(`{"value":`), listText(50)...), '}')
	value := &structpb.Struct{}
	if err := protojson.Unmarshal(text, value); err != nil {
		b.Fatal(err)
	}
	b.Run("transcoder", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := AppendStruct(nil, value); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("protojson", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := protojson.Marshal(value); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func nestedArrays(levels int) string {
	return strings.Repeat("[", levels) + strings.Repeat("]", levels)
}

// What a value takes beyond its text is taken from the budget first: small numbers have several times their size on the wire.
func TestValueWithinBudget(t *testing.T) {
	t.Parallel()
	numbers := []byte("[" + strings.Repeat("1,", 100_000) + "1]")
	for name, tt := range map[string]struct {
		text     []byte
		budget   int64
		overrun  bool
		takeable bool // something is taken
	}{
		"numbers": {numbers, 10 << 20, false, true}, "too many numbers": {numbers, 512 << 10, true, true},
		"a string": {[]byte(`"` + strings.Repeat("x", 1<<20) + `"`), 1, false, false},
	} {
		hold := limit.NewBudget(tt.budget, 0, call.ErrOverloaded).Open("ada")
		taken := 0
		wire, err := AppendBoundedField(nil, 1, tt.text, func(n int) error {
			taken += n
			return hold.Take(n)
		})
		if errors.Is(err, call.ErrOverloaded) != tt.overrun || (taken > 0) != tt.takeable {
			t.Errorf("%s: %v, %d bytes are taken", name, err, taken)
		}
		if err == nil && cap(wire) > len(tt.text)*5/4+2*valueRoom+taken+len(tt.text)/8 {
			t.Errorf("%s: %d bytes of memory for %d of text, %d are taken", name, cap(wire), len(tt.text), taken)
		}
	}
}

package rpc

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/protovalue"
)

// BenchmarkValueOf transcodes 20 KB of JSON to the wire bytes of a Value, and does the same with the protobuf library.
func BenchmarkValueOf(b *testing.B) {
	const row = `{"_id":"j57020g30g2gc1r81450p30d1s7xevpq","_creationTime":1766000000123.5,"author":"ada","body":"She said: \"hello\" twice.","channel":"general"}`
	text := []byte("[" + strings.TrimSuffix(strings.Repeat(row+",", 20_000/len(row)), ",") + "]")
	b.Run("gateway", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := protovalue.AppendField(nil, subscribeValueField, text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("protojson", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			value := &structpb.Value{}
			err := protojson.Unmarshal(text, value)
			if err == nil {
				_, err = proto.Marshal(&gatewayv1.SubscribeResponse{Event: &gatewayv1.SubscribeResponse_Value{Value: value}})
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"convexgateway/cli/generate"
	"convexgateway/convex/spec"
	convexapp "convexgateway/examples/convex-app"
	"convexgateway/server/typed/model"
)

// typedClient calls the methods of an app's contract, as clients do that have its descriptors.
type typedClient struct {
	g     *gateway
	conn  grpc.ClientConnInterface
	files interface {
		FindDescriptorByName(protoreflect.FullName) (protoreflect.Descriptor, error)
	}
}

// typed returns a client with the contract as it is now.
func (g *gateway) typed() typedClient { return typedClient{g, g.conn, g.contract.API().Typed.Files()} }

// over returns the client over Connect or gRPC-Web.
func (c typedClient) over(t *testing.T, wire string) typedClient {
	g := *c.g
	g.t, c.g = t, &g
	c.conn = g.wireConn(wires[wire]...)
	return c
}

// method returns the descriptor of a method: messages.Messages.List.
func (c typedClient) method(name string) protoreflect.MethodDescriptor {
	c.g.t.Helper()
	found, err := c.files.FindDescriptorByName(protoreflect.FullName("convex.app." + name))
	if err != nil {
		c.g.t.Fatal(err)
	}
	return found.(protoreflect.MethodDescriptor)
}

func fullName(m protoreflect.MethodDescriptor) string {
	return "/" + string(m.Parent().FullName()) + "/" + string(m.Name())
}

// request returns a request of protobuf's JSON.
func (c typedClient) request(m protoreflect.MethodDescriptor, text string) proto.Message {
	c.g.t.Helper()
	message := dynamicpb.NewMessage(m.Input())
	if err := protojson.Unmarshal([]byte(text), message); err != nil {
		c.g.t.Fatal(err)
	}
	return message
}

// call makes a unary call. The response is as protobuf's JSON, compact.
func (c typedClient) call(ctx context.Context, name, request string, opts ...grpc.CallOption) (string, error) {
	m := c.method(name)
	response := dynamicpb.NewMessage(m.Output())
	err := c.conn.Invoke(ctx, fullName(m), c.request(m, request), response, opts...)
	return compactJSON(response), err
}

// mustCall is like call, and fails the test with an error.
func (c typedClient) mustCall(ctx context.Context, name, request string) string {
	c.g.t.Helper()
	response, err := c.call(ctx, name, request)
	if err != nil {
		c.g.t.Fatal(err)
	}
	return response
}

// typedStream is an open stream.
type typedStream struct {
	grpc.ClientStream
	t      *testing.T
	output protoreflect.MessageDescriptor
}

// subscribe opens a stream.
func (c typedClient) subscribe(ctx context.Context, name, request string) typedStream {
	c.g.t.Helper()
	m := c.method(name)
	stream, err := c.conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, fullName(m))
	if err == nil {
		err = stream.SendMsg(c.request(m, request))
	}
	if err == nil {
		err = stream.CloseSend()
	}
	if err != nil {
		c.g.t.Fatal(err)
	}
	return typedStream{stream, c.g.t, m.Output()}
}

// receive returns the next event as protobuf's JSON.
func (s typedStream) receive() (string, error) {
	event := dynamicpb.NewMessage(s.output)
	if err := s.RecvMsg(event); err != nil {
		return "", err
	}
	return compactJSON(event), nil
}

// next returns the next event that is not of the connection.
func (s typedStream) next() protoreflect.Message {
	s.t.Helper()
	for {
		event := dynamicpb.NewMessage(s.output)
		if err := s.RecvMsg(event); err != nil {
			s.t.Fatal(err)
		}
		if len(event.GetUnknown()) > 0 {
			s.t.Fatalf("an event has fields that the contract does not: %v", event)
		}
		if !event.Has(s.output.Fields().ByName("connection")) {
			return event
		}
	}
}

// field returns a field of a message as protobuf's JSON.
func field(m protoreflect.Message, name protoreflect.Name) string {
	fd := m.Descriptor().Fields().ByName(name)
	if fd.Message() != nil && !fd.IsList() {
		return compactJSON(m.Get(fd).Message().Interface())
	}
	return m.Get(fd).String()
}

// compactJSON returns a message as protobuf's JSON, without the white space that the library varies.
func compactJSON(m proto.Message) string {
	text, err := protojson.Marshal(m)
	if err != nil {
		return err.Error()
	}
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		return err.Error()
	}
	return b.String()
}

// sampleSpec is the spec of the sample app, changed.
func sampleSpec(t *testing.T, change func(*spec.Function)) *spec.Spec {
	t.Helper()
	text, err := fs.ReadFile(convexapp.API(), "spec.json")
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := spec.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for f := range s.All() {
		change(f)
	}
	return s
}

// writeContract generates a contract into a folder.
func writeContract(t *testing.T, dir string, s *spec.Spec) {
	t.Helper()
	output, err := generate.API(t.Context(), dir, s, model.Options{})
	if err == nil {
		_, err = output.Write()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// wantStreamedError fails the test unless what a query throws is an event of its stream.
func (c typedClient) wantStreamedError(t *testing.T, g *gateway) {
	t.Helper()
	failing := c.subscribe(g.context(), "messages.Messages.SubscribeList", `{"args":{"limit":-1}}`)
	if got := field(failing.next(), "function_error"); !strings.Contains(got, `"reason":"CONVEX_ERROR"`) {
		t.Errorf("%s", got)
	}
}

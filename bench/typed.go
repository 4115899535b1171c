package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"convexgateway/bench/load"
	"convexgateway/bench/payload"
	"convexgateway/bench/table"
	"convexgateway/bench/wire"
	"convexgateway/cli/generate"
	"convexgateway/convex/spec"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/typed"
	"convexgateway/server/typed/model"
)

// chatSpec has the functions that are measured, with the types of package wire.
const chatSpec = `[
	{"identifier":"messages.js:list","functionType":"Query","visibility":{"kind":"public"},"returns":` + chatResult + `,
		"args":{"type":"object","value":{"channel":{"fieldType":{"type":"string"},"optional":false}}}},
	{"identifier":"messages.js:live","functionType":"Query","visibility":{"kind":"public"},"returns":` + chatResult + `,
		"args":{"type":"object","value":{}}}]`

const chatResult = `{"type":"object","value":{"seq":{"fieldType":{"type":"number"},"optional":false},"messages":{"optional":false,"fieldType":
	{"type":"array","value":{"type":"object","value":{
		"_id":{"fieldType":{"type":"id","tableName":"messages"},"optional":false},"_creationTime":{"fieldType":{"type":"number"},"optional":false},
		"author":{"fieldType":{"type":"string"},"optional":false},"body":{"fieldType":{"type":"string"},"optional":false},
		"channel":{"fieldType":{"type":"string"},"optional":false}}}}}}}`

const typedService = "convex.app.messages.Messages"

// contract writes the contract of what is measured, and returns its folder and its descriptors.
func (b *bench) contract(ctx context.Context) (folder string, files *typed.Files, err error) {
	s, _, err := spec.Parse([]byte(chatSpec))
	if err != nil {
		return "", nil, err
	}
	folder = filepath.Join(b.dir, "api")
	output, err := generate.API(ctx, folder, s, model.Options{})
	if err != nil {
		return "", nil, err
	}
	if _, err := output.Write(); err != nil {
		return "", nil, err
	}
	api, err := typed.Compile(ctx, os.DirFS(folder), s)
	if err != nil {
		return "", nil, err
	}
	return folder, api.Files(), nil
}

// decodeTyped reads a message of the contract.
func decodeTyped(files *typed.Files, name string, wire []byte) (*dynamicpb.Message, error) {
	found, err := files.FindDescriptorByName(protoreflect.FullName("convex.app.messages." + name))
	if err != nil {
		return nil, err
	}
	m := dynamicpb.NewMessage(found.(protoreflect.MessageDescriptor))
	return m, proto.Unmarshal(wire, m)
}

// typedValue returns the result that a response has, as encoding/json decodes it.
func typedValue(response proto.Message) (any, error) {
	text, err := protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(response)
	if err != nil {
		return nil, err
	}
	var decoded struct {
		Value any `json:"value"`
	}
	return decoded.Value, json.Unmarshal(text, &decoded)
}

// typed measures methods of an app's contract, against the same functions in the Struct lane.
func (b *bench) typed(ctx context.Context) error {
	folder, files, err := b.contract(ctx)
	if err != nil {
		return err
	}
	if err := b.typedCalls(ctx, folder, files); err != nil {
		return err
	}
	return b.typedFanout(ctx, folder, files)
}

func (b *bench) typedCalls(ctx context.Context, folder string, files *typed.Files) error {
	up, plain, err := b.upstreamAndGateway(ctx)
	if err != nil {
		return err
	}
	g, err := b.gateway(ctx, up.url, "--api", folder)
	if err != nil {
		return err
	}
	ops := b.count(20_000, 300)
	value, err := grpcCaller("Struct lane", plain.Process, plain.grpc, gatewayv1.FunctionService_Query_FullMethodName, payload.StructRequest(), ops, payload.CheckValue)
	if err != nil {
		return err
	}
	found, err := files.FindDescriptorByName("convex.app.messages.ListRequest")
	if err != nil {
		return err
	}
	request := dynamicpb.NewMessage(found.(protoreflect.MessageDescriptor))
	if err := protojson.Unmarshal([]byte(wire.QueryArgs), request); err != nil {
		return err
	}
	methods, err := grpcCaller("gateway", g.Process, g.grpc, "/"+typedService+"/List", payload.Encode(request), ops, func(answer []byte) error {
		m, err := decodeTyped(files, "ListResponse", answer)
		if err != nil {
			return err
		}
		result, err := typedValue(m)
		if err != nil {
			return err
		}
		return payload.CheckResult(result)
	})
	if err != nil {
		return err
	}
	if err := b.inTurn(ctx, value, methods); err != nil {
		return err
	}
	what := fmt.Sprintf("typed Query over gRPC, 1 KiB, %d in flight", inFlight)
	b.add(table.Row{What: what, Unit: "CPU µs per call", Floor: value.name, There: value.cpu, Gateway: methods.cpu, Goal: table.AtMost(1.15)})
	b.add(table.Row{What: "the same, 1 in flight", Unit: "p50 µs", Floor: value.name, There: value.latency, Gateway: methods.latency})
	b.finish(ctx, plain)
	b.finish(ctx, g)
	return b.upstreamCalls(ctx, up)
}

func (b *bench) typedFanout(ctx context.Context, folder string, files *typed.Files) error {
	plainUp, plain, err := b.upstreamAndGateway(ctx)
	if err != nil {
		return err
	}
	up, err := b.upstream(ctx)
	if err != nil {
		return err
	}
	g, err := b.gateway(ctx, up.url, "--api", folder)
	if err != nil {
		return err
	}
	value := newStreamServer("Struct lane", plain.Process, plain.grpc, plainUp.feed, overGRPC)
	typedForm := form{
		open: overGRPC.open, decode: func(message []byte) (load.Event, error) { return typedEvent(files, message) },
		request: func(int, string) load.Request { return load.Request{Path: "/" + typedService + "/SubscribeLive"} },
	}
	gate := newStreamServer("gateway", g.Process, g.grpc, up.feed, typedForm)
	gate.shared = func(ctx context.Context) error { return b.oneQuery(ctx, up) }
	n := b.count(40, 3)
	all := []shape{
		{streams: b.count(1_000, 100), conns: 10, size: 2 << 10, rounds: 5 * n},
		{streams: b.count(10_000, 400), conns: b.count(100, 20), size: 2 << 10, rounds: n},
	}
	if err := b.alternate(ctx, all, value, gate); err != nil {
		return err
	}
	for _, sh := range all {
		what := "typed fan-out: " + sh.String()
		b.add(table.Row{What: what, Unit: cpuPerMessage, Floor: value.name, There: value.cpu[sh], Gateway: gate.cpu[sh], Goal: table.AtMost(1.1)})
		b.add(table.Row{What: what, Unit: lastStream, Floor: value.name, There: value.last[sh], Gateway: gate.last[sh]})
	}
	b.finish(ctx, plain)
	b.finish(ctx, g)
	return nil
}

// typedEvent decodes an event of SubscribeLive.
func typedEvent(files *typed.Files, message []byte) (load.Event, error) {
	m, err := decodeTyped(files, "LiveEvent", message)
	if err != nil {
		return load.Event{}, err
	}
	fields := m.Descriptor().Fields()
	e := load.Event{ResumeToken: m.Get(fields.ByName("resume_token")).String()}
	switch {
	case m.Has(fields.ByName("value")):
		e.HasValue = true
		e.Value, err = typedValue(m.Get(fields.ByName("value")).Message().Interface())
	case m.Has(fields.ByName("unchanged")):
		e.Unchanged = true
	case !m.Has(fields.ByName("connection")):
		err = fmt.Errorf("an event without a kind: %v", m)
	}
	return e, err
}

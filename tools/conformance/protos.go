package main

import (
	"context"
	"encoding/json"
	"path/filepath"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
)

// suite is the package of the suite's protos.
const suite = "connectrpc.conformance.v1"

// register compiles the suite's protos and registers their messages, so that they are found as if generated code were linked in.
func register(folder string) error {
	paths, err := filepath.Glob(filepath.Join(folder, "connectrpc/conformance/v1/*.proto"))
	if err != nil {
		return err
	}
	names := make([]string, len(paths))
	for i, path := range paths {
		if names[i], err = filepath.Rel(folder, path); err != nil {
			return err
		}
	}
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: []string{folder}})}
	files, err := compiler.Compile(context.Background(), names...)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := registerFile(file); err != nil {
			return err
		}
	}
	return nil
}

// registerFile registers a file after those that it imports.
func registerFile(compiled protoreflect.FileDescriptor) error {
	if _, err := protoregistry.GlobalFiles.FindFileByPath(compiled.Path()); err == nil {
		return nil
	}
	imports := compiled.Imports()
	for i := range imports.Len() {
		if err := registerFile(imports.Get(i).FileDescriptor); err != nil {
			return err
		}
	}
	file, err := protodesc.NewFile(protodesc.ToFileDescriptorProto(compiled), protoregistry.GlobalFiles)
	if err != nil {
		return err
	}
	if err := protoregistry.GlobalFiles.RegisterFile(file); err != nil {
		return err
	}
	return registerMessages(file.Messages())
}

func registerMessages(messages protoreflect.MessageDescriptors) error {
	for i := range messages.Len() {
		m := messages.Get(i)
		if err := protoregistry.GlobalTypes.RegisterMessage(dynamicpb.NewMessageType(m)); err != nil {
			return err
		}
		if err := registerMessages(m.Messages()); err != nil {
			return err
		}
	}
	return nil
}

// newMessage returns an empty message of the suite.
func newMessage(name string) proto.Message {
	kind, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(suite + "." + name))
	if err != nil {
		panic(err) // register has been called, with the protos of another suite
	}
	return kind.New().Interface()
}

// fill sets a message from its fields in JSON.
func fill(m proto.Message, fields any) error {
	text, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	return protojson.Unmarshal(text, m)
}

// dump writes a message as JSON into fields.
func dump(m proto.Message, fields any) error {
	text, err := protojson.Marshal(m)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, fields)
}

// enumNumber returns the number of an enum's value in the suite, from its name in JSON.
func enumNumber(text []byte) (protoreflect.EnumNumber, error) {
	var name protoreflect.Name
	if err := json.Unmarshal(text, &name); err != nil {
		return 0, err
	}
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(suite + "." + protoreflect.FullName(name))
	if err != nil {
		return 0, err
	}
	return found.(protoreflect.EnumValueDescriptor).Number(), nil
}

package typed_test

import (
	"testing"
	"testing/fstest"

	"google.golang.org/protobuf/reflect/protoreflect"

	"convexgateway/cli/generate"
	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/server/typed"
	"convexgateway/server/typed/model"
)

// contract is a compiled contract.
type contract struct {
	*typed.API
	t testing.TB
}

// compiled returns the contract that generate makes of a spec.
func compiled(t testing.TB, s *spec.Spec) contract {
	t.Helper()
	output, err := generate.API(t.Context(), t.TempDir(), s, model.Options{})
	if err != nil {
		t.Fatal(err)
	}
	api, err := typed.Compile(t.Context(), filesOf(output), s)
	if err != nil {
		t.Fatal(err)
	}
	return contract{api, t}
}

func filesOf(output generate.Output) fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range output.Files {
		files[name] = &fstest.MapFile{Data: text}
	}
	return files
}

// echo is a spec with one mutation whose argument `value` and whose result are of one validator. On the wire its request and its response
// are the same then.
func echo(v spec.Validator) *spec.Spec {
	path, _ := convex.ParsePath("m:f")
	return &spec.Spec{Modules: []spec.Module{{Path: "m", Functions: []spec.Function{{
		Path: path, Kind: convex.Mutation, Args: spec.Object{Fields: []spec.Field{{Name: "value", Type: v}}}, Returns: v,
	}}}}}
}

const echoMethod = "/convex.app.m.M/F"

// message returns a message of the contract.
func (c contract) message(name protoreflect.FullName) protoreflect.MessageDescriptor {
	c.t.Helper()
	found, err := c.Files().FindDescriptorByName(name)
	if err != nil {
		c.t.Fatal(err)
	}
	return found.(protoreflect.MessageDescriptor)
}

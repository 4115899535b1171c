package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"convexgateway/convex"
	"convexgateway/convex/spec"
)

// DefaultPackage is the package that those of an app are in.
const DefaultPackage = "convex.app"

// Options are how a model is built. The zero value is good.
type Options struct {
	Package   string // empty: as in the lock, or else DefaultPackage
	GoPackage string // the import path that all Go packages are in. empty: as in the lock, or else the package with slashes
	Prune     bool   // what is gone is removed, and its numbers and names are reserved; otherwise it is deprecated
}

// Build returns the model of a spec's public functions. What the lock has keeps its names and numbers, and of new things the first in
// byte order gets its name first. A package of another name than that of the lock begins without one.
func Build(s *spec.Spec, lock *Lock, o Options) (*Model, error) {
	b := builder{prune: o.Prune, model: &Model{HTTP: s.HTTP}, lock: lock.in(o.Package), packages: names{}}
	b.model.Package = cmp.Or(o.Package, b.lock.prefix(), DefaultPackage)
	b.model.GoPackage = cmp.Or(o.GoPackage, b.lock.goPrefix(), strings.ReplaceAll(b.model.Package, ".", "/"))
	if err := checkPackage(b.model.Package); err != nil {
		return nil, err
	}
	for _, m := range b.lock.modules {
		b.packages[string(m.file.Package())] = true
	}
	for _, module := range s.Public().Modules {
		b.module(module.Path, module.Functions)
	}
	if !o.Prune {
		for _, m := range b.lock.modules {
			if !b.has(m.module) {
				b.module(m.module, nil)
			}
		}
	}
	if b.full != nil {
		return nil, fmt.Errorf("no number is left in %s", b.full[0])
	}
	slices.SortFunc(b.model.Files, func(x, y *File) int { return cmp.Compare(x.Path, y.Path) })
	return b.model, nil
}

// checkPackage checks the name that a caller has chosen.
func checkPackage(name string) error {
	for part := range strings.SplitSeq(name, ".") {
		if snake(part, "x") != part {
			return fmt.Errorf("%q is no package: its parts must be lower_snake", name)
		}
	}
	return nil
}

// builder builds one model.
type builder struct {
	prune    bool
	model    *Model
	lock     *Lock
	packages names
	full     []string // messages that have no number left
}

func (b *builder) has(module string) bool {
	return slices.ContainsFunc(b.model.Files, func(f *File) bool { return f.Module == module })
}

// module adds the file of a module.
func (b *builder) module(path string, functions []spec.Function) {
	was := b.lock.find(path)
	f := fileBuilder{builder: b, file: &File{Module: path}, taken: names{}, rpcs: names{}, used: names{}, kept: map[*lockedMethod]bool{}}
	f.file.Package = b.packageOf(path, was)
	last := f.file.Package[strings.LastIndexByte(f.file.Package, '.')+1:]
	f.file.Path = strings.ReplaceAll(f.file.Package, ".", "/") + "/" + last + ".proto"
	f.file.Service = camel(last, "module")
	var methods []*lockedMethod
	if was != nil {
		f.locked, f.file.Service, methods = was.file, string(was.service.Name()), was.methods
		f.takeNames(was)
	} else {
		f.isNew("the file")
	}
	f.taken[f.file.Service] = true
	for i := range functions {
		f.function(&functions[i], methods)
	}
	if !b.prune {
		f.keepGone(methods)
	}
	slices.SortFunc(f.file.Methods, func(x, y *Method) int { return cmp.Compare(x.Name, y.Name) })
	slices.SortFunc(f.file.Messages, func(x, y *Message) int { return cmp.Compare(x.Name, y.Name) })
	b.model.Files = append(b.model.Files, f.file)
}

// packageOf returns the package of a module: by the lock, or a new one.
func (b *builder) packageOf(path string, was *lockedModule) string {
	if was != nil {
		return string(was.file.Package())
	}
	parts := []string{b.model.Package}
	for segment := range strings.SplitSeq(path, "/") {
		parts = append(parts, snake(segment, "module"))
	}
	free := b.packages.free(strings.Join(parts, "."), "_", nil)
	b.packages[free] = true
	return free
}

// fileBuilder builds the file of one module.
type fileBuilder struct {
	*builder
	file   *File
	locked protoreflect.FileDescriptor // nil: there is none
	taken  names                       // of messages and the service
	rpcs   names
	used   names // messages of the lock that have a place
	kept   map[*lockedMethod]bool
}

func (b *fileBuilder) takeNames(was *lockedModule) {
	for i := range was.file.Messages().Len() {
		b.taken[string(was.file.Messages().Get(i).Name())] = true
	}
	for _, m := range was.methods {
		b.rpcs[string(m.rpc.Name())] = true
	}
}

// function adds the methods of a function.
func (b *fileBuilder) function(f *spec.Function, methods []*lockedMethod) {
	name, was := b.method(f, methods, false)
	m := &Method{Name: name, Path: f.Path, Kind: f.Kind, Function: f}
	m.Request = b.request(name, f, was.input())
	m.Response = b.response(name, f, was.output())
	b.file.Methods = append(b.file.Methods, m)
	if f.Kind != convex.Query {
		return
	}
	name, was = b.method(f, methods, true)
	b.file.Methods = append(b.file.Methods, &Method{
		Name: name, Path: f.Path, Kind: f.Kind, Stream: true, Function: f,
		Request: b.subscribeRequest(name, m.Request, was.input()), Response: b.event(strings.TrimPrefix(name, twinPrefix), m.Response, was.output()),
	})
}

// twinPrefix is what the names of twins begin with.
const twinPrefix = "Subscribe"

// method returns the name of a function's method, and what the lock has of it; nil if that is nothing.
func (b *fileBuilder) method(f *spec.Function, methods []*lockedMethod, stream bool) (string, *lockedMethod) {
	for _, m := range methods {
		if m.path == f.Path && m.stream == stream {
			if m.kind != f.Kind {
				b.isNew("the kind of %s", m.rpc.Name())
			}
			b.kept[m] = true
			return string(m.rpc.Name()), m
		}
	}
	name := camel(f.Name(), "function")
	request, response := "Request", "Response"
	prefix := ""
	if stream {
		prefix, response = twinPrefix, "Event"
	}
	name = b.rpcs.free(prefix+name, "", func(candidate string) bool {
		return !b.taken[candidate+request] && !b.taken[strings.TrimPrefix(candidate, prefix)+response]
	})
	b.rpcs[name] = true
	b.isNew("the method %s", name)
	return name, nil
}

// request makes the message of a function's arguments.
func (b *fileBuilder) request(rpc string, f *spec.Function, was protoreflect.MessageDescriptor) *Message {
	args, declared := f.Args.(spec.Object)
	form := Object
	if !declared || len(args.Fields) > maxFields {
		form = Untyped
	}
	m, was := b.newMessage(rpc+"Request", form, was)
	m.Doc = "The arguments of " + f.Path.String() + "."
	if form == Untyped {
		b.fill(m, was, []want{fixed("args", 1, Slot{Kind: Struct, Doc: "The arguments, in Convex's encoded JSON."})})
		return m
	}
	b.objectFields(m, place{inner: rpc, depth: 1}, args, was)
	return m
}

// response makes the message of a function's result.
func (b *fileBuilder) response(rpc string, f *spec.Function, was protoreflect.MessageDescriptor) *Message {
	m, was := b.newMessage(rpc+"Response", Envelope, was)
	m.Doc = "The result of " + f.Path.String() + "."
	returns := f.Returns
	if returns == nil {
		returns = spec.Any
	}
	value := want{json: "value", name: "value", number: 1, slot: func(locked old) Slot {
		slot := b.field(place{message: rpc + "Result", inner: rpc, depth: 1}, returns, Required, locked)
		if f.Returns == nil {
			slot.Doc = "The result, in Convex's encoded JSON: the function does not declare it."
		}
		return slot
	}}
	wants := []want{value, fixed("log_lines", 2, Slot{Label: Repeated, Kind: String, Doc: "What the function logged. Production deployments send none."})}
	if f.Kind == convex.Mutation {
		wants = append(wants, fixed("commit_time", 3, Slot{Kind: Timestamp, Doc: "When the mutation was committed, by the deployment's clock. Unset where it is unknown."}))
	}
	b.fill(m, was, wants)
	return m
}

// subscribeRequest makes the request of a twin.
func (b *fileBuilder) subscribeRequest(rpc string, request *Message, was protoreflect.MessageDescriptor) *Message {
	m, was := b.newMessage(rpc+"Request", Envelope, was)
	m.Doc = "Names a query to follow."
	b.fill(m, was, []want{
		fixed("args", 1, Slot{Kind: OfMessage, Message: request, Doc: "The arguments. Unset: none."}),
		fixed("options", 2, Slot{Kind: SubscribeOptions, Doc: "What the stream has besides them."}),
	})
	return m
}

// event makes the message of a twin's events.
func (b *fileBuilder) event(name string, response *Message, was protoreflect.MessageDescriptor) *Message {
	m, was := b.newMessage(name+"Event", Envelope, was)
	m.Doc, m.Oneof = "An event of the query that is followed, as in convexgateway.v1.SubscribeResponse.", "event"
	member := func(name string, number int, slot Slot) want {
		w := fixed(name, number, slot)
		w.member = true
		return w
	}
	b.fill(m, was, []want{
		member("value", 1, Slot{Kind: OfMessage, Message: response, Doc: "The query's result."}),
		member("function_error", 3, Slot{Kind: FunctionError, Doc: "The query threw, or its result does not fit this contract. The stream stays open."}),
		member("unchanged", 4, Slot{Kind: Unchanged, Doc: "The result is still the one of the request's resume_token."}),
		member("connection", 5, Slot{Kind: Connection, Doc: "The state of the gateway's link to the deployment."}),
		fixed("resume_token", 6, Slot{Kind: String, Doc: "Identifies this result. Unset on connection events."}),
		fixed("read_time", 8, Slot{Kind: Timestamp, Doc: "The newest time at which the result is known to hold. Unset on connection events."}),
		fixed("identity_tag", 9, Slot{Kind: String, Doc: "A short hash of the identity that the result was computed for; empty for anonymous callers."}),
	})
	return m
}

// keepGone keeps the methods of the lock whose function is gone.
func (b *fileBuilder) keepGone(methods []*lockedMethod) {
	for _, m := range methods {
		if !b.kept[m] {
			b.file.Methods = append(b.file.Methods, &Method{
				Name: string(m.rpc.Name()), Path: m.path, Kind: m.kind, Stream: m.stream,
				Request: b.goneMessage(m.rpc.Input()), Response: b.goneMessage(m.rpc.Output()),
			})
		}
	}
}

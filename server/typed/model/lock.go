package model

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Lock is names and numbers that are in use: the proto files of a contract. The zero value has none.
type Lock struct {
	modules []*lockedModule // by module
}

// lockedModule is the file of a module.
type lockedModule struct {
	module  string
	file    protoreflect.FileDescriptor
	service protoreflect.ServiceDescriptor
	methods []*lockedMethod
}

// lockedMethod is an rpc. Its methods may be called on nil.
type lockedMethod struct {
	rpc    protoreflect.MethodDescriptor
	path   convex.Path
	kind   convex.Kind
	stream bool
}

func (m *lockedMethod) input() protoreflect.MessageDescriptor {
	if m == nil {
		return nil
	}
	return m.rpc.Input()
}

func (m *lockedMethod) output() protoreflect.MessageDescriptor {
	if m == nil {
		return nil
	}
	return m.rpc.Output()
}

// annotations is the import that all files of a contract have, and others in its folder do not.
const annotations = "convexgateway/v1/annotations.proto"

// Read reads the proto files of a contract's folder. Files of others are not looked at, and a folder that does not exist is empty.
func Read(ctx context.Context, folder fs.FS) (*Lock, error) {
	files, err := contractFiles(folder)
	if err != nil || len(files) == 0 {
		return &Lock{}, err
	}
	compiler := protocompile.Compiler{Resolver: protocompile.CompositeResolver{
		protocompile.ResolverFunc(ownFile),
		&protocompile.SourceResolver{Accessor: func(name string) (io.ReadCloser, error) { return folder.Open(name) }},
	}}
	compiled, err := compiler.Compile(ctx, files...)
	if err != nil {
		return nil, fmt.Errorf("the checked-in proto files: %w", err)
	}
	lock := &Lock{}
	for _, file := range compiled {
		m, err := readModule(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Path(), err)
		}
		lock.modules = append(lock.modules, m)
	}
	slices.SortFunc(lock.modules, func(a, b *lockedModule) int { return cmp.Compare(a.module, b.module) })
	for i, m := range lock.modules[1:] {
		if m.module == lock.modules[i].module {
			return nil, fmt.Errorf("%s and %s are of one module", lock.modules[i].file.Path(), m.file.Path())
		}
	}
	return lock, nil
}

// ownFile resolves imports of the gateway's own files and of protobuf's, as the gateway was built with them.
func ownFile(name string) (protocompile.SearchResult, error) {
	if !strings.HasPrefix(name, "convexgateway/") && !strings.HasPrefix(name, "google/protobuf/") {
		return protocompile.SearchResult{}, protoregistry.NotFound
	}
	file, err := protoregistry.GlobalFiles.FindFileByPath(name)
	return protocompile.SearchResult{Desc: file}, err
}

// maxFolders is how deep folders are looked at: deeper than the modules of an app, and not without end where a link leads back.
const maxFolders = 32

// contractFiles returns the paths of the proto files that a run has written. Links are followed, and what is hidden is left out: a volume of
// Kubernetes has its files in hidden folders, and links to them.
func contractFiles(folder fs.FS) ([]string, error) {
	files, err := filesBelow(folder, ".", maxFolders)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return files, err
}

func filesBelow(folder fs.FS, dir string, depth int) (files []string, err error) {
	entries, err := fs.ReadDir(folder, dir)
	if err != nil || depth == 0 {
		return nil, err
	}
	for _, entry := range entries {
		name := path.Join(dir, entry.Name())
		if strings.HasPrefix(entry.Name(), ".") || name == "convexgateway" {
			continue
		}
		info, err := fs.Stat(folder, name)
		if err != nil {
			return nil, err
		}
		var found []string
		if info.IsDir() {
			found, err = filesBelow(folder, name, depth-1)
		} else if isContract, readErr := isContractFile(folder, name); isContract || readErr != nil {
			found, err = []string{name}, readErr
		}
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	return files, nil
}

func isContractFile(folder fs.FS, name string) (bool, error) {
	if path.Ext(name) != ".proto" {
		return false, nil
	}
	text, err := fs.ReadFile(folder, name)
	return bytes.Contains(text, []byte(annotations)), err
}

func readModule(file protoreflect.FileDescriptor) (*lockedModule, error) {
	if file.Services().Len() != 1 {
		return nil, errors.New("there must be one service")
	}
	m := &lockedModule{file: file, service: file.Services().Get(0)}
	for i := range m.service.Methods().Len() {
		method, err := readMethod(m.service.Methods().Get(i))
		if err != nil {
			return nil, err
		}
		if m.module = method.path.Module(); i > 0 && m.module != m.methods[0].path.Module() {
			return nil, errors.New("its methods are of several modules")
		}
		m.methods = append(m.methods, method)
	}
	if m.methods == nil {
		return nil, errors.New("the service has no method")
	}
	return m, nil
}

func readMethod(rpc protoreflect.MethodDescriptor) (*lockedMethod, error) {
	var options descriptorpb.MethodOptions
	if err := reread(rpc.Options(), &options); err != nil {
		return nil, err
	}
	function, _ := proto.GetExtension(&options, gatewayv1.E_Function).(*gatewayv1.Function)
	kind, ok := convexKinds[function.GetKind()]
	if !ok {
		return nil, fmt.Errorf("%s has no option convexgateway.v1.function", rpc.Name())
	}
	path, err := convex.ParsePath(function.GetPath())
	if err != nil {
		return nil, err
	}
	return &lockedMethod{rpc: rpc, path: path, kind: kind, stream: rpc.IsStreamingServer()}, nil
}

var convexKinds = map[gatewayv1.FunctionKind]convex.Kind{
	gatewayv1.FunctionKind_FUNCTION_KIND_QUERY:    convex.Query,
	gatewayv1.FunctionKind_FUNCTION_KIND_MUTATION: convex.Mutation,
	gatewayv1.FunctionKind_FUNCTION_KIND_ACTION:   convex.Action,
}

// reread copies options whose extensions may be of other types than those of the gateway's own code.
func reread(options, to proto.Message) error {
	wire, err := proto.Marshal(options)
	if err != nil {
		return err
	}
	return proto.Unmarshal(wire, to)
}

// discriminatorOf returns the field that decides on the members of a union; empty without one.
func discriminatorOf(m protoreflect.MessageDescriptor) string {
	if oneofOf(m) == "" {
		return ""
	}
	var options descriptorpb.OneofOptions
	if reread(m.Oneofs().Get(0).Options(), &options) != nil {
		return ""
	}
	name, _ := proto.GetExtension(&options, gatewayv1.E_Discriminator).(string)
	return name
}

// oneofOf returns the name of a message's oneof; empty without one.
func oneofOf(m protoreflect.MessageDescriptor) string {
	if m == nil || m.Oneofs().Len() == 0 || m.Oneofs().Get(0).IsSynthetic() {
		return "" // those of optional fields come last
	}
	return string(m.Oneofs().Get(0).Name())
}

// jsonOf returns a field's name in Convex.
func jsonOf(fd protoreflect.FieldDescriptor) string {
	var options descriptorpb.FieldOptions
	if reread(fd.Options(), &options) == nil {
		if name, _ := proto.GetExtension(&options, gatewayv1.E_ConvexName).(string); name != "" {
			return name
		}
	}
	return fd.JSONName()
}

func isDeprecated(fd protoreflect.FieldDescriptor) bool {
	options, _ := fd.Options().(*descriptorpb.FieldOptions)
	return options.GetDeprecated()
}

// find returns the file of a module, nil if there is none.
func (l *Lock) find(module string) *lockedModule {
	for _, m := range l.modules {
		if m.module == module {
			return m
		}
	}
	return nil
}

// in returns the modules of a package; an empty one has all.
func (l *Lock) in(pkg string) *Lock {
	if l == nil || pkg != "" && l.prefix() != pkg {
		return &Lock{}
	}
	return l
}

// prefix returns the package that all are in; empty without modules.
func (l *Lock) prefix() string {
	if len(l.modules) == 0 {
		return ""
	}
	m := l.modules[0]
	parts := strings.Split(string(m.file.Package()), ".")
	return strings.Join(parts[:max(0, len(parts)-1-strings.Count(m.module, "/"))], ".")
}

// goPrefix returns the import path that all Go packages are in; empty without modules.
func (l *Lock) goPrefix() string {
	if len(l.modules) == 0 {
		return ""
	}
	m := l.modules[0]
	options, _ := m.file.Options().(*descriptorpb.FileOptions)
	name, _, _ := strings.Cut(options.GetGoPackage(), ";")
	parts := strings.Split(name, "/")
	return strings.Join(parts[:max(0, len(parts)-1-strings.Count(m.module, "/"))], "/")
}

// Files returns the files of the lock, for reflection.
func (l *Lock) Files() (files []protoreflect.FileDescriptor) {
	for _, m := range l.modules {
		files = append(files, m.file)
	}
	return files
}

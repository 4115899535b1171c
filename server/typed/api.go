package typed

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"convexgateway/convex/jsonscan"
	"convexgateway/convex/spec"
	"convexgateway/server/typed/model"
)

var syntaxErrors = []error{jsonscan.ErrUnexpectedEnd, jsonscan.ErrSyntax, jsonscan.ErrNotUTF8, jsonscan.ErrSurrogate, jsonscan.ErrNumberRange}

// maxNamed is how many differences between proto files and spec an error names.
const maxNamed = 5

// Compile compiles the proto files of a contract's folder, whose functions are those of a spec. A folder without proto files has no
// methods. It fails if the files lack something that the spec has.
func Compile(ctx context.Context, folder fs.FS, s *spec.Spec) (*API, error) {
	lock, err := model.Read(ctx, folder)
	if err != nil {
		return nil, err
	}
	a := &API{methods: map[string]*Method{}, files: newFiles(lock.Files())}
	if len(lock.Files()) == 0 {
		return a, nil
	}
	m, err := model.Build(s, lock, model.Options{})
	if err != nil {
		return nil, err
	}
	if lacking := m.New; len(lacking) > 0 {
		return nil, fmt.Errorf("the proto files are not made of spec.json, run convexgateway generate: they lack %s",
			strings.Join(lacking[:min(len(lacking), maxNamed)], ", "))
	}
	for _, file := range m.Files {
		for _, method := range file.Methods {
			compiled, err := newMethod(file, method)
			if err != nil {
				return nil, err
			}
			found, err := a.files.own.FindDescriptorByName(protoreflect.FullName(strings.ReplaceAll(compiled.Name[1:], "/", ".")))
			if err != nil {
				return nil, err
			}
			compiled.rpc = found.(protoreflect.MethodDescriptor)
			a.methods[compiled.Name] = compiled
		}
	}
	return a, nil
}

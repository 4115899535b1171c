package typed

import (
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// Files are the descriptors of a contract, with those of the gateway itself. Safe for concurrent use.
type Files struct{ own *protoregistry.Files } // nil: only those of the gateway

func newFiles(files []protoreflect.FileDescriptor) *Files {
	f := &Files{own: &protoregistry.Files{}}
	for _, file := range files {
		_ = f.own.RegisterFile(file) // of a name that the gateway's own have, those are found
	}
	return f
}

// FindFileByPath implements [protodesc.Resolver].
func (f *Files) FindFileByPath(path string) (protoreflect.FileDescriptor, error) {
	if file, err := protoregistry.GlobalFiles.FindFileByPath(path); err == nil {
		return file, nil
	}
	return f.own.FindFileByPath(path)
}

// FindDescriptorByName implements [protodesc.Resolver].
func (f *Files) FindDescriptorByName(name protoreflect.FullName) (protoreflect.Descriptor, error) {
	if found, err := protoregistry.GlobalFiles.FindDescriptorByName(name); err == nil {
		return found, nil
	}
	return f.own.FindDescriptorByName(name)
}

// Files returns the descriptors of the contract.
func (a *API) Files() *Files {
	if a == nil {
		return &Files{}
	}
	return a.files
}

// Services returns the full names of the contract's services.
func (a *API) Services() (names []string) {
	a.Files().own.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			names = append(names, string(file.Services().Get(i).FullName()))
		}
		return true
	})
	return names
}

package generate

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"convexgateway/convex/spec"
	"convexgateway/proto"
	"convexgateway/server/contract"
	"convexgateway/server/openapi/functions"
	"convexgateway/server/typed/model"
)

// manifestFile is the manifest of folders.
const manifestFile = "manifest.json"

// API returns the folder of an app's typed contract. The proto files that are there are the lock.
func API(ctx context.Context, dir string, s *spec.Spec, o model.Options) (Output, error) {
	lock, err := model.Read(ctx, os.DirFS(dir))
	if err != nil {
		return Output{}, fmt.Errorf("%s: %w", dir, err)
	}
	m, err := model.Build(s, lock, o)
	if err != nil {
		return Output{}, err
	}
	files := protoFiles(m)
	if len(files) > 0 {
		maps.Copy(files, proto.Files())
	}
	files[contract.SpecFile] = s.Public().JSON()
	return Output{Dir: dir, Manifest: manifestFile, Files: files}, nil
}

// OpenAPI returns the OpenAPI document of an app's functions.
func OpenAPI(file string, s *spec.Spec) Output {
	return Output{Dir: filepath.Dir(file), Files: map[string][]byte{filepath.Base(file): functions.Document(s.Public())}}
}

package generate

import (
	"path/filepath"

	"convexgateway/convex/spec"
	"convexgateway/server/contract"
	"convexgateway/server/openapi/functions"
)

// manifestFile is the manifest of folders.
const manifestFile = "manifest.json"

// API returns the folder of an app's typed contract.
func API(dir string, s *spec.Spec) Output {
	return Output{Dir: dir, Manifest: manifestFile, Files: map[string][]byte{contract.SpecFile: s.Public().JSON()}}
}

// OpenAPI returns the OpenAPI document of an app's functions.
func OpenAPI(file string, s *spec.Spec) Output {
	return Output{Dir: filepath.Dir(file), Files: map[string][]byte{filepath.Base(file): functions.Document(s.Public())}}
}

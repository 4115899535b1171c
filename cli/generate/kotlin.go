package generate

import (
	"context"
	"fmt"
	"os"

	"convexgateway/cli/generate/kotlin"
	"convexgateway/convex/spec"
	"convexgateway/server/typed/model"
)

// kotlinManifest is the manifest of a folder of Kotlin, beside which sources of others may be.
const kotlinManifest = "convexgateway.json"

// Kotlin returns the folder of an app's functions in Kotlin, the root of its sources, and what of them has no types.
//
// The contract in the folder api is the lock: it gives the order of parameters and fields. Without one, api is "", they are in the order of
// their names. The schema may be nil.
func Kotlin(ctx context.Context, dir, pkg, api string, s *spec.Spec, schema *spec.Schema) (Output, []spec.Warning, error) {
	lock := &model.Lock{}
	if api != "" {
		var err error
		if lock, err = model.Read(ctx, os.DirFS(api)); err != nil {
			return Output{}, nil, fmt.Errorf("%s: %w", api, err)
		}
	}
	m, err := model.Build(s, lock, model.Options{})
	if err != nil {
		return Output{}, nil, err
	}
	files, warnings, err := kotlin.Files(s, schema, m, pkg)
	return Output{Dir: dir, Manifest: kotlinManifest, Files: files}, warnings, err
}

// Schema reads the file of a schema.
func Schema(file string) (*spec.Schema, []spec.Warning, error) {
	text, err := os.ReadFile(file) //nolint:gosec // the operator's choice
	if err != nil {
		return nil, nil, err
	}
	return spec.ParseSchema(text)
}

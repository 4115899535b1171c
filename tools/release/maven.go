package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// copyMaven copies a Maven repository, which must have the client in the release's version.
func (r *release) copyMaven(from string) error {
	client := filepath.Join(from, "com/convexgateway/convexgateway-client", r.version)
	if _, err := os.Stat(client); err != nil {
		return fmt.Errorf("clients/kotlin/publish has not made version %s there: %w", r.version, err)
	}
	return os.CopyFS(filepath.Join(r.out, "maven"), os.DirFS(from))
}

package main

import (
	"bufio"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// writeBOM writes what a binary is made of beside it: its modules with their licenses, and Go.
func (r *release) writeBOM(b binary) error {
	info, err := buildinfo.ReadFile(b.path)
	if err != nil {
		return err
	}
	licenses, err := r.licenses()
	if err != nil {
		return err
	}
	components := []cdx.Component{component("std", strings.TrimPrefix(info.GoVersion, "go"), "BSD-3-Clause")}
	for _, module := range info.Deps {
		license := licenses[module.Path+" "+module.Version]
		if license == "" {
			return fmt.Errorf("docs/licenses.md has no %s %s", module.Path, module.Version)
		}
		components = append(components, component(module.Path, module.Version, license))
	}
	main := component("convexgateway", "v"+r.version, "Apache-2.0")
	main.Type = cdx.ComponentTypeApplication
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Timestamp: r.time.Format("2006-01-02T15:04:05Z"), Component: &main}
	bom.Components = &components
	file, err := os.Create(strings.TrimSuffix(b.path, ".exe") + ".cdx.json")
	if err != nil {
		return err
	}
	err = cdx.NewBOMEncoder(file, cdx.BOMFileFormatJSON).SetPretty(true).Encode(bom)
	return errors.Join(err, file.Close())
}

// component returns a Go module with its package URL.
func component(name, version, license string) cdx.Component {
	url := fmt.Sprintf("pkg:golang/%s@%s", name, version)
	return cdx.Component{
		Type: cdx.ComponentTypeLibrary, BOMRef: url, PackageURL: url, Name: name, Version: version,
		Licenses: &cdx.Licenses{{License: &cdx.License{ID: license}}},
	}
}

// licenses reads docs/licenses.md, which .ci/supply checks: the SPDX id of each module with its version.
func (r *release) licenses() (map[string]string, error) {
	file, err := os.Open(filepath.Join(r.root, "docs/licenses.md"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	found := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if cells := strings.Split(lines.Text(), " | "); len(cells) == 3 {
			found[strings.TrimPrefix(cells[0], "| ")+" "+cells[1]] = strings.TrimSuffix(cells[2], " |")
		}
	}
	return found, lines.Err()
}

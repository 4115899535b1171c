package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/registry"
)

// writeChart writes the chart with the release's version, as an archive and as a layout.
func (r *release) writeChart() (v1.Image, error) {
	chart, err := loader.Load(filepath.Join(r.root, "deploy/kubernetes"))
	if err != nil {
		return nil, err
	}
	chart.Metadata.Version, chart.Metadata.AppVersion = r.version, r.version
	chart.ModTime, chart.SchemaModTime = r.time, r.time
	for _, files := range [][]*common.File{chart.Raw, chart.Templates, chart.Files} {
		for _, f := range files {
			f.ModTime = r.time
		}
	}
	path, err := chartutil.Save(chart, r.out)
	if err != nil {
		return nil, err
	}
	archive, err := os.ReadFile(path) //nolint:gosec // written above
	if err != nil {
		return nil, err
	}
	config, err := json.Marshal(chart.Metadata)
	if err != nil {
		return nil, err
	}
	image, err := newArtifact(config, static.NewLayer(archive, registry.ChartLayerMediaType))
	if err != nil {
		return nil, err
	}
	folder, err := layout.Write(filepath.Join(r.out, "chart"), empty.Index)
	if err != nil {
		return nil, err
	}
	return image, folder.AppendImage(image)
}

// artifact is a chart as a registry has it: an image whose configuration is the chart's metadata.
type artifact struct {
	config, manifest []byte
	layer            v1.Layer
}

func newArtifact(config []byte, layer v1.Layer) (v1.Image, error) {
	described, err := partial.Descriptor(layer)
	if err != nil {
		return nil, err
	}
	digest, size, err := v1.SHA256(bytes.NewReader(config))
	if err != nil {
		return nil, err
	}
	manifest, err := json.Marshal(v1.Manifest{
		SchemaVersion: 2, MediaType: types.OCIManifestSchema1,
		Config: v1.Descriptor{MediaType: registry.ConfigMediaType, Size: size, Digest: digest}, Layers: []v1.Descriptor{*described},
	})
	if err != nil {
		return nil, err
	}
	return partial.CompressedToImage(artifact{config, manifest, layer})
}

// MediaType implements partial.CompressedImageCore, as the methods below.
func (artifact) MediaType() (types.MediaType, error) { return types.OCIManifestSchema1, nil }

// RawConfigFile returns the chart's metadata.
func (a artifact) RawConfigFile() ([]byte, error) { return a.config, nil }

// RawManifest returns the manifest.
func (a artifact) RawManifest() ([]byte, error) { return a.manifest, nil }

// LayerByDigest returns the chart's archive.
func (a artifact) LayerByDigest(digest v1.Hash) (partial.CompressedLayer, error) {
	if own, err := a.layer.Digest(); err != nil || own != digest {
		return nil, fmt.Errorf("no layer %s: %w", digest, err)
	}
	return a.layer, nil
}

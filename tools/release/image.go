package main

import (
	"archive/tar"
	"bytes"
	"encoding/pem"
	"io"
	"os"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// nobody is the user of the image, and of the chart's pods.
const nobody = "65532"

// writeImage writes an index of one image for each binary for Linux.
func (r *release) writeImage(binaries []binary) (v1.ImageIndex, error) {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, b := range binaries {
		if b.os != "linux" {
			continue
		}
		image, err := r.image(b)
		if err != nil {
			return nil, err
		}
		platform := &v1.Platform{OS: b.os, Architecture: b.arch}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: platform}})
	}
	_, err := layout.Write(filepath.Join(r.out, "image"), index)
	return index, err
}

// image returns the image of a binary: it, and in a layer of their own what else it needs.
func (r *release) image(b binary) (v1.Image, error) {
	program, err := os.ReadFile(b.path)
	if err != nil {
		return nil, err
	}
	base := []entry{
		{"etc/passwd", 0o644, []byte("nobody:x:" + nobody + ":" + nobody + ":nobody:/:/sbin/nologin\n")},
		{"etc/group", 0o644, []byte("nobody:x:" + nobody + ":\n")},
		{"etc/ssl/certs/ca-certificates.crt", 0o644, authorities()},
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	for _, entries := range [][]entry{base, {{"convexgateway", 0o755, program}}} {
		layer, err := r.layer(entries)
		if err != nil {
			return nil, err
		}
		if image, err = mutate.AppendLayers(image, layer); err != nil {
			return nil, err
		}
	}
	return mutate.ConfigFile(image, r.config(b, image))
}

// config returns the image's configuration, which has the layers of an image so far.
func (r *release) config(b binary, image v1.Image) *v1.ConfigFile {
	config, err := image.ConfigFile()
	if err != nil {
		panic(err) // it was made here
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = b.os, b.arch, v1.Time{Time: r.time}
	for i := range config.History {
		config.History[i] = v1.History{Created: v1.Time{Time: r.time}, CreatedBy: "tools/release"}
	}
	config.Config = v1.Config{
		User:       nobody + ":" + nobody,
		Entrypoint: []string{"/convexgateway"}, Cmd: []string{"serve"},
		Env:          []string{"CONVEXGATEWAY_GRPC_ADDR=:50051", "CONVEXGATEWAY_HTTP_ADDR=:8080", "CONVEXGATEWAY_ADMIN_ADDR=:9090"},
		ExposedPorts: map[string]struct{}{"50051/tcp": {}, "8080/tcp": {}, "9090/tcp": {}},
		Labels: map[string]string{
			"org.opencontainers.image.title": "Convex Gateway", "org.opencontainers.image.version": r.version,
			"org.opencontainers.image.revision": r.commit, "org.opencontainers.image.licenses": "Apache-2.0",
		},
	}
	return config
}

// entry is a file of a layer.
type entry struct {
	name string
	mode int64
	text []byte
}

// layer returns a layer of files and the folders above them, which belong to root.
func (r *release) layer(entries []entry) (v1.Layer, error) {
	var text bytes.Buffer
	archive := tar.NewWriter(&text)
	made := map[string]bool{".": true}
	var folders func(name string) error
	folders = func(name string) error {
		if made[name] {
			return nil
		}
		made[name] = true
		if err := folders(filepath.Dir(name)); err != nil {
			return err
		}
		return archive.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: 0o755, ModTime: r.time})
	}
	for _, e := range entries {
		if err := folders(filepath.Dir(e.name)); err != nil {
			return nil, err
		}
		if err := archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: e.name, Mode: e.mode, Size: int64(len(e.text)), ModTime: r.time}); err != nil {
			return nil, err
		}
		if _, err := archive.Write(e.text); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	opener := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text.Bytes())), nil }
	return tarball.LayerFromOpener(opener, tarball.WithMediaType(types.OCILayer))
}

// authorities returns Mozilla's list, as Go's project publishes it, without those that are not trusted for new certificates: a
// file of certificates cannot say that.
func authorities() []byte {
	var text bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			_ = pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}) // a buffer takes all
		}
	}
	return text.Bytes()
}

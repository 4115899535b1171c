package main

import (
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	helmregistry "helm.sh/helm/v4/pkg/registry"
)

func testRelease(t *testing.T) *release {
	t.Helper()
	r, err := newRelease(t.Context(), settings{root: "../..", out: t.TempDir(), version: "v1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// testImage makes the image of a text in place of a program.
func testImage(t *testing.T, r *release) v1.ImageIndex {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("program"), 0o600); err != nil {
		t.Fatal(err)
	}
	index, err := r.writeImage([]binary{{"linux", "amd64", path}, {"darwin", "arm64", "no image is made of it"}, {"linux", "arm64", path}})
	if err != nil {
		t.Fatal(err)
	}
	return index
}

// Two runs make the same bytes.
func TestReproducible(t *testing.T) {
	var sums []string
	for range 2 {
		r := testRelease(t)
		testImage(t, r)
		if _, err := r.writeChart(); err != nil {
			t.Fatal(err)
		}
		if err := writeChecksums(r.out); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(r.out, "SHA256SUMS"))
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, string(text))
	}
	if sums[0] != sums[1] || !strings.Contains(sums[0], "  image/index.json\n") || !strings.Contains(sums[0], "  convexgateway-1.2.3.tgz\n") {
		t.Errorf("%s\nand then\n%s", sums[0], sums[1])
	}
}

// A registry takes image and chart; Helm reads the chart from it, and the image is there for each architecture.
func TestPush(t *testing.T) {
	server := httptest.NewServer(registry.New())
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	r := testRelease(t)
	image := testImage(t, r)
	chart, err := r.writeChart()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.push(t.Context(), host+"/platform", image, chart, io.Discard); err != nil {
		t.Fatal(err)
	}

	ref, err := name.ParseReference(host + "/platform/convexgateway:1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	for _, arch := range []string{"amd64", "arm64"} {
		found, err := remote.Image(ref, remote.WithPlatform(v1.Platform{OS: "linux", Architecture: arch}))
		if err != nil {
			t.Fatal(err)
		}
		config, err := found.ConfigFile()
		if err != nil || config.Architecture != arch || config.Config.User != "65532:65532" {
			t.Errorf("%s: %+v, %v", arch, config, err)
		}
	}
	client, err := helmregistry.NewClient(helmregistry.ClientOptPlainHTTP(), helmregistry.ClientOptWriter(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	pulled, err := client.Pull(host + "/platform/charts/convexgateway:1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	if m := pulled.Chart.Meta; m.Name != "convexgateway" || m.Version != "1.2.3" || m.AppVersion != "1.2.3" || pulled.Chart.Size == 0 {
		t.Errorf("%+v, %d bytes", m, pulled.Chart.Size)
	}
}

// A release needs a version, and an empty folder; a Maven folder must have the version.
func TestRefused(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, s := range map[string]settings{
		"-out is missing": {root: "../..", version: "v1.2.3"},
		"is no version":   {root: "../..", version: "1.2", out: t.TempDir()},
		"is not empty":    {root: "../..", version: "v1.2.3", out: full},
	} {
		if _, err := newRelease(t.Context(), s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	r := testRelease(t)
	if err := r.copyMaven(full); err == nil {
		t.Error("a Maven folder without the version is taken")
	}
	client := filepath.Join(full, "com/convexgateway/convexgateway-client/1.2.3")
	if err := os.MkdirAll(client, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := r.copyMaven(full); err != nil {
		t.Error(err)
	}
}

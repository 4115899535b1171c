package main

import (
	"context"
	"fmt"
	"io"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// push writes image and chart to a registry, under tags of the version. Over a loopback address it speaks HTTP.
func (r *release) push(ctx context.Context, prefix string, image v1.ImageIndex, chart v1.Image, out io.Writer) error {
	options := []remote.Option{remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain)}
	for path, write := range map[string]func(name.Reference) error{
		"/convexgateway":        func(ref name.Reference) error { return remote.WriteIndex(ref, image, options...) },
		"/charts/convexgateway": func(ref name.Reference) error { return remote.Write(ref, chart, options...) },
	} {
		ref, err := name.NewTag(prefix + path + ":" + r.version)
		if err != nil {
			return err
		}
		if err := write(ref); err != nil {
			return fmt.Errorf("%s: %w", ref, err)
		}
		fmt.Fprintln(out, "pushed", ref)
	}
	return nil
}

package generate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/server/openapi/functions"
)

// Source is where a function spec comes from: Spec, or else ConvexURL.
type Source struct {
	Spec      string // a file, or the URL of a gateway that serves the spec
	ConvexURL string // a deployment
	DeployKey string // of the deployment; a secret
}

// fetchLimit is how long a spec may take over the network.
const fetchLimit = 30 * time.Second

// Read returns the spec of a source, and what of it could not be read.
func (s Source) Read(ctx context.Context) (*spec.Spec, []spec.Warning, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchLimit)
	defer cancel()
	read := s.deployment
	switch {
	case strings.HasPrefix(s.Spec, "http://"), strings.HasPrefix(s.Spec, "https://"):
		read = s.gateway
	case s.Spec != "":
		read = func(context.Context) ([]byte, error) { return os.ReadFile(s.Spec) }
	}
	text, err := read(ctx)
	if err != nil {
		return nil, nil, err
	}
	return spec.Parse(text)
}

// gateway fetches the spec that a gateway serves.
func (s Source) gateway(ctx context.Context) ([]byte, error) {
	u, err := url.Parse(s.Spec)
	if err != nil {
		return nil, errors.New("the spec's URL is not a URL")
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = functions.Root
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	defer client.CloseIdleConnections()
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers HTTP %d: has the gateway --api?", u.Redacted(), resp.StatusCode)
	}
	return io.ReadAll(io.LimitReader(resp.Body, spec.MaxSize+1))
}

// deployment fetches the spec of a deployment.
func (s Source) deployment(ctx context.Context) ([]byte, error) {
	client, err := convex.NewHTTPClient(s.ConvexURL, convex.HTTPOptions{})
	if err != nil {
		return nil, err
	}
	defer client.Close()
	return spec.Fetch(ctx, client, s.DeployKey)
}

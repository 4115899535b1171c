package keys

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

const (
	maxDocumentBytes = 64 << 10
	maxRedirects     = 3
)

// NewClient returns the client that fetches keys, and the function that closes it. It has the transport of a given client, or one
// of its own, and follows redirects within a host only.
func NewClient(given *http.Client) (client *http.Client, done func()) {
	if given != nil {
		return withinHost(given), func() {}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	return withinHost(&http.Client{Transport: transport}), transport.CloseIdleConnections
}

func withinHost(client *http.Client) *http.Client {
	own := *client
	own.CheckRedirect = sameHostOnly
	return &own
}

// fetchBounded reads a document of at most 64 KiB.
func fetchBounded(ctx context.Context, client *http.Client, location string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, location, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("HTTP status %d", res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxDocumentBytes+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxDocumentBytes {
		return nil, errors.New("larger than 64 KiB")
	}
	return body, nil
}

// sameHostOnly is an http.Client.CheckRedirect: a key set comes from the issuer's own host,
// and never by a less secure way.
func sameHostOnly(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	if req.URL.Host != first.Host || req.URL.Scheme != first.Scheme {
		return errors.New("key set: redirected to another host")
	}
	if len(via) > maxRedirects {
		return errors.New("key set: too many redirects")
	}
	return nil
}

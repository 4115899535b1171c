package auth

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// Published fetches what an issuer publishes, as the gateway and the deployment do: the discovery document,
// unless Keys is set, and the keys. It returns the ids of the usable keys.
func (is Issuer) Published(ctx context.Context, client *http.Client) (keyIDs []string, err error) {
	keys, err := is.fetch(ctx, withinHost(client))
	return slices.Sorted(maps.Keys(keys)), err
}

// ClerkPublished is the same for a Clerk issuer. The gateway needs no discovery for its keys, but the deployment does.
func ClerkPublished(ctx context.Context, issuer string, client *http.Client) (keyIDs []string, err error) {
	client = withinHost(client)
	issuer, err = normalizeIssuer(issuer)
	if err != nil {
		return nil, err
	}
	location, err := Issuer{URL: issuer}.discover(ctx, client)
	if err != nil {
		return nil, err
	}
	keys, err := fetchKeys(ctx, client, issuer+jwksPath)
	switch {
	case err != nil:
		return nil, fmt.Errorf("keys: %w", err)
	case location != issuer+jwksPath:
		return nil, errors.New("discovery: names other keys than Clerk's")
	}
	return slices.Sorted(maps.Keys(keys)), nil
}

func withinHost(client *http.Client) *http.Client {
	own := *client
	own.CheckRedirect = sameHostOnly
	return &own
}

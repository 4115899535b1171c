package spec

import (
	"context"

	"convexgateway/convex"
)

// Query is the query, without arguments, whose result is a deployment's function spec, for admins alone. Source: get-convex/convex-backend
// npm-packages/system-udfs/convex/_system/cli/modules.ts.
func Query() convex.Path {
	path, err := convex.ParsePath("_system/cli/modules:apiSpec")
	if err != nil {
		panic(err) // a path of our own
	}
	return path
}

// Fetch returns the function spec of a deployment, as Parse reads it. The deploy key needs the permission to view data, which those of
// read-only access have, too. Errors are those of [convex.HTTPClient.Call].
func Fetch(ctx context.Context, client *convex.HTTPClient, deployKey string) ([]byte, error) {
	result, err := client.Call(ctx, convex.Call{Kind: convex.Query, Path: Query(), Args: []byte("{}"), DeployKey: deployKey})
	if err != nil {
		return nil, err
	}
	return result.Value, nil
}

package spec

import (
	"context"

	"convexgateway/convex"
)

// Fetch returns the function spec of a deployment, as Parse reads it. The deploy key needs the permission to view data, which those of
// read-only access have, too. Errors are those of [convex.HTTPClient.Call]. Source: get-convex/convex-backend
// npm-packages/system-udfs/convex/_system/cli/modules.ts.
func Fetch(ctx context.Context, client *convex.HTTPClient, deployKey string) ([]byte, error) {
	path, err := convex.ParsePath("_system/cli/modules:apiSpec")
	if err != nil {
		return nil, err
	}
	result, err := client.Call(ctx, convex.Call{Kind: convex.Query, Path: path, Args: []byte("{}"), DeployKey: deployKey})
	if err != nil {
		return nil, err
	}
	return result.Value, nil
}

package doctor

import (
	"context"
	"fmt"
)

// keys looks at the keys that all replicas share. It prints none.
func (r *runner) keys(context.Context) Finding {
	const alone = "tickets are good on the replica that issued them only"
	const fix = "give all replicas the same --cluster-key: openssl rand -base64 32"
	n, ownKey := len(r.ClusterKeys), r.RequestIDKey != ""
	switch {
	case n == 0 && !ownKey:
		return warn("no cluster key: request ids are refused (CLUSTER_KEY_MISSING), and "+alone, fix)
	case n == 0:
		return warn("request ids are accepted, by a key of their own; no cluster key: "+alone, fix)
	case ownKey:
		return ok(fmt.Sprintf("request ids are accepted, by a key of their own; %d cluster keys, of which the first seals", n))
	}
	return ok(fmt.Sprintf("request ids are accepted, by the first of %d cluster keys, which also seals", n))
}

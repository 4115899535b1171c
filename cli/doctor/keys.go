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
		return ok("request ids are accepted, by a key of their own; " + seals(n))
	}
	return ok("request ids are accepted, by a key derived from the first cluster key; " + seals(n))
}

// seals returns what n cluster keys do.
func seals(n int) string {
	if n == 1 {
		return "one cluster key"
	}
	return fmt.Sprintf("%d cluster keys, of which the first seals and all open", n)
}

package app

import "convexgateway/dev/deployment/v"

// PaginationOptions is the validator of the argument that selects a page; see get-convex/convex-js
// src/server/pagination.ts.
func PaginationOptions() v.Validator {
	return v.Object(
		v.Field("numItems", v.Number()),
		v.Field("cursor", v.Nullable(v.String())),
		v.Field("endCursor", v.Nullable(v.String()), v.Optional),
		v.Field("id", v.Number(), v.Optional),
		v.Field("maximumRowsRead", v.Number(), v.Optional),
		v.Field("maximumBytesRead", v.Number(), v.Optional),
	)
}

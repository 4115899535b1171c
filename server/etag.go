package server

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"google.golang.org/protobuf/proto"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// conditionKey holds a GET request's If-None-Match values in its context.
type conditionKey struct{}

var errNotModified = errors.New("not modified")

// etag names the state of the answer to a GET, and turns the answer into 304 if the caller has it already. It hashes the
// canonical value, so equal values have equal tags on every replica.
func etag(ctx context.Context, w http.ResponseWriter, m proto.Message) error {
	resp, isQuery := m.(*gatewayv1.QueryResponse)
	conditions, isGet := ctx.Value(conditionKey{}).([]string)
	if !isQuery || !isGet {
		return nil
	}
	text := resp.GetValueJson()
	if resp.GetValue() != nil {
		var err error
		if text, err = appendStructValue(nil, resp.GetValue()); err != nil {
			return err
		}
	}
	canonical, err := convex.Canonical(text)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(canonical)
	tag := `"` + base64.RawURLEncoding.EncodeToString(hash[:16]) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Authorization")
	for _, condition := range conditions {
		if strings.Contains(condition, tag) || strings.TrimSpace(condition) == "*" {
			return errNotModified
		}
	}
	return nil
}

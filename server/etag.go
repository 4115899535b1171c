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

var errNotModified = errors.New("not modified")

// etag names the state of the answer to a GET, and turns the answer into 304 if the caller has it already. It hashes the
// canonical value, so equal values have equal tags on every replica.
func etag(ctx context.Context, w http.ResponseWriter, m proto.Message) error {
	resp, isQuery := m.(*gatewayv1.QueryResponse)
	c := restCallFrom(ctx)
	if !isQuery || !c.get {
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
	tag := weakTag(canonical)
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Authorization")
	if c.has(tag) {
		return errNotModified
	}
	return nil
}

// weakTag is the ETag of a content. It is weak, because what is sent may be compressed, and equal values may be written
// differently.
func weakTag(content []byte) string {
	hash := sha256.Sum256(content)
	return `W/"` + base64.RawURLEncoding.EncodeToString(hash[:16]) + `"`
}

// has reports whether the caller has the state of that tag.
func (c *restCall) has(tag string) bool {
	opaque := strings.TrimPrefix(tag, "W/") // RFC 9110, 13.1.2: the comparison is the weak one
	for _, condition := range c.conditions {
		if strings.Contains(condition, opaque) || strings.TrimSpace(condition) == "*" {
			return true
		}
	}
	return false
}

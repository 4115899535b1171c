package connect

import (
	"net/http"

	"google.golang.org/protobuf/proto"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/rest"
)

// tag gives the response to a GET its ETag, as REST does, and notes whether the caller has the value already.
func (s *serverStream) tag(m proto.Message) error {
	if _, query := m.(*gatewayv1.QueryResponse); !query || s.request.request.Method != http.MethodGet {
		return nil
	}
	tag, err := rest.ValueTag(s.call.Result.Value)
	if err != nil {
		return err
	}
	rest.SetTag(s.Header(), tag)
	s.notModified = rest.MatchesTag(s.request.request.Header.Values("If-None-Match"), tag)
	return nil
}

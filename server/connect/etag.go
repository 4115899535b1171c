package connect

import (
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/rest"
)

// tag gives the response to a GET its ETag, as REST does, and notes whether the caller has the value already.
func (s *serverStream) tag(m any) error {
	if _, query := m.(*gatewayv1.QueryResponse); !query || !s.get {
		return nil
	}
	tag, err := rest.ValueTag(s.call.Result.Value)
	if err != nil {
		return err
	}
	rest.SetTag(s.Header(), tag)
	s.notModified = rest.MatchesTag(s.ifNoneMatch, tag)
	return nil
}

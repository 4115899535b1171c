package main

import (
	"errors"
	"fmt"

	bootstrapv3 "github.com/envoyproxy/go-control-plane/envoy/config/bootstrap/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/jwt_authn/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/local_ratelimit/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/retry/host/previous_hosts/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protopath"
	"google.golang.org/protobuf/reflect/protorange"
	"google.golang.org/protobuf/types/known/anypb"
	"sigs.k8s.io/yaml"
)

// envoy decodes and validates a bootstrap file, and returns a summary.
func envoy(text []byte) (string, error) {
	asJSON, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return "", err
	}
	config := &bootstrapv3.Bootstrap{}
	if err := protojson.Unmarshal(asJSON, config); err != nil {
		return "", err
	}
	if err := config.ValidateAll(); err != nil {
		return "", err
	}
	extensions, err := validateWithin(config)
	if err == nil && extensions == 0 {
		err = errors.New("nothing was checked")
	}
	return fmt.Sprintf("%d listeners, %d clusters, %d extensions", len(config.GetStaticResources().GetListeners()),
		len(config.GetStaticResources().GetClusters()), extensions), err
}

// validateWithin validates the messages in a message that are packed as Any, which its own rules do not include. It returns
// their number.
func validateWithin(m proto.Message) (n int, err error) {
	err = protorange.Range(m.ProtoReflect(), func(p protopath.Values) error {
		message, ok := p.Index(-1).Value.Interface().(interface{ Interface() proto.Message })
		if !ok {
			return nil
		}
		wrapped, ok := message.Interface().(*anypb.Any)
		if !ok {
			return nil
		}
		inner, err := wrapped.UnmarshalNew()
		if err != nil {
			return err
		}
		if rules, ok := inner.(interface{ ValidateAll() error }); ok {
			if err := rules.ValidateAll(); err != nil {
				return fmt.Errorf("%s: %w", wrapped.GetTypeUrl(), err)
			}
		}
		n++
		return nil // protorange descends into Any by itself
	})
	return n, err
}

package payload

import (
	gatewayv1 "convexgateway/gen/convexgateway/v1"

	"encoding/json"
	"fmt"
	"reflect"

	"google.golang.org/protobuf/proto"

	"convexgateway/bench/wire"
)

// CheckNothing accepts every answer.
func CheckNothing([]byte) error { return nil }

// CheckValue checks an answer over gRPC, in the Struct lane.
func CheckValue(answer []byte) error {
	var m gatewayv1.QueryResponse
	if err := proto.Unmarshal(answer, &m); err != nil {
		return err
	}
	return CheckResult(m.GetValue().AsInterface())
}

// CheckValueJSON checks an answer over gRPC, in the JSON lane.
func CheckValueJSON(answer []byte) error {
	var m gatewayv1.QueryResponse
	if err := proto.Unmarshal(answer, &m); err != nil {
		return err
	}
	var value any
	if err := json.Unmarshal(m.GetValueJson(), &value); err != nil {
		return err
	}
	return CheckResult(value)
}

// CheckWholeAnswer is for servers that return the deployment's whole response.
func CheckWholeAnswer(answer []byte) error {
	var m gatewayv1.QueryResponse
	if err := proto.Unmarshal(answer, &m); err != nil {
		return err
	}
	return CheckUpstreamAnswer(m.GetValueJson())
}

// CheckUpstreamAnswer checks an answer of the HTTP API of a deployment, or over REST.
func CheckUpstreamAnswer(answer []byte) error {
	var body struct {
		Value any `json:"value"`
	}
	if err := json.Unmarshal(answer, &body); err != nil {
		return err
	}
	return CheckResult(body.Value)
}

// CheckResult checks a result as encoding/json decodes it.
func CheckResult(got any) error {
	var want any
	_ = json.Unmarshal(wire.NewUpdate(1, wire.QuerySize), &want) // our own
	if !reflect.DeepEqual(got, want) {
		return fmt.Errorf("wrong result: %.200v", got)
	}
	return nil
}

package floor

import (
	"bytes"
	"context"
	"net/http"

	"google.golang.org/grpc"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// passthrough is P: gRPC in, an HTTP POST of JSON, gRPC out. The JSON of arguments and result is carried as bytes.
type passthrough struct {
	gatewayv1.UnimplementedFunctionServiceServer
	client *http.Client
	url    string
}

func newPassthrough(upstream string) *grpc.Server {
	s := grpc.NewServer()
	gatewayv1.RegisterFunctionServiceServer(s, &passthrough{client: newClient(), url: upstream + "/api/query"})
	return s
}

// Query returns the body of the upstream's response.
func (p *passthrough) Query(ctx context.Context, req *gatewayv1.QueryRequest) (*gatewayv1.QueryResponse, error) {
	body, err := post(ctx, p.client, p.url, req.GetPath(), req.GetArgsJson())
	return &gatewayv1.QueryResponse{ValueJson: body}, err
}

// post runs a query with arguments in JSON.
func post(ctx context.Context, client *http.Client, url, path string, args []byte) ([]byte, error) {
	b := append(append([]byte(`{"path":"`), path...), `","args":`...)
	b = append(append(b, args...), `,"format":"convex_encoded_json"}`...)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	return readAll(resp)
}

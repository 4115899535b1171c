// Convex Gateway from Go: query, mutate, subscribe, sign in, and handle an error by its reason.
package main

import (
	"context"
	cryptorand "crypto/rand"
	"encoding/json"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	gatewayv1 "example/gen/convexgateway/v1"
)

//go:generate go run github.com/bufbuild/buf/cmd/buf@v1.75.0 generate

// message is what messages:list returns.
type message struct {
	Author string `json:"author"`
	Body   string `json:"body"`
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	gateway, err := dial()
	if err != nil {
		return err
	}
	if token := os.Getenv("TOKEN"); token != "" { // a Clerk session token; none: anonymous
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
	}

	var me *struct {
		Subject string `json:"subject"`
	}
	if err := query(ctx, gateway, "users:me", map[string]any{}, &me); err != nil {
		return err
	}
	if me != nil {
		fmt.Println("signed in as", me.Subject)
	} else {
		fmt.Println("anonymous")
	}

	limit := map[string]any{"limit": 10}
	var messages []message
	if err := query(ctx, gateway, "messages:list", limit, &messages); err != nil {
		return err
	}
	fmt.Println("query:", describe(messages))

	err = mutate(ctx, gateway, "messages:send", map[string]any{"body": ""})
	if reason(err) != "CONVEX_ERROR" { // thrown by the function, on purpose
		return fmt.Errorf("sending nothing: %w", err)
	}
	fmt.Println("refused:", reason(err), "-", status.Convert(err).Message())

	if err := mutate(ctx, gateway, "messages:send", map[string]any{"body": "hello from Go"}); err != nil {
		return err
	}
	return subscribe(ctx, gateway, "messages:list", limit, func(value []byte) error {
		var messages []message
		if err := json.Unmarshal(value, &messages); err != nil {
			return err
		}
		fmt.Println("subscribe:", describe(messages))
		return nil
	})
}

// dial returns a client, which connects when it is first used.
func dial() (gatewayv1.FunctionServiceClient, error) {
	target := os.Getenv("GATEWAY")
	if target == "" {
		target = "127.0.0.1:50051"
	}
	// Timeouts and retries, of mutations too: each has a request id, by which it runs once. Without ids: service_config.json
	config, err := os.ReadFile("../service_config_ids.json")
	if err != nil {
		return nil, err
	}
	conn, err := grpc.NewClient(target,
		grpc.WithTransportCredentials(insecure.NewCredentials()), // with TLS: credentials.NewTLS(nil)
		grpc.WithDefaultServiceConfig(string(config)),
		// Detects dead connections: a stream may be idle for hours.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}),
	)
	if err != nil {
		return nil, err
	}
	return gatewayv1.NewFunctionServiceClient(conn), nil
}

// query runs a query once and decodes its result.
func query(ctx context.Context, gateway gatewayv1.FunctionServiceClient, path string, args, result any) error {
	argsJSON, err := json.Marshal(args)
	if err != nil {
		return err
	}
	response, err := gateway.Query(ctx, &gatewayv1.QueryRequest{
		Path: path, ArgsJson: argsJSON, ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON,
	})
	if err != nil {
		return err
	}
	return json.Unmarshal(response.GetValueJson(), result)
}

// mutate runs a mutation once, also if it has to be sent again: its request id stays the same. An action is called in the same
// way, without one.
func mutate(ctx context.Context, gateway gatewayv1.FunctionServiceClient, path string, args any) error {
	argsJSON, err := json.Marshal(args)
	if err != nil {
		return err
	}
	_, err = gateway.Mutate(ctx, &gatewayv1.MutateRequest{
		Path: path, ArgsJson: argsJSON, ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON, RequestId: cryptorand.Text(),
	})
	return err
}

// subscribe calls next with each new result of a query, until the context ends. A lost stream resumes where it was.
func subscribe(
	ctx context.Context, gateway gatewayv1.FunctionServiceClient, path string, args any, next func(value []byte) error,
) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the stream
	argsJSON, err := json.Marshal(args)
	if err != nil {
		return err
	}
	request := &gatewayv1.SubscribeRequest{
		Path: path, ArgsJson: argsJSON, ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON,
	}
	for backoff := time.Second; ; backoff = min(2*backoff, 30*time.Second) {
		stream, err := gateway.Subscribe(ctx, request)
		for err == nil {
			var event *gatewayv1.SubscribeResponse
			if event, err = stream.Recv(); err != nil {
				break
			}
			if token := event.GetResumeToken(); token != "" {
				request.ResumeToken = token
				backoff = time.Second
			}
			switch event := event.GetEvent().(type) {
			case *gatewayv1.SubscribeResponse_ValueJson:
				err = next(event.ValueJson)
			case *gatewayv1.SubscribeResponse_FunctionError: // the next write may repair it
				fmt.Println("the query failed:", event.FunctionError.GetReason())
			case *gatewayv1.SubscribeResponse_Unchanged:
				fmt.Println("resumed: unchanged")
			}
		}
		if status.Code(err) != codes.Unavailable {
			return err
		}
		fmt.Println("lost:", status.Code(err), reason(err))
		select {
		case <-time.After(backoff/2 + rand.N(backoff/2)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// reason returns the reason of the error's google.rpc.ErrorInfo, which is also in the trailer `error-reason`. It is empty if the
// error is not the gateway's, for instance if there is no connection.
func reason(err error) string {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	return ""
}

func describe(messages []message) string {
	if len(messages) == 0 {
		return "0 messages"
	}
	return fmt.Sprintf("%d messages, the last: %s", len(messages), messages[len(messages)-1].Body)
}

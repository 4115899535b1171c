package server

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Abusive clients of Connect and gRPC-Web.

// rawProcedure is a request for a procedure over HTTP/1.1.
func rawProcedure(procedure, contentType, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", procedure, contentType, len(body), body)
}

// upload is a request for Mutate, or for Query by GET.
type upload struct {
	contentType string // empty: GET
	coding      string
	body        string
	half        bool // the request does not end
}

// codings are the headers that name the coding of a message, by content type.
var codings = map[string]string{"application/proto": "Content-Encoding", "application/grpc-web": "Grpc-Encoding"}

// sendUpload sends a request, and returns the status of its response.
func (g *gateway) sendUpload(ctx context.Context, client *http.Client, u upload) (code codes.Code, reason string, err error) {
	body, writer := io.Pipe()
	defer context.AfterFunc(ctx, func() { _ = body.Close() })() // net/http's client waits for it
	defer body.Close()
	go func() {
		_, _ = io.WriteString(writer, u.body)
		if !u.half {
			_ = writer.Close()
		}
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+g.HTTPAddr()+gatewayv1.FunctionService_Mutate_FullMethodName, body)
	if err != nil {
		return 0, "", err
	}
	req.Header = http.Header{"Content-Type": {u.contentType}}
	if u.coding != "" {
		req.Header.Set(codings[u.contentType], u.coding)
	}
	if u.contentType == "" {
		_ = writer.Close()
		req, err = http.NewRequestWithContext(ctx, http.MethodGet, "http://"+g.HTTPAddr()+queryProcedure+"?"+u.body, nil)
		if err != nil {
			return 0, "", err
		}
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	switch {
	case resp.StatusCode == http.StatusTooManyRequests, resp.Header.Get("Grpc-Status") == "8":
		code = codes.ResourceExhausted
	case resp.StatusCode == http.StatusInternalServerError, resp.Header.Get("Grpc-Status") == "13":
		code = codes.Internal
	}
	return code, resp.Header.Get("Error-Reason") + resp.Header.Get("Trailer-Error-Reason"), err
}

// Uploads that never finish hold no more than their caller's share: the others are refused. Over HTTP/1.1 a client that still sends may miss
// its refusal, so it is HTTP/2 here.
func TestUnfinishedUploadsOverConnect(t *testing.T) {
	const calls, size = 40, 5 << 20
	for kind, head := range map[string]string{"application/proto": "", "application/grpc-web": "\x00\x00\x60\x00\x00"} {
		t.Run(kind, func(t *testing.T) {
			g, step := startBudgeted(t, ports(t)["shared port"])
			client, content := http2Client(t), head+strings.Repeat("x", size)
			before := heap()
			g.checkOverloaded(calls, calls-testShare/size-1, func(ctx context.Context) (codes.Code, string, error) {
				return g.sendUpload(ctx, client, upload{contentType: kind, body: content, half: true})
			})
			for range 5 {
				step()
			}
			g.checkHeld(before)
		})
	}
}

// Messages that are small on the wire and large behind it are counted at their full size, also in a URL.
func TestInflatingCallsOverConnect(t *testing.T) {
	small := string(compressed(t, 15<<20))
	for name, u := range map[string]upload{
		"Connect":  {contentType: "application/proto", coding: "gzip", body: small},
		"gRPC-Web": {contentType: "application/grpc-web", coding: "gzip", body: enveloped(1, small)},
		"GET":      {body: "encoding=proto&base64=1&compression=gzip&message=" + base64URL([]byte(small))},
	} {
		t.Run(name, func(t *testing.T) {
			g, step := startBudgeted(t)
			before := heap()
			g.checkOverloaded(60, 60, func(ctx context.Context) (codes.Code, string, error) { return g.sendUpload(ctx, g.client, u) })
			step()
			g.checkHeld(before)
		})
	}
}

// A message that states a smaller size than it has is not inflated further.
func TestMessagesThatUnderstateTheirSize(t *testing.T) {
	lying := compressed(t, 15<<20)
	binary.LittleEndian.PutUint32(lying[len(lying)-4:], 100)
	parts := append(compressed(t, 15<<20), gzipped([]byte("x"))...)
	g, step := startBudgeted(t)
	before := heap()
	for name, message := range map[string][]byte{"lying": lying, "in two parts": parts} {
		for kind, body := range map[string]string{"application/proto": string(message), "application/grpc-web": enveloped(1, string(message))} {
			for range 20 {
				code, reason, err := g.sendUpload(g.context(), g.client, upload{contentType: kind, coding: "gzip", body: body})
				if code != codes.Internal || reason != "TRANSPORT" || err != nil {
					t.Errorf("%s, %s: %v %s %v", name, kind, code, reason, err)
				}
			}
		}
	}
	step()
	g.checkHeld(before)
}

// Many small values are counted as large as they are in memory.
func TestManySmallValuesOverConnect(t *testing.T) {
	g, step := startBudgeted(t)
	list := &structpb.ListValue{Values: make([]*structpb.Value, 500_000)}
	for i := range list.Values {
		list.Values[i] = structpb.NewNullValue()
	}
	req := &gatewayv1.QueryRequest{Path: "values:echo", Args: &structpb.Struct{Fields: map[string]*structpb.Value{"value": structpb.NewListValue(list)}}}
	for _, wire := range []string{"Connect, protobuf", "gRPC-Web, protobuf"} {
		_, err := g.over(t, wire).functions.Query(g.context(), req)
		wantCode(t, err, codes.ResourceExhausted, "OVERLOADED")
	}
	text := `{"path":"values:echo","newer":[` + strings.Repeat("1,", 500_000) + "1]}" // of an unknown field, too
	if got := g.procedure(queryProcedure, "application/json", text); !strings.Contains(got.body, "OVERLOADED") {
		t.Errorf("JSON: HTTP %d %s", got.status, got.body)
	}
	step()
}

// A message over the limit is refused, as it is on the wire or inflated; one at the limit is not.
func TestLargestMessageOverConnect(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	g := start(t, func(c *Config) { c.MaxRequestBytes = limit })
	onWires(t, func(t *testing.T, wire string) {
		if strings.Contains(wire, "JSON") {
			return // the client chooses the size
		}
		for over, want := range map[int]string{0: "ARGUMENT_VALIDATION", 1: "REQUEST_TOO_LARGE", 10: "REQUEST_TOO_LARGE", 100_000: "REQUEST_TOO_LARGE"} {
			req := &gatewayv1.QueryRequest{Path: "counter:get", ArgsJson: []byte(`{"name":1}`)}
			for size := proto.Size(req); size < limit+over; size = proto.Size(req) {
				req.ArgsJson = append(req.ArgsJson, bytes.Repeat([]byte(" "), max(1, (limit+over-size)-3))...)
			}
			_, err := g.over(t, wire).functions.Query(g.context(), req)
			if size := proto.Size(req); size != limit+over || reasonOf(err) != want {
				t.Errorf("%d bytes: %v", size, err)
			}
		}
	})
}

// Streams that are cancelled at once, many at a time, keep no subscription.
func TestCancelledStreamsOverConnect(t *testing.T) {
	t.Parallel()
	g := start(t)
	step := followOther(g)
	var work sync.WaitGroup
	for wire := range wires {
		g.over(t, wire).cancelStreams(&work, 50)
	}
	work.Wait()
	step()
	eventually(t, "only the other client's stream is left", func() bool { return g.Server.live.Stats().Subscriptions <= 1 })
}

// Streams count towards the limit of a caller, and a refusal is in the protocol's own form.
func TestTooManyStreamsOverConnect(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxStreamsPerCaller = 1 })
	onWires(t, func(t *testing.T, wire string) {
		var first *subscription
		eventually(t, "there is room", func() bool {
			first = g.over(t, wire).subscribe(g.context(), counterQuery("a"))
			_, err := first.Recv()
			return err == nil
		})
		second := g.over(t, wire).subscribe(g.context(), counterQuery("a"))
		failure{code: codes.ResourceExhausted, reason: "TOO_MANY_STREAMS", retry: true}.checkStatus(t, second.end(), second.Trailer())
		first.cancel()
	})
}

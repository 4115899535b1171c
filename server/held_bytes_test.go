package server

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// What one stranger makes the gateway hold is bounded in bytes, and another caller's calls go on meanwhile.

const (
	testBudget = 48 << 20
	testShare  = testBudget / 2 // of one caller: half, because the largest request needs more than a quarter
)

// startBudgeted runs a gateway with testBudget. step makes a call and a change of another user, and fails the test if either fails.
func startBudgeted(t *testing.T, change ...func(*Config)) (g *gateway, step func()) {
	t.Helper()
	g = start(t, append(change, func(c *Config) { c.MemoryBudget = testBudget })...)
	ctx := g.as(g.token(deployment.TokenRequest{User: "neighbour"}))
	stream := g.subscribe(ctx, counterQuery("neighbour"))
	wantValue(g.t, result(stream), "0")
	n := 0
	return g, func() {
		t.Helper()
		n++
		g.mustCall(ctx, convex.Mutation, "counter:add", `{"name":"neighbour"}`)
		wantValue(t, stream.next(), fmt.Sprint(n))
	}
}

// heap returns how many bytes of the process's heap are in use.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// checkHeld checks that what is held stays within a stranger's share, in the books and on the heap.
func (g *gateway) checkHeld(before int64) {
	g.t.Helper()
	if held := g.limits.Budget.Held(); held > testShare {
		g.t.Errorf("%d bytes are held", held)
	}
	checkGrown(g.t, before, testBudget+testBudget/4)
}

// checkGrown fails the test unless the heap is, once what is under way has passed, at most limit bytes above before. What is under way
// includes the deployment's work, because it runs in the same process. It returns the heap.
func checkGrown(t *testing.T, before, limit int64) (after int64) {
	t.Helper()
	eventually(t, fmt.Sprintf("the heap has grown by at most %d bytes", limit), func() bool {
		after = heap()
		return after-before <= limit
	})
	return after
}

// http2Client is a client that speaks HTTP/2 without TLS, and has no limits of gRPC's.
func http2Client(t *testing.T) *http.Client {
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// rawMessage is a message of gRPC, or a part of it, as it is on the wire.
type rawMessage struct {
	size     int // that its header states
	content  []byte
	encoding string // of the content; empty: none
	half     bool   // the request does not end
}

// send makes a call of Mutate, and returns its status.
func (g *gateway) send(ctx context.Context, client *http.Client, m rawMessage) (code codes.Code, reason string, err error) {
	body, writer := io.Pipe()
	defer body.Close()
	go func() {
		header := []byte{0}
		if m.encoding != "" {
			header[0] = 1
		}
		_, _ = writer.Write(binary.BigEndian.AppendUint32(header, uint32(m.size)))
		_, _ = writer.Write(m.content)
		if !m.half {
			_ = writer.Close()
		}
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+g.GRPCAddr()+gatewayv1.FunctionService_Mutate_FullMethodName, body)
	if err != nil {
		return 0, "", err
	}
	req.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}}
	if m.encoding != "" {
		req.Header.Set("Grpc-Encoding", m.encoding)
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	trailer := resp.Trailer
	if trailer.Get("Grpc-Status") == "" {
		trailer = resp.Header
	}
	number, _ := strconv.Atoi(trailer.Get("Grpc-Status"))
	return codes.Code(number), trailer.Get("Error-Reason"), err
}

// checkOverloaded makes calls at the same time, and checks that at least so many end as OVERLOADED before the others have ended.
func (g *gateway) checkOverloaded(calls, atLeast int, call func(ctx context.Context) (codes.Code, string, error)) {
	g.t.Helper()
	ctx, cancel := context.WithCancel(g.context())
	var work sync.WaitGroup
	defer work.Wait()
	defer cancel()
	ended := make(chan string, calls)
	for range calls {
		work.Go(func() {
			code, reason, err := call(ctx)
			ended <- fmt.Sprint(code, " ", reason, " ", err)
		})
	}
	for range atLeast {
		if got, want := <-ended, fmt.Sprint(codes.ResourceExhausted, " OVERLOADED ", nil); got != want {
			g.t.Fatalf("%s, want %s", got, want)
		}
	}
}

// ports are the ways to serve gRPC.
func ports(t *testing.T) map[string]func(*Config) {
	t.Helper()
	return map[string]func(*Config){"own port": func(*Config) {}, "shared port": shareAPort(t)}
}

// Forty uploads that never finish hold no more than their caller's share: the others are refused.
func TestUnfinishedUploads(t *testing.T) {
	for name, change := range ports(t) {
		t.Run(name, func(t *testing.T) {
			g, step := startBudgeted(t, change)
			client, content := http2Client(t), make([]byte, 15<<20)
			before := heap()
			g.checkOverloaded(40, 40-testShare/len(content)-1, func(ctx context.Context) (codes.Code, string, error) {
				return g.send(ctx, client, rawMessage{size: 19 << 20, content: content, half: true})
			})
			for range 5 {
				step()
			}
			g.checkHeld(before)
		})
	}
}

// Messages that are small on the wire and large behind it are counted at their full size.
func TestInflatingCalls(t *testing.T) {
	for name, change := range ports(t) {
		t.Run(name, func(t *testing.T) {
			g, step := startBudgeted(t, change)
			client, small := http2Client(t), compressed(t, 15<<20)
			before := heap()
			g.checkOverloaded(60, 60, func(ctx context.Context) (codes.Code, string, error) {
				return g.send(ctx, client, rawMessage{size: len(small), content: small, encoding: "gzip"})
			})
			step()
			g.checkHeld(before)
		})
	}
}

// compressed returns a request with arguments of a size, compressed.
func compressed(t *testing.T, size int) []byte {
	t.Helper()
	message, err := proto.Marshal(&gatewayv1.MutateRequest{Path: "messages:send", ArgsJson: fmt.Appendf(nil, `{"body":%q}`, strings.Repeat("x", size))})
	if err != nil {
		t.Fatal(err)
	}
	return gzipped(message)
}

// A Struct of many small values is counted as large as it is in memory.
func TestManySmallValues(t *testing.T) {
	g, step := startBudgeted(t)
	value := structpb.NewNullValue()
	list := &structpb.ListValue{Values: slices.Repeat([]*structpb.Value{value}, 500_000)}
	_, err := g.functions.Query(g.context(), &gatewayv1.QueryRequest{Path: "values:echo", Args: &structpb.Struct{Fields: map[string]*structpb.Value{
		"value": structpb.NewListValue(list),
	}}})
	if got := reasonOf(err); got != "OVERLOADED" {
		t.Errorf("%v", err)
	}
	step()
}

// reasonOf returns the reason of an error's ErrorInfo; empty if it has none.
func reasonOf(err error) string {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	return ""
}

// Arguments in a URL count as they are in memory.
func TestArgumentsInURL(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MemoryBudget = 1 << 20 })
	for values, want := range map[int]int{100: http.StatusOK, 8_000: http.StatusTooManyRequests} {
		args := `{"value":[` + strings.Repeat("1,", values) + "1]}"
		if got := g.rest("GET", "/v1/query?path=values:echo&valueFormat=VALUE_FORMAT_STRUCT&args="+args, ""); got.status != want {
			t.Errorf("%d values: HTTP %d %.200s", values, got.status, got.body)
		}
	}
}

// Webhooks, which need no credential, have a few places of each address, and their bodies count.
func TestUnfinishedWebhooks(t *testing.T) {
	const calls = 2 * maxProbesOfCaller
	d := startDeployment(t, deployment.Config{})
	up := Upstream{ConvexURL: d.URL(), Issuers: []string{d.IssuerURL()}, WebhookSecrets: []string{"whsec_c2VjcmV0c2VjcmV0c2VjcmV0"}}
	g := startUpstream(t, up, ports(t)["shared port"], func(c *Config) { c.MemoryBudget = testBudget })
	client, body := http2Client(t), make([]byte, 250<<10)
	ctx, cancel := context.WithCancel(g.context())
	defer cancel()
	refused := make(chan int, calls)
	for range calls {
		go func() {
			unfinished, writer := io.Pipe()
			defer unfinished.Close()
			go func() { _, _ = writer.Write(body) }()
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+g.HTTPAddr()+"/webhooks/clerk", unfinished)
			if err != nil {
				return
			}
			if resp, err := client.Do(req); err == nil {
				_ = resp.Body.Close()
				refused <- resp.StatusCode
			}
		}()
	}
	for range calls - maxProbesOfCaller {
		if got := <-refused; got != http.StatusTooManyRequests {
			t.Fatalf("HTTP %d", got)
		}
	}
	g.mustCall(g.context(), convex.Query, "users:me", "{}")
	if held := g.limits.Budget.Held(); held > testShare {
		t.Errorf("%d bytes are held", held)
	}
}

package cli

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Two gateways, of `dev` and of `serve`, share a deployment: a message that is sent through one arrives on a stream of the
// other, with and without a signed-in user. SIGTERM ends both with exit code 0.
func TestDevAndServe(t *testing.T) {
	t.Parallel()
	dev := start(t, `Stop with Ctrl-C`, nil, append([]string{"dev", "--deployment-addr", "127.0.0.1:0"}, anyPort...)...)
	deployment, devREST := dev.find(`deployment +(http://\S+)`), dev.find(`REST +(http://\S+)`)
	env := []string{"CONVEX_URL=" + deployment, "CLERK_FRONTEND_API_URL=" + dev.find(`issuer +(\S+)`)}
	serve := start(t, `msg=ready grpc=\S+`, env, append([]string{"serve"}, anyPort...)...)
	grpcAddr := serve.find(`msg=ready grpc=(\S+)`)

	_, answer := post(t, deployment+"/dev/token", "", `{"user":"ada","ttl":"60s"}`)
	var issued struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal([]byte(answer), &issued); err != nil {
		t.Fatal(err)
	}
	code, me := post(t, "http://"+serve.find(`http=(\S+)`)+"/v1/query", issued.Token, `{"path":"users:me"}`)
	if code != http.StatusOK || !strings.Contains(me, `"subject":"user_ada"`) {
		t.Errorf("users:me = %d %s", code, me)
	}

	conn, err := grpc.NewClient(grpcAddr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	stream, err := gatewayv1.NewFunctionServiceClient(conn).Subscribe(ctx, &gatewayv1.SubscribeRequest{Path: "messages:list"})
	if err != nil {
		t.Fatal(err)
	}
	if n := nextList(t, stream); n != 0 {
		t.Errorf("first list has %d messages", n)
	}
	if code, text := post(t, devREST+"/v1/mutate", "", `{"path":"messages:send","args":{"body":"hello"}}`); code != http.StatusOK {
		t.Fatalf("messages:send = %d %s", code, text)
	}
	if n := nextList(t, stream); n != 1 {
		t.Errorf("second list has %d messages", n)
	}

	if code := serve.terminate(); code != 0 {
		t.Errorf("serve: exit code %d\n%s", code, serve.stderr)
	}
	for err = nil; err == nil; {
		_, err = stream.Recv()
	}
	if status.Code(err) != codes.Unavailable {
		t.Errorf("the stream ended with %v", err)
	}
	if code := dev.terminate(); code != 0 {
		t.Errorf("dev: exit code %d\n%s", code, dev.stderr)
	}
	for _, log := range []string{dev.stderr.String(), serve.stderr.String()} {
		if strings.Contains(log, issued.Token) || strings.Contains(log, "hello") {
			t.Errorf("a token or an argument is in the log:\n%s", log)
		}
	}
}

// A stop waits for running calls, and closes what they need after them.
func TestRunningCallsFinish(t *testing.T) {
	t.Parallel()
	for range 10 {
		switch answer, err := callAcrossStop(t); {
		case err != nil:
			t.Log("the gateway stopped before it had received the call:", err) // try again
		case answer != `{"value":1500}`:
			t.Fatalf("the running call got %s", answer)
		default:
			return
		}
	}
	t.Fatal("no call was running at a stop")
}

// callAcrossStop stops `dev` as soon as a call has been sent to it, and returns the call's answer.
func callAcrossStop(t *testing.T) (string, error) {
	t.Helper()
	dev := start(t, `Stop with Ctrl-C`, nil, append([]string{"dev", "--deployment-addr", "127.0.0.1:0"}, anyPort...)...)
	sent := make(chan struct{})
	traced := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { close(sent) },
	})
	req, err := http.NewRequestWithContext(traced, http.MethodPost, dev.find(`REST +(http://\S+)`)+"/v1/action",
		strings.NewReader(`{"path":"actions:sleep","args":{"ms":1500}}`))
	if err != nil {
		t.Fatal(err)
	}
	type outcome struct {
		answer string
		err    error
	}
	ended := make(chan outcome, 1)
	go func() {
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err != nil {
			ended <- outcome{err: err}
			return
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		ended <- outcome{strings.TrimSpace(string(text)), err}
	}()
	<-sent
	if code := dev.terminate(); code != 0 {
		t.Errorf("exit code %d\n%s", code, dev.stderr)
	}
	o := <-ended
	return o.answer, o.err
}

// nextList returns the length of the next list on a stream.
func nextList(t *testing.T, stream grpc.ServerStreamingClient[gatewayv1.SubscribeResponse]) int {
	t.Helper()
	for {
		m, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		if v := m.GetValue(); v != nil {
			return len(v.GetListValue().GetValues())
		}
	}
}

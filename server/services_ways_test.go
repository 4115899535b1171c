package server

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// way calls a query without arguments, with headers or metadata that alternate names and values. It returns the result as text that has its
// JSON, or the reason why there is none.
type way func(ctx context.Context, t *testing.T, path string, header ...string) (value, reason string)

// ways are all ways to call a query of the sample app.
func (g *gateway) ways() map[string]way {
	ways := map[string]way{
		"gRPC Query":        unaryWay(g.functions),
		"gRPC Subscribe":    subscribeWay(g.functions),
		"gRPC Watch":        g.watchWay,
		"gRPC WatchSet":     watchSetWay(g.functions),
		"gRPC typed":        g.typedWay(g.typed()),
		"gRPC typed stream": g.typedStreamWay(g.typed()),

		"REST POST":            g.restWay("POST", "/v1/query", generic),
		"REST GET":             g.restWay("GET", "/v1/query", inQuery),
		"REST function":        g.restWay("POST", "/v1/functions/", ofFunction),
		"REST function GET":    g.restWay("GET", "/v1/functions/", ofFunction),
		"REST function SSE":    g.restWay("GET", "/v1/functions/", ofFunction, "Accept", "text/event-stream"),
		"SSE":                  g.restWay("GET", "/v1/subscribe", inQuery, "Accept", "text/event-stream"),
		"NDJSON":               g.restWay("POST", "/v1/subscribe", generic),
		"REST Watch":           g.restWay("POST", "/v1/watch", inSet),
		"Connect, as JSON":     g.restWay("POST", "/convexgateway.v1.FunctionService/Query", generic),
		"Connect typed, JSON":  g.restWay("POST", "/convex.app.", ofMethod),
		"Connect GET":          g.restWay("GET", "/convexgateway.v1.FunctionService/Query", inMessage),
		"REST with a timeout":  g.restWay("POST", "/v1/query", generic, "Grpc-Timeout", "30S"),
		"REST with a trailer":  g.restWay("POST", "/v1/query", generic, "Te", "trailers"),
		"REST with many spots": g.restWay("POST", "/v1/query", generic, "X-Forwarded-For", "192.0.2.1", "Forwarded", "for=192.0.2.1"),
	}
	for _, wire := range []string{"Connect, protobuf", "gRPC-Web, protobuf"} {
		ways[wire+" Query"] = func(ctx context.Context, t *testing.T, path string, header ...string) (string, string) {
			return unaryWay(g.over(t, wire).functions)(ctx, t, path, header...)
		}
		ways[wire+" Subscribe"] = func(ctx context.Context, t *testing.T, path string, header ...string) (string, string) {
			return subscribeWay(g.over(t, wire).functions)(ctx, t, path, header...)
		}
		ways[wire+" typed"] = func(ctx context.Context, t *testing.T, path string, header ...string) (string, string) {
			return g.typedWay(g.typed().over(t, wire))(ctx, t, path, header...)
		}
	}
	return ways
}

// onWays runs a test over each way at the same time.
func (g *gateway) onWays(t *testing.T, test func(t *testing.T, call way)) {
	for name, call := range g.ways() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, call)
		})
	}
}

func outgoing(ctx context.Context, header []string) context.Context {
	for i := 0; i < len(header); i += 2 {
		ctx = metadata.AppendToOutgoingContext(ctx, strings.ToLower(header[i]), header[i+1])
	}
	return ctx
}

func unaryWay(functions gatewayv1.FunctionServiceClient) way {
	return func(ctx context.Context, _ *testing.T, path string, header ...string) (string, string) {
		resp, err := functions.Query(outgoing(ctx, header), &gatewayv1.QueryRequest{Path: path, ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON})
		return string(resp.GetValueJson()), reasonOf(err)
	}
}

func subscribeWay(functions gatewayv1.FunctionServiceClient) way {
	return func(ctx context.Context, t *testing.T, path string, header ...string) (string, string) {
		ctx, cancel := context.WithCancel(outgoing(ctx, header))
		stream, err := functions.Subscribe(ctx, &gatewayv1.SubscribeRequest{Path: path, ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON})
		if err != nil {
			t.Fatal(err)
		}
		events := &subscription{t, stream, cancel}
		defer cancel()
		first, err := events.until(isResult)
		return string(first.GetValueJson()), reasonOf(err)
	}
}

// watchedWay is the first outcome of a set with one query.
func watchedWay(recv func() (*gatewayv1.WatchResponse, error)) (string, string) {
	for {
		r, err := recv()
		if err != nil {
			return "", reasonOf(err)
		}
		for _, c := range r.GetChanges() {
			return string(c.GetValueJson()), c.GetRemoved().GetReason()
		}
	}
}

func watchSetWay(functions gatewayv1.FunctionServiceClient) way {
	return func(ctx context.Context, t *testing.T, path string, header ...string) (string, string) {
		ctx, cancel := context.WithCancel(outgoing(ctx, header))
		defer cancel()
		stream, err := functions.WatchSet(ctx, &gatewayv1.WatchSetRequest{
			Options: &gatewayv1.WatchOptions{ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON}, Queries: []*gatewayv1.WatchQuery{{Target: 1, Path: path}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return watchedWay(stream.Recv)
	}
}

func (g *gateway) watchWay(ctx context.Context, t *testing.T, path string, header ...string) (string, string) {
	ctx, cancel := context.WithCancel(outgoing(ctx, header))
	defer cancel()
	stream, err := g.functions.Watch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []*gatewayv1.WatchRequest{
		{Command: &gatewayv1.WatchRequest_Open{Open: &gatewayv1.WatchOptions{ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON}}},
		{Command: &gatewayv1.WatchRequest_Add{Add: &gatewayv1.WatchQuery{Target: 1, Path: path}}},
	} {
		_ = stream.Send(command) // a stream that is refused says so when it is read
	}
	return watchedWay(stream.Recv)
}

// typedName is a method of the contract: users:me is users.Users.Me.
func typedName(path, prefix string) string {
	module, function, _ := strings.Cut(path, ":")
	return module + "." + strings.ToUpper(module[:1]) + module[1:] + "." + prefix + strings.ToUpper(function[:1]) + function[1:]
}

func (g *gateway) typedWay(client typedClient) way {
	return func(ctx context.Context, _ *testing.T, path string, header ...string) (string, string) {
		text, err := client.call(outgoing(ctx, header), typedName(path, ""), "{}")
		return text, reasonOf(err)
	}
}

func (g *gateway) typedStreamWay(client typedClient) way {
	return func(ctx context.Context, _ *testing.T, path string, header ...string) (string, string) {
		ctx, cancel := context.WithCancel(outgoing(ctx, header))
		defer cancel()
		stream := client.subscribe(ctx, typedName(path, "Subscribe"), "{}")
		for {
			event, err := stream.receive()
			if err != nil {
				return "", reasonOf(err)
			}
			if !strings.Contains(event, `"connection"`) {
				return event, ""
			}
		}
	}
}

// form puts a path into a request.
type form func(route, path string) (to, body string)

func generic(route, path string) (string, string) { return route, `{"path":"` + path + `"}` }

func inQuery(route, path string) (string, string) {
	return route + "?path=" + url.QueryEscape(path), ""
}

func ofFunction(route, path string) (string, string) {
	return route + strings.ReplaceAll(path, ":", "/"), "{}"
}

func ofMethod(route, path string) (string, string) {
	name := typedName(path, "")
	i := strings.LastIndexByte(name, '.')
	return route + name[:i] + "/" + name[i+1:], "{}"
}

func inSet(route, path string) (string, string) {
	return route, `{"queries":[{"target":1,"path":"` + path + `"}]}`
}

func inMessage(route, path string) (string, string) {
	return route + "?connect=v1&encoding=json&message=" + url.QueryEscape(`{"path":"`+path+`"}`), ""
}

var reasonInJSON = regexp.MustCompile(`"reason": ?"([A-Z_]+)"`)

// restWay makes a request over HTTP and reads its response up to the first line that has a value or a reason.
func (g *gateway) restWay(method, route string, in form, fixed ...string) way {
	return func(ctx context.Context, t *testing.T, path string, header ...string) (string, string) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		to, body := in(route, path)
		if method == http.MethodGet {
			body = ""
		}
		other := *g
		other.t = t
		resp := other.request(ctx, method, to, body, append(append([]string{"Content-Type", "application/json"}, fixed...), header...)...)
		defer resp.Body.Close()
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			line := lines.Text()
			if strings.Contains(line, `"auth":`) { // of a set: it comes before the values, also of callers without a credential
				continue
			}
			if found := reasonInJSON.FindStringSubmatch(line); found != nil {
				return "", found[1]
			}
			if strings.Contains(line, `"value"`) {
				return line, ""
			}
			if resp.StatusCode != http.StatusOK { // Connect's own form of errors: the reason is in its details
				return "", resp.Header.Get("Error-Reason") + resp.Header.Get("Trailer-Error-Reason")
			}
		}
		if resp.StatusCode != http.StatusOK || lines.Err() != nil {
			t.Fatalf("HTTP %d and no value: %v", resp.StatusCode, lines.Err())
		}
		return "", "" // an empty list
	}
}

var subjectInJSON = regexp.MustCompile(`"subject": ?"([^"]*)"`)

// subjectIn returns the subject in a result of users:me; empty without one.
func subjectIn(value string) string {
	if found := subjectInJSON.FindStringSubmatch(value); found != nil {
		return found[1]
	}
	return ""
}

package server

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
)

// convexRequestID is the deployment's id in the details of an error.
func convexRequestID(err error) string {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetMetadata()["convex_request_id"]
		}
	}
	return ""
}

// An error names the run as the deployment's own log does: over HTTP that is the call's own id, over a session another.
func TestErrorNamesTheRun(t *testing.T) {
	t.Parallel()
	g := start(t)
	named := metadata.AppendToOutgoingContext(g.context(), "x-request-id", "my-call")
	_, err := g.call(named, convex.Query, "errors:crash", `{}`)
	if got := convexRequestID(err); got != "my-call" {
		t.Errorf("over HTTP: %q of %v", got, err)
	}
	if got := g.rest("POST", "/v1/query", `{"path":"errors:crash"}`, "X-Request-Id", "my-call"); !strings.Contains(got.body, `"metadata":{"convex_request_id":"my-call"}`) {
		t.Errorf("over REST: %s", got.body)
	}
	ada := g.as(g.token(deployment.TokenRequest{User: "ada"}))
	result(g.subscribe(ada, counterQuery("x")))
	_, err = g.call(metadata.AppendToOutgoingContext(ada, "x-request-id", "my-call"), convex.Mutation, "errors:crashMutation", `{}`)
	if got := convexRequestID(err); !regexp.MustCompile("^[0-9a-f]{16}$").MatchString(got) {
		t.Errorf("over a session: %q of %v", got, err)
	}
	if _, err = g.call(named, convex.Query, "a b:c", `{}`); convexRequestID(err) != "" {
		t.Errorf("an error of the gateway's own names a run: %v", err)
	}
}

// Texts recorded from convex-local-backend 94a42c3: 3g-redacted.json (plain), 3a-paused.json (query).
func TestErrorNamesTheRunOfRecordedTexts(t *testing.T) {
	t.Parallel()
	for id, text := range map[string]string{
		"b81fd01a315226ba": `[Request ID: b81fd01a315226ba] Server Error`,
		"8f94b806e2a4cca0": `[Request ID: 8f94b806e2a4cca0] Server Error\nCannot run functions while this deployment is paused. Resume the deployment in the dashboard settings to allow functions to run.\n`,
	} {
		g := startFake(t, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"status":"error","errorMessage":"%s"}`, text)
		})
		if _, err := g.call(g.context(), convex.Query, "some:query", `{}`); convexRequestID(err) != id {
			t.Errorf("%q of %v", convexRequestID(err), err)
		}
	}
}

// The log states what the deployment answered, and no type of the program.
func TestInternalErrorsInTheLog(t *testing.T) {
	t.Parallel()
	g := startFake(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"code":"BadDeployKey","message":"secret of the deployment"}`)
	})
	if _, err := g.call(g.context(), convex.Query, "some:query", `{}`); err == nil {
		t.Fatal("no error")
	}
	log := g.logs.String()
	if !strings.Contains(log, `"upstream_status":403,"upstream_code":"BadDeployKey"`) || strings.Contains(log, "DeploymentError") || strings.Contains(log, "secret of") {
		t.Error(log)
	}
}

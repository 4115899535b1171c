package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// followPage follows a page of five messages, and returns their texts and its resume token, or why it ends.
func followPage(g *gateway, id, token string) (texts []string, next string, err error) {
	g.t.Helper()
	options := `{"numItems":5,"cursor":null`
	if id != "" {
		options += fmt.Sprintf(`,"id":%s`, id)
	}
	stream, err := g.functions.Subscribe(g.context(), &gatewayv1.SubscribeRequest{
		Path: "messages:page", ArgsJson: []byte(`{"paginationOpts":` + options + `}}`), ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON, ResumeToken: token,
	})
	for err == nil {
		var e *gatewayv1.SubscribeResponse
		if e, err = stream.Recv(); err != nil || e.GetValueJson() == nil {
			continue
		}
		var page struct{ Page []struct{ Body string } }
		if err := json.Unmarshal(e.GetValueJson(), &page); err != nil {
			g.t.Fatal(err)
		}
		for _, row := range page.Page {
			texts = append(texts, row.Body)
		}
		return texts, e.GetResumeToken(), nil
	}
	return nil, "", err
}

func sendMessages(g *gateway, from, to int) {
	g.t.Helper()
	for i := from; i <= to; i++ {
		g.mustCall(g.context(), convex.Mutation, "messages:send", fmt.Sprintf(`{"body":"%d"}`, i))
	}
}

// A page that is resumed at another replica ends where it ended, so that nothing is lost between it and the next; but for pages without an id,
// and under other keys.
func TestPagesOutliveTheGateway(t *testing.T) {
	t.Parallel()
	d, key := startDeployment(t, deployment.Config{}), newClusterKey()
	withKeys := func(keys ...Key) func(*Config) { return func(c *Config) { c.ClusterKeys = keys } }
	g := startBefore(t, d, withKeys(key))
	sendMessages(g, 1, 10)
	tokens := map[string]string{}
	for _, id := range []string{"1", "2", ""} {
		texts, token, err := followPage(g, id, "")
		if err != nil || strings.Join(texts, " ") != "10 9 8 7 6" || len(token) > maxTestToken {
			t.Fatalf("%v, %d bytes of token, %v", texts, len(token), err)
		}
		tokens[id] = token
	}
	if err := g.stop(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	other := startBefore(t, d, withKeys(newClusterKey(), key))
	sendMessages(other, 11, 13)
	for id, want := range map[string]string{"1": "13 12 11 10 9 8 7 6", "": "13 12 11 10 9"} {
		if texts, _, err := followPage(other, id, tokens[id]); err != nil || strings.Join(texts, " ") != want {
			t.Errorf("page %q: %v, %v; want %s", id, texts, err, want)
		}
	}
	if texts, _, err := followPage(other, "3", tokens["1"]); err != nil || strings.Join(texts, " ") != "13 12 11 10 9" {
		t.Errorf("with another page's token: %v, %v", texts, err)
	}
	stranger := startBefore(t, d, withKeys(newClusterKey()))
	if texts, _, err := followPage(stranger, "2", tokens["2"]); err != nil || strings.Join(texts, " ") != "13 12 11 10 9" {
		t.Errorf("under another key: %v, %v", texts, err)
	}
	elsewhere := startBefore(t, startDeployment(t, deployment.Config{}), withKeys(key))
	if _, _, err := followPage(elsewhere, "2", tokens["2"]); status.Code(err) != codes.Aborted || reasonOf(err) != "PAGE_RESTART" {
		t.Errorf("at a deployment that cannot read it: %v", err)
	}
}

const maxTestToken = 4 << 10 // bytes

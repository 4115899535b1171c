package rpc

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/auth/lease"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/syncfake"
	"convexgateway/server/live"
)

// quiet is a deployment that sends a socket nothing for commits that touch none of its queries, and answers each change of a query
// set at its latest commit: recorded from convex-local-backend 94a42c3: ws_basic.json, mqs_empty; 6-ts.json.
type quiet struct {
	*syncfake.Endpoint

	mu      sync.Mutex
	latest  syncfake.Timestamp
	changes []string // of query sets, of all sockets: the calls of each; empty for one that changes nothing
}

func (d *quiet) serve(s *syncfake.Socket) {
	for {
		m, err := s.Read()
		if err != nil {
			return
		}
		if s.Take(m) == nil && m.Type == "ModifyQuerySet" {
			d.answer(s, m)
		}
	}
}

func (d *quiet) answer(s *syncfake.Socket, m syncfake.Message) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.changes = append(d.changes, m.Calls())
	var updates []string
	for _, mod := range m.Modifications {
		if mod.Type == "Add" {
			updates = append(updates, syncfake.Updated(mod.QueryID, `"value"`))
		}
	}
	_ = s.TryAnswer(d.latest, updates...)
}

func (d *quiet) commit(at syncfake.Timestamp) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.latest = at
}

// gateway is one replica in front of it.
func (d *quiet) gateway(t *testing.T) *functionService {
	client, err := convexlive.New("http://deployment", convexlive.Options{HTTPClient: d.HTTPClient()})
	if err != nil {
		t.Fatal(err)
	}
	sessions := lease.NewRegistry(lease.Config{})
	t.Cleanup(func() { sessions.Close(); _ = client.Close() })
	return &functionService{streams: live.New(live.Options{
		Queries: client, Sessions: sessions, UnreachableWait: time.Hour, Logger: slog.New(slog.DiscardHandler),
	})}
}

// first opens a stream and returns its first result.
func (d *quiet) first(ctx context.Context, t *testing.T, gateway *functionService, resumeToken string) *gatewayv1.SubscribeResponse {
	t.Helper()
	events := make(chan *gatewayv1.SubscribeResponse, 10)
	stream := recorder[gatewayv1.SubscribeResponse]{ctx: ctx, send: func(e *gatewayv1.SubscribeResponse) {
		if e.GetConnection() == nil {
			events <- e
		}
	}}
	go func() {
		_ = gateway.Subscribe(&gatewayv1.SubscribeRequest{Path: "a:b", ResumeToken: resumeToken}, stream)
	}()
	began := time.Now()
	synctest.Wait()
	e := <-events
	if time.Since(began) != 0 {
		t.Errorf("the first result takes %v", time.Since(began))
	}
	return e
}

// A stream that is resumed at another replica, where the query is live and quiet, is answered in a round trip, at the token's time or
// later, and without another query.
func TestResumeAtAnotherReplica(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &quiet{Endpoint: syncfake.New(t), latest: 1000}
		d.Serve = d.serve
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		here, there := d.gateway(t), d.gateway(t)
		if e := d.first(ctx, t, here, ""); e.GetReadTime().AsTime().UnixNano() != 1000 || e.GetValue().GetStringValue() != "value" {
			t.Errorf("got %v", e)
		}
		d.commit(2000) // of other tables
		e := d.first(ctx, t, there, "")
		if e.GetReadTime().AsTime().UnixNano() != 2000 {
			t.Errorf("got %v", e)
		}
		again := d.first(ctx, t, here, e.GetResumeToken())
		if again.GetUnchanged() == nil || again.GetReadTime().AsTime().UnixNano() != 2000 {
			t.Errorf("resumed with %v", again)
		}
		d.commit(3000)
		forged := resumeToken{readTime: 1 << 62}.String() // its time is never reached
		if e := d.first(ctx, t, here, forged); e.GetReadTime().AsTime().UnixNano() != 3000 {
			t.Errorf("got %v", e)
		}
		if got := fmt.Sprintf("%q", d.changes); got != `["+0 a:b{}" "+0 a:b{}" "" ""]` {
			t.Errorf("the deployment has got %s", got)
		}
		if e := d.first(ctx, t, here, ""); e.GetReadTime().AsTime().UnixNano() != 3000 {
			t.Errorf("who waits for nothing gets %v", e)
		}
		cancel()
		synctest.Wait()
	})
}

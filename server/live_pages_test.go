package server

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// livePages is a client that follows all pages of the deployment's rows through one of two replicas, over one wire.
type livePages struct {
	*testing.T
	*rand.Rand
	dev      *deployment.Deployment
	replicas [2]*gateway
	at       int // the replica that it is connected to
	start    func() *gateway
	wire     pagesWire
	id       int      // of its pages
	cursors  []string // where each page begins, in JSON
	pages    []rowPage
	tokens   []string // of each page
	n        int      // the counter's value
}

type row struct {
	ID       string  `json:"_id"`
	Position float64 `json:"position"`
}

type rowPage struct {
	Page           []row  `json:"page"`
	IsDone         bool   `json:"isDone"`
	ContinueCursor string `json:"continueCursor"`
}

// pagesWire is how the pages are followed.
type pagesWire interface {
	// open follows the pages at the replica, in place of those that were followed before.
	open(p *livePages)
	// settle returns when everything that the deployment has is in p.pages and p.tokens.
	settle(p *livePages)
	close()
}

// Live pages have no gaps and no doubles, whatever happens meanwhile: rows are inserted anywhere, and at the seams, rows at the seams are
// deleted, the gateway and the deployment restart, and the client goes on at another replica.
func TestLivePages(t *testing.T) {
	steps := 40
	if raceDetector {
		steps = 15
	}
	for name, wire := range map[string]func() pagesWire{
		"Subscribe": func() pagesWire { return &subscribedPages{} },
		"Watch": func() pagesWire {
			return &watchedPages{connect: func(ctx context.Context, g *gateway, queries []*gatewayv1.WatchQuery) *screen {
				w := g.watch(ctx)
				w.add(queries...)
				return w.screen
			}}
		},
		"WatchSet": func() pagesWire {
			return &watchedPages{connect: func(ctx context.Context, g *gateway, queries []*gatewayv1.WatchQuery) *screen {
				return g.watchSet(ctx, queries...)
			}}
		},
		"SSE": func() pagesWire {
			return &watchedPages{connect: func(ctx context.Context, g *gateway, queries []*gatewayv1.WatchQuery) *screen {
				return g.watchSSE(ctx, queries)
			}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startLivePages(t, wire())
			defer p.wire.close()
			for range steps {
				p.step()
			}
		})
	}
}

func startLivePages(t *testing.T, wire pagesWire) *livePages {
	t.Helper()
	d := startDeployment(t, deployment.Config{Controls: true})
	key, seed := newClusterKey(), rand.Uint64()
	t.Logf("seed %d", seed)
	p := &livePages{T: t, Rand: rand.New(rand.NewPCG(seed, 0)), dev: d, wire: wire, id: int(seed % 1000)}
	p.start = func() *gateway {
		return startBefore(t, d, func(c *Config) { c.ClusterKeys, c.Linger, c.MaxReadWait = Keys{key}, -1, patience })
	}
	p.replicas = [2]*gateway{p.start(), p.start()}
	for position := range 12 {
		p.insert(float64(position))
	}
	for cursor := "null"; ; cursor = string(mustJSON(t, p.pages[len(p.pages)-1].ContinueCursor)) {
		p.cursors, p.pages, p.tokens = append(p.cursors, cursor), append(p.pages, rowPage{}), append(p.tokens, "")
		p.wire.open(p)
		p.settle("open")
		if p.pages[len(p.pages)-1].IsDone {
			return p
		}
	}
}

func (p *livePages) gateway() *gateway { return p.replicas[p.at] }

// step does something at random, and checks the pages once all outcomes are in.
func (p *livePages) step() {
	p.Helper()
	name := "written"
	switch p.IntN(6) {
	case 0:
		name = "the gateway is restarted"
		p.wire.close()
		if err := p.gateway().stop(); err != nil {
			p.Error(err)
		}
		p.writes()
		p.replicas[p.at] = p.start()
		p.wire.open(p)
	case 1:
		name = "the client goes to the other replica"
		p.wire.close()
		p.writes()
		p.at = 1 - p.at
		p.wire.open(p)
	case 2:
		name = "the deployment is restarted"
		p.dev.Restart(false)
		for _, g := range p.replicas {
			g.client.CloseIdleConnections()
		}
		p.writes()
	default:
		p.write()
	}
	p.settle(name)
}

// writes changes as much as fits between two connections.
func (p *livePages) writes() {
	for range p.IntN(4) {
		p.write()
	}
}

// write inserts or deletes one row, at an end or at a seam. The rows are those that the client has, so an earlier write may have deleted one.
func (p *livePages) write() {
	full := slices.DeleteFunc(slices.Clone(p.pages), func(c rowPage) bool { return len(c.Page) == 0 })
	if len(full) == 0 {
		p.insert(0)
		return
	}
	rows := full[p.IntN(len(full))].Page
	first, last := rows[0], rows[len(rows)-1]
	switch p.IntN(6) {
	case 0:
		p.insert(full[0].Page[0].Position - 1)
	case 1:
		p.insert(p.Float64() * 12)
	case 2: // behind the page's last row, and so the next page's first
		p.insert(last.Position)
	case 3: // before its first row
		p.insert(first.Position - 1e-6)
	case 4:
		p.delete(first)
	case 5:
		p.delete(last)
	}
}

func (p *livePages) insert(position float64) {
	p.gateway().straight("mutation", "testing:insertRow", fmt.Sprintf(`{"position":%v}`, position))
}

func (p *livePages) delete(r row) {
	if slices.ContainsFunc(p.rows(), func(other row) bool { return other.ID == r.ID }) {
		p.gateway().straight("mutation", "testing:deleteRow", fmt.Sprintf(`{"id":%q}`, r.ID))
	}
}

// rows returns the deployment's own rows.
func (p *livePages) rows() []row {
	text := p.gateway().straight("query", "testing:rows", `{"paginationOpts":{"numItems":1000,"cursor":null}}`)
	var answer struct{ Value rowPage }
	if err := json.Unmarshal([]byte(text), &answer); err != nil || !answer.Value.IsDone {
		p.Fatalf("%v: %s", err, text)
	}
	return answer.Value.Page
}

// settle waits for all outcomes, and compares the pages with the deployment's rows.
func (p *livePages) settle(after string) {
	p.Helper()
	p.wire.settle(p)
	var got []row
	for _, c := range p.pages {
		got = append(got, c.Page...)
	}
	want := p.rows()
	if !p.pages[len(p.pages)-1].IsDone {
		want = want[:min(len(want), len(got))]
	}
	if !slices.Equal(got, want) {
		p.Fatalf("after %q the client has\n%v, and the deployment\n%v", after, p.pages, want)
	}
}

func (p *livePages) args(i int) string {
	return fmt.Sprintf(`{"paginationOpts":{"numItems":3,"cursor":%s,"id":%d}}`, p.cursors[i], p.id)
}

// take takes over an outcome of a page. Its text is nil if it is unchanged.
func (p *livePages) take(i int, text []byte, token string) {
	if p.tokens[i] = token; text == nil {
		return
	}
	p.pages[i] = rowPage{}
	if err := json.Unmarshal(text, &p.pages[i]); err != nil {
		p.Fatalf("page %d: %v: %s", i, err, text)
	}
}

// watchedPages are the pages of one Watch or WatchSet, with a counter beside them: when that has its newest value, so have the pages.
type watchedPages struct {
	connect func(ctx context.Context, g *gateway, queries []*gatewayv1.WatchQuery) *screen
	screen  *screen
	cancel  context.CancelFunc
}

func (w *watchedPages) open(p *livePages) {
	w.close()
	queries := []*gatewayv1.WatchQuery{watchedCounter(1, "settled")}
	for i := range p.pages {
		q := watched(uint32(i+2), "testing:rows", p.args(i))
		q.ResumeToken = p.tokens[i]
		queries = append(queries, q)
	}
	var ctx context.Context
	ctx, w.cancel = context.WithCancel(p.Context())
	w.screen = w.connect(ctx, p.gateway(), queries)
}

func (w *watchedPages) close() {
	if w.cancel != nil {
		w.cancel()
	}
}

func (w *watchedPages) settle(p *livePages) {
	p.gateway().straight("mutation", "counter:add", `{"name":"settled"}`)
	p.n++
	w.screen.until(func() bool {
		return len(w.screen.shown) == len(p.pages)+1 && w.screen.ofGroup(0).complete && w.screen.outcome(1) == fmt.Sprint(p.n)
	})
	for i := range p.pages {
		switch c := w.screen.shown[uint32(i+2)]; {
		case c.GetUnchanged() != nil:
			p.take(i, nil, c.GetResumeToken())
		case c.GetValueJson() != nil || c.GetValue() != nil:
			p.take(i, []byte(w.screen.outcome(uint32(i+2))), c.GetResumeToken())
		default:
			p.Fatalf("page %d: %v", i, c)
		}
	}
}

// subscribedPages are the pages of one Subscribe each, which begins again at each step and holds its result back until that reflects it.
type subscribedPages struct{}

func (*subscribedPages) open(*livePages) {}
func (*subscribedPages) close()          {}

func (*subscribedPages) settle(p *livePages) {
	g := p.gateway()
	written, err := g.functions.Mutate(g.context(), &gatewayv1.MutateRequest{
		Path: "counter:add", ArgsJson: []byte(`{"name":"settled"}`), RequestId: randomID(),
	})
	if err != nil {
		p.Fatal(err)
	}
	for i := range p.pages {
		text, token := g.pageAt(p.args(i), p.tokens[i], written.GetCommitTime())
		p.take(i, text, token)
	}
}

// pageAt returns a page's first result at a time, or nil if it is unchanged.
func (g *gateway) pageAt(args, token string, at *timestamppb.Timestamp) (text []byte, next string) {
	s := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{
		Path: "testing:rows", ArgsJson: []byte(args), ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON, ResumeToken: token, MinReadTime: at,
	})
	defer s.cancel()
	e := result(s)
	if e.GetUnchanged() == nil && e.GetValueJson() == nil {
		g.t.Fatalf("%v", e)
	}
	return e.GetValueJson(), e.GetResumeToken()
}

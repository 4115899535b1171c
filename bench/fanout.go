package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"convexgateway/bench/load"
	"convexgateway/bench/process"
	"convexgateway/bench/table"
	"convexgateway/bench/wire"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// shape is how many streams there are on how many connections, and what they are sent.
type shape struct {
	streams, conns int
	size           int  // bytes of JSON of an update, approximately
	rounds         int  // updates that are measured
	stopped        bool // one stream in a hundred is not read
}

func (s shape) String() string {
	conns := "one each"
	if s.conns < s.streams {
		conns = fmt.Sprint(s.conns, " connections")
	}
	text := fmt.Sprintf("%s on %s, %s KiB", thousands(s.streams), conns, figureOfSize(s.size))
	if s.stopped {
		text += ", 1 % not read"
	}
	return text
}

func thousands(n int) string {
	if n >= 1000 {
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	}
	return fmt.Sprint(n)
}

func figureOfSize(bytes int) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(bytes)/1024), ".0")
}

// streamServer is a measured server with streams, and its figures by shape.
type streamServer struct {
	name string
	*process.Process
	addr   string
	feed   *load.Feed
	form   form
	shared func(context.Context) error // checks that the streams share their upstream query; nil for a floor
	cpu    map[shape]table.Series      // µs of the server's CPU per message to a stream that is read
	last   map[shape]table.Series      // ms until the last of those streams has an update
	opened map[shape]table.Series      // bytes of memory with all streams open
}

// form is how streams are opened and read.
type form struct {
	open    func(context.Context, load.Open, load.Receiver) (load.Streams, error)
	decode  func([]byte) (load.Event, error)
	request func(stream int, resume string) load.Request
}

var overGRPC = form{
	open: func(ctx context.Context, o load.Open, to load.Receiver) (load.Streams, error) {
		return load.OpenGRPC(ctx, o, to)
	},
	decode: load.DecodeGRPC,
	request: func(_ int, resume string) load.Request {
		message, err := proto.Marshal(&gatewayv1.SubscribeRequest{Path: wire.LivePath, ResumeToken: resume})
		if err != nil {
			panic(err) // our own message
		}
		return load.Request{Path: gatewayv1.FunctionService_Subscribe_FullMethodName, Message: message}
	},
}

var overSSE = form{
	open: func(ctx context.Context, o load.Open, to load.Receiver) (load.Streams, error) {
		return load.OpenSSE(ctx, o, to)
	},
	decode: load.DecodeSSE,
	request: func(int, string) load.Request {
		return load.Request{Path: "/v1/subscribe?path=" + wire.LivePath}
	},
}

// The same by the Connect protocol, in proto JSON and in protobuf.
var (
	connectJSON = overConnect("application/connect+json", load.DecodeJSON, fmt.Appendf(nil, `{"path":%q}`, wire.LivePath))
	connectWire = overConnect("application/connect+proto", load.DecodeGRPC, encoded(&gatewayv1.SubscribeRequest{Path: wire.LivePath}))
)

// overConnect is the Connect protocol with messages in protobuf or proto JSON.
func overConnect(contentType string, decode func([]byte) (load.Event, error), message []byte) form {
	return form{
		open: func(ctx context.Context, o load.Open, to load.Receiver) (load.Streams, error) {
			return load.OpenConnect(ctx, contentType, o, to)
		},
		decode: decode,
		request: func(int, string) load.Request {
			return load.Request{Path: gatewayv1.FunctionService_Subscribe_FullMethodName, Message: message}
		},
	}
}

func newStreamServer(name string, p *process.Process, addr string, feed *load.Feed, f form) *streamServer {
	return &streamServer{
		name: name, Process: p, addr: addr, feed: feed, form: f,
		cpu: map[shape]table.Series{}, last: map[shape]table.Series{}, opened: map[shape]table.Series{},
	}
}

// subscribed are streams that all have their first value.
type subscribed struct {
	*load.Subscribers
	streams load.Streams // their connections
}

func (s subscribed) close() {
	s.Closing()
	s.streams.Close()
}

// subscribe opens the streams of a shape and waits for their first value. Without a resume token it publishes one of size bytes.
func (b *bench) subscribe(ctx context.Context, s *streamServer, sh shape, resume string, size int) (subscribed, error) {
	o := load.Open{Addr: s.addr, Conns: sh.conns, Streams: sh.streams}
	o.Request = func(stream int) load.Request { return s.form.request(stream, resume) }
	if sh.stopped {
		o.Stopped = func(i int) bool { return i%100 == 50 }
	}
	a := load.NewSubscribers(s.feed, s.name, o, s.form.decode, &b.faults)
	seq := s.feed.Newest()
	if resume == "" {
		var err error
		if seq, err = s.feed.Publish(ctx, size); err != nil {
			return subscribed{}, err
		}
	}
	a.Await(seq)
	streams, err := s.form.open(ctx, o, a)
	if err != nil {
		return subscribed{}, err
	}
	on := subscribed{a, streams}
	if err := a.Wait(ctx); err != nil {
		on.close()
		return subscribed{}, err
	}
	return on, nil
}

// Before a measurement some updates are sent: to fill the flow-control windows of streams that are not read, and to warm up.
const (
	fillRounds = 10
	fillSize   = 20 << 10
	warmRounds = 2
)

// measureFanout opens streams and sends them updates.
func (b *bench) measureFanout(ctx context.Context, s *streamServer, sh shape) error {
	on, err := b.subscribe(ctx, s, sh, "", sh.size)
	if err != nil {
		return err
	}
	defer on.close()
	if sh.stopped {
		if _, err := rounds(ctx, on, fillRounds, fillSize); err != nil {
			return err
		}
	}
	if _, err := rounds(ctx, on, warmRounds, sh.size); err != nil {
		return err
	}
	if s.shared != nil {
		if err := s.shared(ctx); err != nil {
			return err
		}
	}
	s.Label = sh.String()
	var took []time.Duration
	spent, err := s.Spend(func() error {
		took, err = rounds(ctx, on, sh.rounds, sh.size)
		return err
	})
	if err != nil {
		return err
	}
	memory, err := s.RSS()
	if err != nil {
		return err
	}
	readers := sh.streams
	if sh.stopped {
		readers -= sh.streams / 100
	}
	s.cpu[sh] = append(s.cpu[sh], micros(spent)/float64(sh.rounds*readers))
	s.last[sh] = append(s.last[sh], micros(took[len(took)/2])/1000)
	s.opened[sh] = append(s.opened[sh], memory)
	if sh.stopped { // a stream that was not read gets the newest value instead of each missed one
		on.streams.Resume()
		if err := on.Newest(ctx); err != nil {
			return err
		}
		if on.Skipped() == 0 {
			b.faults.Add("%s: %s: those who did not read were kept every update", s.name, sh)
		}
	}
	return nil
}

// rounds sends n updates, each when all streams have the one before, and returns how long each took, sorted.
func rounds(ctx context.Context, on subscribed, n, size int) ([]time.Duration, error) {
	took := make([]time.Duration, n)
	for i := range n {
		var err error
		if took[i], err = on.Round(ctx, size); err != nil {
			return nil, err
		}
	}
	slices.Sort(took)
	return took, nil
}

// alternate measures the servers in turn with each shape. Shapes with streams that are not read are skipped for the floor,
// which they would block.
func (b *bench) alternate(ctx context.Context, shapes []shape, floor *streamServer, gateways ...*streamServer) error {
	for range b.runs {
		for _, sh := range shapes {
			for _, s := range append([]*streamServer{floor}, gateways...) {
				if s == floor && sh.stopped {
					continue
				}
				if err := b.measureFanout(ctx, s, sh); err != nil {
					return fmt.Errorf("%s: %s: %w", s.name, sh, err)
				}
			}
		}
	}
	return nil
}

// steady checks that the same streams do not need more memory the third time than the first.
func (b *bench) steady(s *streamServer, sh shape) {
	const more = 1.5
	if m := s.opened[sh]; len(m) > 2 && m[len(m)-1] > more*m[0] {
		b.faults.Add("%s: %s: %.0f MiB of memory at first, later %.0f", s.name, sh, m[0]/(1<<20), m[len(m)-1]/(1<<20))
	}
}

const cpuPerMessage, lastStream = "CPU µs per message", "ms to the last"

// fanout measures a value that is sent to all streams, against W.
func (b *bench) fanout(ctx context.Context) error {
	up, g, err := b.upstreamAndGateway(ctx)
	if err != nil {
		return err
	}
	p, at, err := b.own(ctx, "fanout")
	if err != nil {
		return err
	}
	w := newStreamServer("W", p, at.GRPC, load.NewFeed("http://"+at.HTTP), overGRPC)
	gate := newStreamServer("gateway", g.Process, g.grpc, up.feed, overGRPC)
	gate.shared = func(ctx context.Context) error { return b.oneQuery(ctx, up) }

	many, some, few := b.count(10_000, 400), b.count(1_000, 100), b.count(100, 20)
	tens, hundreds := 10, b.count(100, 20)
	alone := b.sockets(many)
	n := b.count(40, 3)
	thousand := shape{streams: some, conns: tens, size: 2 << 10, rounds: 5 * n}
	tight := shape{streams: many, conns: tens, size: 2 << 10, rounds: n}
	shared := shape{streams: many, conns: hundreds, size: 2 << 10, rounds: n}
	sharedStopped, separate := shared, shape{streams: alone, conns: alone, size: 2 << 10, rounds: n}
	sharedStopped.stopped = true
	separateStopped := separate
	separateStopped.stopped = true
	small := shape{streams: many, conns: hundreds, size: 205, rounds: n}
	large := shape{streams: some, conns: hundreds, size: 20 << 10, rounds: n}
	huge := shape{streams: few, conns: tens, size: 500 << 10, rounds: n}
	all := []shape{thousand, tight, shared, sharedStopped, separate, separateStopped, small, large, huge}
	if err := b.alternate(ctx, all, w, gate); err != nil {
		return err
	}

	compare := func(target string, sh shape, cpu, last table.Goal) {
		what := "fan-out of a Value: " + sh.String()
		b.add(table.Row{Target: target, What: what, Unit: cpuPerMessage, Floor: "W", There: w.cpu[sh], Gateway: gate.cpu[sh], Goal: cpu})
		b.add(table.Row{Target: target, What: what, Unit: lastStream, Floor: "W", There: w.last[sh], Gateway: gate.last[sh], Goal: last})
	}
	compare("3", thousand, table.AtMost(2), table.Goal{})
	compare("3", tight, table.AtMost(2), table.AtMost(2))
	compare("3", shared, table.AtMost(2), table.AtMost(2))
	compare("3", separate, table.AtMost(1.25), table.AtMost(1.25))
	for _, sh := range []shape{small, large, huge} {
		compare("", sh, table.Goal{}, table.Goal{})
	}
	b.compareStopped("3", gate, sharedStopped, shared)
	b.compareStopped("3", gate, separateStopped, separate)
	b.steady(gate, shared)
	b.finish(ctx, g)
	return nil
}

// compareStopped compares streams that share a server with streams that are not read, with the same streams alone.
func (b *bench) compareStopped(target string, s *streamServer, stopped, all shape) {
	what := "the others, when " + stopped.String()
	b.add(table.Row{Target: target, What: what, Unit: cpuPerMessage, Floor: "all read", There: s.cpu[all], Gateway: s.cpu[stopped], Goal: table.AtMost(1.25)})
	b.add(table.Row{Target: target, What: what, Unit: lastStream, Floor: "all read", There: s.last[all], Gateway: s.last[stopped], Goal: table.AtMost(1.25)})
}

// sse measures the same over server-sent events, one stream a connection, against SSE by hand; and over Connect against SSE.
func (b *bench) sse(ctx context.Context) error {
	up, g, err := b.upstreamAndGateway(ctx)
	if err != nil {
		return err
	}
	p, at, err := b.own(ctx, "sse")
	if err != nil {
		return err
	}
	hand := newStreamServer("SSE by hand", p, at.HTTP, load.NewFeed("http://"+at.HTTP+"/bench/publish"), overSSE)
	gate := newStreamServer("gateway", g.Process, g.http, up.feed, overSSE)
	gate.shared = func(ctx context.Context) error { return b.oneQuery(ctx, up) }
	asJSON := newStreamServer("Connect, JSON", g.Process, g.http, up.feed, connectJSON)
	asProto := newStreamServer("Connect, protobuf", g.Process, g.http, up.feed, connectWire)

	many, some, n := b.sockets(b.count(10_000, 300)), b.count(1_000, 100), b.count(20, 3)
	thousand := shape{streams: some, conns: some, size: 2 << 10, rounds: 5 * n}
	all := shape{streams: many, conns: many, size: 2 << 10, rounds: n}
	stopped := thousand // no more: the gateway closes a stream that was not read for a minute
	stopped.stopped = true
	large := shape{streams: some, conns: some, size: 20 << 10, rounds: n}
	if err := b.alternate(ctx, []shape{thousand, stopped, all, large}, hand, gate, asJSON, asProto); err != nil {
		return err
	}
	for _, sh := range []shape{thousand, all, large} {
		b.add(table.Row{Target: "4", What: "SSE: " + sh.String(), Unit: cpuPerMessage, Floor: hand.name, There: hand.cpu[sh], Gateway: gate.cpu[sh], Goal: table.AtMost(1.25)})
		b.add(table.Row{What: "SSE: " + sh.String(), Unit: lastStream, Floor: hand.name, There: hand.last[sh], Gateway: gate.last[sh]})
	}
	b.compareStopped("", gate, stopped, thousand)
	b.steady(gate, all)
	for _, s := range []*streamServer{asJSON, asProto} {
		for _, sh := range []shape{thousand, all, large} {
			what := s.name + ": " + sh.String()
			b.add(table.Row{What: what, Unit: cpuPerMessage, Floor: "the gateway's SSE", There: gate.cpu[sh], Gateway: s.cpu[sh], Goal: table.AtMost(1.25)})
			b.add(table.Row{What: what, Unit: lastStream, Floor: "the gateway's SSE", There: gate.last[sh], Gateway: s.last[sh]})
		}
		b.compareStopped("", s, stopped, thousand)
		b.steady(s, all)
	}
	b.finish(ctx, g)
	return nil
}

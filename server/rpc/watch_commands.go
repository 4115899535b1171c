package rpc

import (
	"context"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc/metadata"

	"convexgateway/auth"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/audit"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// maxCommands is how many commands may wait until they are applied. A client that does not read has no more received, so that it cannot have
// the gateway keep what grows with their number.
const maxCommands = 2_000

// watchCommand is a checked command. Exactly one of its fields is set.
type watchCommand struct {
	add        *watchedQuery
	remove     uint32
	checkpoint *checkpoint
	refused    auth.Reason // of a token
}

type checkpoint struct {
	group     uint32
	notBefore uint64 // 0: the latest commit
}

// watchCommands receive the commands of a Watch stream. They are a [live.Commands].
type watchCommands struct {
	sink     *watchSink
	identify func(context.Context) (*auth.Identity, *auth.Error)
	audit    *audit.Log
	window   *window
	hold     *limit.Hold
	parser   queryParser

	waiting atomic.Bool // the list is not empty

	mu     sync.Mutex
	list   []watchCommand // received, not applied
	closed bool           // the stream has ended
	room   chan struct{}  // closed when the list is shorter, or the stream has ended; nil while nobody waits for that
}

func newWatchCommands(sink *watchSink, parser queryParser, identify func(context.Context) (*auth.Identity, *auth.Error), log *audit.Log) *watchCommands {
	ctx := sink.stream.Context()
	return &watchCommands{
		sink: sink, identify: identify, audit: log, window: windowFrom(ctx), hold: call.From(ctx).Hold, parser: parser,
	}
}

// Receive implements [live.Commands].
func (c *watchCommands) Receive() error {
	var m gatewayv1.WatchRequest
	for {
		if err := c.sink.stream.RecvMsg(&m); err != nil {
			return err
		}
		command, err := c.parse(&m)
		if err != nil {
			return err
		}
		m.Reset()
		if command != (watchCommand{}) && !c.put(command) {
			return context.Canceled
		}
	}
}

// parse checks a command. It applies those that need no order among the others; the zero command is nothing to be applied.
func (c *watchCommands) parse(m *gatewayv1.WatchRequest) (watchCommand, error) {
	switch command := m.GetCommand().(type) {
	case *gatewayv1.WatchRequest_Open:
		return watchCommand{}, call.InvalidField("open", "must be the first command, and no other")
	case *gatewayv1.WatchRequest_Add:
		return c.add(command.Add)
	case *gatewayv1.WatchRequest_Remove:
		return watchCommand{remove: command.Remove}, nil
	case *gatewayv1.WatchRequest_Token:
		return watchCommand{refused: c.refresh(command.Token)}, nil
	case *gatewayv1.WatchRequest_Checkpoint:
		at, err := parseTime("min_read_time", command.Checkpoint.GetMinReadTime())
		return watchCommand{checkpoint: &checkpoint{command.Checkpoint.GetGroup(), at}}, err
	}
	return watchCommand{}, call.InvalidField("command", "must be set, to a command that this gateway has")
}

// add checks a query. Its bytes are held until it is applied: from then on they are those of a live query.
func (c *watchCommands) add(q *gatewayv1.WatchQuery) (watchCommand, error) {
	query, err := c.parser.parse(q)
	if err != nil {
		return watchCommand{}, err
	}
	if query.err == nil {
		query.err = c.hold.Take(len(query.inv.Args))
	}
	if query.err != nil {
		query.inv = Invocation{}
	}
	return watchCommand{add: query}, nil
}

// refresh gives the stream a newer token. It returns the reason if that is refused; empty if it is not.
func (c *watchCommands) refresh(token string) auth.Reason {
	md, _ := metadata.FromIncomingContext(c.sink.stream.Context())
	next := metadata.Pairs("authorization", "Bearer "+token)
	if user := md.Get(auth.OnBehalfOf); user != nil {
		next.Set(auth.OnBehalfOf, user...)
	}
	id, problem := c.identify(metadata.NewIncomingContext(c.sink.stream.Context(), next))
	if problem == nil {
		problem = auth.CheckRefreshable(id)
	}
	if problem == nil {
		err := c.sink.Refresh(id)
		if err == nil {
			return ""
		}
		return auth.Reason(call.ProblemOf(err).Reason)
	}
	if problem.Class == auth.Unavailable {
		c.sink.RefreshFailed(problem)
	} else {
		c.audit.Refused(c.sink.stream.Context(), string(problem.Reason))
	}
	return problem.Reason
}

// put adds a command to the list, when there is room. It reports false if the stream has ended.
func (c *watchCommands) put(command watchCommand) bool {
	for {
		room, closed := c.append(command)
		switch {
		case closed:
			return false
		case room == nil:
			c.sink.CommandsWait()
			return true
		}
		select {
		case <-room:
		case <-c.sink.stream.Context().Done():
			return false
		}
	}
}

// append adds a command to the list. If that is full, it returns what is closed when it is not.
func (c *watchCommands) append(command watchCommand) (room chan struct{}, closed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.list) < maxCommands {
		c.list = append(c.list, command)
		c.waiting.Store(true)
		return nil, c.closed
	}
	if c.room == nil {
		c.room = make(chan struct{})
	}
	return c.room, c.closed
}

// Apply implements [live.Commands].
func (c *watchCommands) Apply() error {
	if !c.waiting.Load() {
		return nil
	}
	for _, command := range c.taken() {
		if err := c.apply(command); err != nil {
			return err
		}
	}
	return nil
}

// taken takes all commands.
func (c *watchCommands) taken() []watchCommand {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.list
	c.list = nil
	c.waiting.Store(false)
	c.signal()
	return list
}

func (c *watchCommands) apply(command watchCommand) error {
	switch {
	case command.add != nil:
		c.hold.Give(len(command.add.inv.Args))
		return c.sink.add(command.add)
	case command.checkpoint != nil:
		return c.sink.checkpoint(*command.checkpoint)
	case command.refused != "":
		return c.sink.refused(command.refused)
	default:
		c.sink.remove(command.remove)
	}
	return nil
}

// Interrupt implements [live.Commands].
func (c *watchCommands) Interrupt() {
	c.window.interrupt()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.signal()
}

// signal ends a wait for room. The caller holds mu.
func (c *watchCommands) signal() {
	if c.room != nil {
		close(c.room)
		c.room = nil
	}
}

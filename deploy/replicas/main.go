package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// plan is the size of the test.
type plan struct {
	users, channels  int
	channelsOfUser   int           // channels that each user follows
	streamsOfChannel int           // streams for each of them
	rate             int           // messages a second, in all
	steady           time.Duration // before, between and after the restarts
	settle           time.Duration // limit until the streams have the last message
	previous         string        // an earlier program, from which and to which replicas change; "": all have the same
}

func (p plan) queries() int { return p.users * p.channelsOfUser }
func (p plan) streams() int { return p.queries() * p.streamsOfChannel }

func main() {
	p := plan{users: 100, channels: 50, channelsOfUser: 5, streamsOfChannel: 4, rate: 50, settle: time.Minute}
	flag.DurationVar(&p.steady, "steady", 8*time.Second, "time before, between and after the restarts")
	flag.StringVar(&p.previous, "previous", "", "an earlier convexgateway: replicas change from it to this one, and back")
	limit := flag.Duration("limit", 9*time.Minute, "the proof fails if it takes longer")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithTimeoutCause(ctx, *limit, fmt.Errorf("not done within %v", *limit))
	err := prove(ctx, p, os.Stdout)
	if ctx.Err() != nil {
		err = errors.Join(context.Cause(ctx), err)
	}
	cancel()
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "replicas: %v\n", err)
		os.Exit(1)
	}
	fmt.Fprintln(os.Stdout, "proved")
}

// prove runs the whole test, and stops everything that it has started.
func prove(ctx context.Context, p plan, out io.Writer) error {
	cluster, err := startCluster(ctx, p.previous)
	if err != nil {
		return err
	}
	defer cluster.stop()
	ctx, cancel := context.WithCancel(ctx)
	clients, err := cluster.startClients(ctx, p)
	defer clients.stop()
	defer cancel()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d streams of %d users on %d replicas, %d queries\n", p.streams(), p.users, replicas, p.queries())

	clients.write(ctx, p)
	before, err := clients.observe(ctx, p.steady)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "before    %v\n", before)
	during, err := clients.observeWhile(ctx, func() error { return cluster.rollingRestart(ctx, cluster.restarts(p.previous), p.steady, out) })
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "restarts  %v\n", during)
	after, err := clients.observe(ctx, p.steady)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "after     %v\n", after)
	if err := clients.finish(ctx, p.settle, out); err != nil {
		return err
	}
	return errors.Join(checkLoad(p, before, during, after), clients.newer(ctx), clients.signOuts(ctx))
}

// checkLoad compares the load of the deployment during the restarts and after them with that before.
func checkLoad(p plan, before, during, after observation) error {
	var errs []error
	must := func(holds bool, format string, args ...any) {
		if !holds {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	must(during.reconnects >= p.streams(), "only %d of %d streams were ended by the restarts", during.reconnects, p.streams())
	if p.previous != "" { // two programs need not cost the same
		return errors.Join(errs...)
	}
	// The proxy's bound divides a few users' streams between two replicas, because replicas differ most while few streams are open.
	for _, o := range []observation{before, after} {
		must(o.sockets <= p.users+p.users/10, "%d sockets upstream for %d users", o.sockets, p.users)
	}
	must(after.runsPerMessage() <= 1.1*before.runsPerMessage(),
		"each message cost %.1f query runs before the restarts, and %.1f after", before.runsPerMessage(), after.runsPerMessage())
	// A query that moves to another replica is run there once, however many streams it has. A message costs the same runs as
	// before, and for some seconds of each drain twice as many: a query is kept for a while after its streams have left the
	// replica.
	allowed := before.runsPerMessage()*float64(during.messages)*1.2 + float64(during.moves)
	must(float64(during.runs) <= allowed, "%d query runs during the restarts, for %d messages and %d queries moved: %.0f are allowed",
		during.runs, during.messages, during.moves, allowed)
	return errors.Join(errs...)
}

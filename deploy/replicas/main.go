// Command replicas proves that a gateway of three replicas is restarted without a loss: behind HAProxy, as deploy/haproxy
// configures it, and with NATS between them, while clients follow queries and write.
//
//	go run ./deploy/replicas    # needs haproxy 2.6 or newer in the PATH
//
// Each client follows the newest message of a channel; each channel has one writer, whose messages are numbered. All three
// replicas are stopped and started, one after the other. Then: every stream has the last message, none has seen an older
// one after a newer one, each message is there once and in order, and the reconnects have not multiplied the queries
// upstream. In the end a sign-out on any replica must end the streams of others. The first failure ends it with code 1.
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

// plan is the size of the proof.
type plan struct {
	users, channels  int
	channelsOfUser   int           // each user follows so many
	streamsOfChannel int           // with so many streams each
	rate             int           // messages a second, in all
	steady           time.Duration // before, between and after the restarts
	settle           time.Duration // how long clients may take to be at the end
}

func (p plan) queries() int { return p.users * p.channelsOfUser }
func (p plan) streams() int { return p.queries() * p.streamsOfChannel }

func main() {
	p := plan{users: 100, channels: 50, channelsOfUser: 5, streamsOfChannel: 4, rate: 50, settle: time.Minute}
	flag.DurationVar(&p.steady, "steady", 8*time.Second, "time before, between and after the restarts")
	limit := flag.Duration("limit", 170*time.Second, "the proof fails if it takes longer")
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

// prove runs all, and stops what it started.
func prove(ctx context.Context, p plan, out io.Writer) error {
	cluster, err := startCluster(ctx)
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
	during, err := clients.observeWhile(ctx, func() error { return cluster.rollingRestart(ctx, p.steady, out) })
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
	return errors.Join(judge(p, before, during, after), clients.signOuts(ctx))
}

// judge compares what the deployment had to do.
func judge(p plan, before, during, after observation) error {
	var errs []error
	must := func(holds bool, format string, args ...any) {
		if !holds {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	must(during.reconnects >= p.streams(), "only %d of %d streams were ended by the restarts", during.reconnects, p.streams())
	for _, o := range []observation{before, after} {
		must(o.sockets <= p.users+p.users/20, "%d sockets upstream for %d users", o.sockets, p.users)
	}
	must(after.runsPerMessage() <= 1.1*before.runsPerMessage(),
		"each message cost %.1f query runs before the restarts, and %.1f after", before.runsPerMessage(), after.runsPerMessage())
	// A query that moves to another replica is run there once, however many streams it has. The messages cost what they did,
	// and for seconds of each drain twice: a query without streams lingers on the replica that they left.
	allowed := before.runsPerMessage()*float64(during.messages)*1.2 + float64(during.moves)
	must(float64(during.runs) <= allowed, "%d query runs during the restarts, for %d messages and %d queries moved: %.0f are allowed",
		during.runs, during.messages, during.moves, allowed)
	return errors.Join(errs...)
}

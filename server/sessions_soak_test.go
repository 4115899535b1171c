package server

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

var soakSessions = flag.Int("sessions", 20, "how many sessions TestManySessions has, of ten streams each")

// TestManySessions takes many sessions of ten streams each through refresh, expiry and sign-out. Afterwards there are as many
// goroutines, and as much is on the heap, as before. `-sessions 1000` makes 10,000 streams.
func TestManySessions(t *testing.T) {
	d := startDeployment(t, deployment.Config{})
	g := startBefore(t, d, func(c *Config) { c.Logger = slog.New(slog.DiscardHandler); c.RefreshGrace = time.Second })
	g.manySessions(1, 4*time.Second) // what is made once
	eventually(t, "the first session's socket is closed", func() bool { return d.Stats().Sockets == 0 })
	goroutines, before := runtime.NumGoroutine(), heap()
	began := time.Now()
	peak := g.manySessions(*soakSessions, 4*time.Second+time.Duration(*soakSessions)*30*time.Millisecond)
	eventually(t, "all sockets are closed", func() bool { return d.Stats().Sockets == 0 })
	eventually(t, fmt.Sprintf("goroutines are back to %d", goroutines), func() bool { return runtime.NumGoroutine() <= goroutines+5 })
	// The runtime keeps the headers of goroutines that have ended, some 450 bytes each; the development Clerk instance and
	// the deployment keep their sessions.
	after := checkGrown(t, before, 4<<20+600*int64(peak)+int64(*soakSessions)<<12)
	t.Logf("%d streams of %d sessions in %v: %d goroutines before, %d after; %d at most; heap %d KiB before, %d KiB after; %d Authenticate messages",
		10**soakSessions, *soakSessions, time.Since(began).Round(time.Second), goroutines, runtime.NumGoroutine(), peak, before>>10, after>>10, d.Stats().Authenticates)
}

// manySessions opens the streams with tokens of that lifetime, or a longer one for a session that takes longer to open, and
// follows them to their end: every second session is refreshed and, after the end of its first token, signs out; the others
// expire. It returns how many goroutines there were at most.
func (g *gateway) manySessions(sessions int, lifetime time.Duration) (peak int) {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), 10*lifetime+patience)
	defer cancel()
	var conns []*grpc.ClientConn
	for range 1 + sessions/50 {
		conn, err := grpc.NewClient(g.GRPCAddr(), grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			g.t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		conns = append(conns, conn)
	}
	busy := make(chan struct{}, 16) // sessions that are being opened
	var goroutines atomic.Int64
	var work sync.WaitGroup
	for i := range sessions {
		busy <- struct{}{}
		work.Go(func() {
			s := &manyStreams{g: g, ctx: ctx, conn: conns[i%len(conns)], user: fmt.Sprintf("u%d", i), want: "TOKEN_EXPIRED"}
			s.open(lifetime)
			<-busy
			goroutines.Store(max(goroutines.Load(), int64(runtime.NumGoroutine())))
			s.live(i%2 == 0)
		})
	}
	work.Wait()
	return int(goroutines.Load())
}

// manyStreams are the ten streams of one session.
type manyStreams struct {
	g     *gateway
	ctx   context.Context
	conn  *grpc.ClientConn
	user  string
	until time.Time // when the token of open expires
	ended sync.WaitGroup

	mu   sync.Mutex
	want string // the reason that the streams may end for
}

func (s *manyStreams) key() string { return "a refresh key that is long: " + s.user }

func (s *manyStreams) as(lifetime time.Duration) context.Context {
	return withToken(s.ctx, s.g.token(deployment.TokenRequest{User: s.user, TTL: lifetime.Truncate(time.Second)}))
}

func (s *manyStreams) expect(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.want = reason
}

// open opens the streams, and returns when each has its value.
func (s *manyStreams) open(lifetime time.Duration) {
	err := withinLifetime(lifetime.Truncate(time.Second), func(lifetime time.Duration) error {
		s.ended.Wait() // of streams whose token has expired meanwhile
		s.until = time.Now().Add(lifetime)
		return s.openTen(s.as(lifetime))
	})
	if err != nil {
		s.g.t.Errorf("%s: %v", s.user, err)
	}
}

func (s *manyStreams) openTen(ctx context.Context) error {
	var ready sync.WaitGroup
	for range 10 {
		stream, err := gatewayv1.NewFunctionServiceClient(s.conn).Subscribe(ctx, &gatewayv1.SubscribeRequest{
			Path: "counter:get", ArgsJson: fmt.Appendf(nil, `{"name":%q}`, s.user),
			ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON, RefreshKey: s.key(),
		})
		if err != nil {
			return err
		}
		ready.Add(1)
		s.ended.Go(func() { s.follow(stream, sync.OnceFunc(ready.Done)) })
	}
	ready.Wait()
	return nil
}

func (s *manyStreams) follow(stream grpc.ServerStreamingClient[gatewayv1.SubscribeResponse], ready func()) {
	defer ready()
	for {
		event, err := stream.Recv()
		if err != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			if got := fmt.Sprint(status.Convert(err).Details()); !strings.Contains(got, s.want) {
				s.g.t.Errorf("%s ended with %v, want %s", s.user, err, s.want)
			}
			return
		}
		if event.GetValueJson() != nil {
			ready()
		}
	}
}

// live follows the streams to their end.
func (s *manyStreams) live(refreshes bool) {
	client := gatewayv1.NewAuthServiceClient(s.conn)
	if refreshes {
		ctx := s.as(time.Until(s.until) + patience)
		got, err := client.RefreshAuth(ctx, &gatewayv1.RefreshAuthRequest{RefreshKey: s.key()})
		if err != nil || got.GetAdoptedStreams() != 10 {
			s.g.t.Errorf("%s: %v, %v", s.user, got, err)
		}
		expired := time.NewTimer(time.Until(s.until))
		defer expired.Stop()
		<-expired.C
		s.expect("SIGNED_OUT")
		if _, err := client.SignOut(ctx, &gatewayv1.SignOutRequest{}); err != nil {
			s.g.t.Errorf("%s: %v", s.user, err)
		}
	}
	s.ended.Wait()
}

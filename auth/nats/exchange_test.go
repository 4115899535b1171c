package nats

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/internal/freeport"
)

const deadline = time.Minute

// startNATS runs a real server until stop is called.
func startNATS(t *testing.T, options server.Options) (url string, stop func()) {
	t.Helper()
	options.Host, options.NoSigs, options.NoLog = "127.0.0.1", true, true
	if options.Port == 0 {
		options.Port = server.RANDOM_PORT
	}
	s, err := server.NewServer(&options)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	stop = sync.OnceFunc(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	t.Cleanup(stop)
	if !s.ReadyForConnections(deadline) {
		t.Fatal("the NATS server does not start")
	}
	return s.ClientURL(), stop
}

// freePort returns a port at which one server can be started after another. Ports that a system chooses may be taken in between.
func freePort() int { return int(netip.MustParseAddrPort(freeport.Addr()).Port()) }

// replica is an exchange and the notices that were delivered to it.
type replica struct {
	*Exchange
	t    *testing.T
	logs *logs
	got  chan lease.Notice
	stop func()
}

func join(t *testing.T, c Config) *replica {
	t.Helper()
	r := &replica{t: t, logs: &logs{}, got: make(chan lease.Notice, 10_000)}
	c.Logger = slog.New(slog.NewTextHandler(r.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	if r.Exchange, err = New(c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	r.stop = r.Subscribe(func(n lease.Notice) { r.got <- n })
	return r
}

// receives waits for a notice.
func (r *replica) receives(want lease.Notice) {
	r.t.Helper()
	limit := time.NewTimer(deadline)
	defer limit.Stop()
	select {
	case got := <-r.got:
		if !sameMessage(message{Notice: got}, message{Notice: want}) {
			r.t.Errorf("received %+v, want %+v", got, want)
		}
	case <-limit.C:
		r.t.Fatalf("nothing received; log:\n%s", r.logs)
	}
}

// receivesNothingMore publishes a notice after all the others, which must be the next one to arrive.
func (r *replica) receivesNothingMore(from *replica) {
	r.t.Helper()
	last := session("last")
	from.Publish(last)
	r.receives(last)
}

// until waits for a text in the log.
func (r *replica) until(text string) {
	r.t.Helper()
	limit := time.NewTimer(deadline)
	defer limit.Stop()
	for {
		log, changed := r.logs.read()
		if strings.Contains(log, text) {
			return
		}
		select {
		case <-changed:
		case <-limit.C:
			r.t.Fatalf("no %q in the log:\n%s", text, log)
		}
	}
}

// session is a revocation, different for each name.
func session(name string) lease.Notice {
	return lease.Notice{Revocation: &auth.Revocation{Issuer: "https://a", SessionID: name, IssuedUpTo: moment, Reason: auth.ReasonSessionRevoked}}
}

// logs is what a replica logged so far.
type logs struct {
	mu      sync.Mutex
	b       bytes.Buffer
	changed chan struct{} // closed at the next line
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
	return l.b.Write(p)
}

func (l *logs) read() (text string, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.b.String(), l.changed
}

func (l *logs) String() string {
	text, _ := l.read()
	return text
}

func TestNoticesReachAllOtherReplicas(t *testing.T) {
	url, _ := startNATS(t, server.Options{})
	for name, keys := range map[string][][]byte{"plain": nil, "sealed": {key}} {
		t.Run(name, func(t *testing.T) {
			c := Config{URL: url, Keys: keys, Subject: "gateway." + name}
			a, b, d := join(t, c), join(t, c), join(t, c)
			for _, n := range []lease.Notice{revocation, refresh, ticket} {
				a.Publish(n)
				b.receives(n)
				d.receives(n)
			}
			a.receivesNothingMore(b) // in particular not its own
			d.stop()
			b.Publish(session("after stop"))
			a.receives(session("after stop"))
			if strings.Contains(a.logs.String()+b.logs.String(), "secret.token") {
				t.Error("a token is in the log")
			}
		})
	}
}

// A replica that starts receives the recent notices of the others, once.
func TestReplicaThatStartsReceivesRecentNotices(t *testing.T) {
	url, _ := startNATS(t, server.Options{})
	c := Config{URL: url}
	a, b := join(t, c), join(t, c)
	a.Publish(revocation)
	b.receives(revocation)
	late := join(t, c)
	late.receives(revocation)
	a.Close() // only b has it now
	last := join(t, c)
	last.receives(revocation)
	last.receivesNothingMore(b)
	got := make(chan lease.Notice, 2)
	last.Subscribe(func(n lease.Notice) { got <- n }) // recent ones at once
	if len(got) != 2 {
		t.Errorf("a second listener received %d notices", len(got))
	}
}

// A question is answered once, and with a bounded number of bytes; the replica that asks goes on until there is no more.
func TestAnswersAreBounded(t *testing.T) {
	url, _ := startNATS(t, server.Options{})
	a := join(t, Config{URL: url})
	const notices = 3*maxAnswerNotices + 7
	for i := range notices {
		m := a.newMessage()
		m.At, m.Notice = m.At.Add(-20*time.Hour), session(fmt.Sprint(i, strings.Repeat("x", 300)))
		a.recent.add(m, time.Now())
	}
	late := join(t, Config{URL: url})
	seen := map[string]bool{}
	for range notices {
		n := <-late.got
		seen[n.Revocation.SessionID] = true
	}
	if len(seen) != notices {
		t.Errorf("%d different revocations", len(seen))
	}

	stranger, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	self := newID()
	got, err := stranger.SubscribeSync(DefaultSubject + "." + self.String())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	ask := func(question id, asked time.Time) (bytes int) {
		t.Helper()
		for _, m := range []message{
			{ID: question, From: self, At: asked, Recall: true, Since: now.Add(-48 * time.Hour)},
			{ID: newID(), From: self, At: now, More: true, Since: now}, // after whose answer, a recall, the first has no more
		} {
			data, _ := testCodec(t).encode(m)
			if err := stranger.Publish(DefaultSubject+"."+a.self.String(), data); err != nil {
				t.Fatal(err)
			}
		}
		for {
			answer, err := got.NextMsg(deadline)
			if err != nil {
				t.Fatal(err)
			}
			if m, err := testCodec(t).decode(answer.Data); err != nil || m.Recall {
				return bytes
			}
			bytes += len(answer.Data)
		}
	}
	for name, test := range map[string]struct {
		id     id
		asked  time.Time
		repeat bool
	}{"new": {id{1}, now, false}, "clock ahead": {id{2}, now.Add(time.Hour), false}, "old": {id{3}, now.Add(-time.Hour), true}} {
		bytes := ask(test.id, test.asked)
		if test.repeat != (bytes == 0) || bytes > maxAnswerBytes+maxMessageBytes {
			t.Errorf("%s: %d bytes", name, bytes)
		}
		for range 3 {
			if again := ask(test.id, test.asked); again != 0 {
				t.Errorf("%s, again: %d bytes", name, again)
			}
		}
	}
	a.until("too old")
}

// Replicas work on without NATS; when it is back they receive what they missed.
func TestOutage(t *testing.T) {
	port := freePort()
	url, stop := startNATS(t, server.Options{Port: port})
	c := Config{URL: url, Keys: [][]byte{key}}
	a, b := join(t, c), join(t, c)
	a.Publish(session("before"))
	b.receives(session("before"))
	stop()
	a.until("connection to NATS lost")
	b.until("connection to NATS lost")
	a.Publish(session("during"))
	startNATS(t, server.Options{Port: port})
	b.receives(session("during"))
	b.receivesNothingMore(a)
}

// A replica may start before NATS does.
func TestStartWithoutNATS(t *testing.T) {
	port := freePort()
	url, stop := startNATS(t, server.Options{Port: port})
	stop()
	a, b := join(t, Config{URL: url}), join(t, Config{URL: url})
	a.until("out of reach")
	a.Publish(revocation)
	startNATS(t, server.Options{Port: port})
	b.receives(revocation)
	b.receivesNothingMore(a)
}

// A replica whose credentials are refused tries again, and the password is in no log.
func TestRefusedByNATS(t *testing.T) {
	port := freePort()
	url, stop := startNATS(t, server.Options{Port: port, Username: "u", Password: "right"})
	a := join(t, Config{URL: strings.Replace(url, "//", "//u:wrong-password@", 1)})
	a.until("out of reach")
	a.Publish(revocation)
	stop()
	url, _ = startNATS(t, server.Options{Port: port, Username: "u", Password: "wrong-password"})
	b := join(t, Config{URL: strings.Replace(url, "//", "//u:wrong-password@", 1)})
	b.receives(revocation)
	if strings.Contains(a.logs.String()+b.logs.String(), "wrong-password") {
		t.Errorf("the password is in the log:\n%s%s", a.logs, b.logs)
	}
}

// Messages that are no notices, or not sealed with the key, are ignored.
func TestForeignMessagesAreIgnored(t *testing.T) {
	url, _ := startNATS(t, server.Options{})
	c := Config{URL: url, Keys: [][]byte{key}}
	a, b := join(t, c), join(t, c)
	if err := b.conn.FlushTimeout(deadline); err != nil { // its subscriptions are at the server
		t.Fatal(err)
	}
	foreign, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer foreign.Close()
	forged, err := testCodec(t).encode(message{ID: newID(), From: newID(), At: time.Now(), Notice: revocation})
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{nil, []byte("hello"), forged, bytes.Repeat([]byte("x"), maxMessageBytes+1)} {
		if err := foreign.Publish(DefaultSubject+".all", data); err != nil {
			t.Fatal(err)
		}
	}
	if err := foreign.Flush(); err != nil {
		t.Fatal(err)
	}
	b.receivesNothingMore(a)
	b.until("a message on NATS is ignored")
	if n := strings.Count(b.logs.String(), "ignored"); n != 1 {
		t.Errorf("%d lines in the log for four messages", n)
	}
}

// Publish returns at once, also when the queue is full.
func TestPublishDoesNotWait(t *testing.T) {
	url, _ := startNATS(t, server.Options{})
	a, b := join(t, Config{URL: url}), join(t, Config{URL: url})
	var busy sync.WaitGroup
	for range 4 {
		busy.Go(func() {
			for range 2 * queueLength {
				a.Publish(ticket)
			}
		})
	}
	busy.Wait()
	again := time.NewTicker(100 * time.Millisecond) // it may be dropped, too
	defer again.Stop()
	for {
		select {
		case n := <-b.got:
			if n.Revocation != nil {
				return
			}
		case <-again.C:
			a.Publish(revocation)
		}
	}
}

// Close sends what is in the queue, and may be called again.
func TestCloseSendsTheQueue(t *testing.T) {
	url, _ := startNATS(t, server.Options{})
	a, b := join(t, Config{URL: url}), join(t, Config{URL: url})
	if err := b.conn.Flush(); err != nil { // its subscriptions are at the server
		t.Fatal(err)
	}
	for range 100 {
		a.Publish(ticket)
	}
	a.Close()
	a.Close()
	for range 100 {
		b.receives(ticket)
	}
	a.Publish(ticket) // too late, but harmless
}

func TestWrongSettings(t *testing.T) {
	creds := filepath.Join(t.TempDir(), "creds")
	if err := os.WriteFile(creds, []byte("no credentials"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		c     Config
		names string
	}{
		"no URL":      {Config{}, "--nats-url"},
		"no scheme":   {Config{URL: "u:password@host:4222"}, "--nats-url"},
		"HTTP":        {Config{URL: "https://u:password@host"}, "--nats-url"},
		"no URL at 2": {Config{URL: "nats://host:4222,"}, "--nats-url"},
		"bad port":    {Config{URL: "nats://u:password@host:x"}, "--nats-url"},
		"subject":     {Config{URL: "nats://127.0.0.1:1", Subject: "a.>"}, "--nats-subject"},
		"empty part":  {Config{URL: "nats://127.0.0.1:1", Subject: "a..b"}, "--nats-subject"},
		"no file":     {Config{URL: "nats://127.0.0.1:1", CredsFile: creds + "x"}, "--nats-creds"},
		"key":         {Config{URL: "nats://127.0.0.1:1", Keys: [][]byte{[]byte("short")}}, "32 bytes"},
	} {
		x, err := New(test.c)
		if err == nil {
			x.Close()
			t.Errorf("%s: no error", name)
		} else if !strings.Contains(err.Error(), test.names) || strings.Contains(err.Error(), "password") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

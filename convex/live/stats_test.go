package live

import (
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex/live/protocol"
	"convexgateway/internal/syncfake"
)

func TestLossCauses(t *testing.T) {
	for reason, want := range map[string]string{
		protocol.ConnectionLost: "connection_lost", "InactiveServer": "silence", "AuthError": "auth", "AuthProviderDiscoveryFailed": "auth",
		"FatalError": "protocol", "sync protocol error: transition starts at": "protocol", "CommitterFullError: too much": "overloaded",
		"closed with code 1011": "closed", "anything that a deployment may say": "closed",
	} {
		if got := lossCause(reason); got != want {
			t.Errorf("%q is %s, want %s", reason, got, want)
		}
	}
	var s counters
	s.countLoss("")
	s.countLoss(protocol.ConnectionLost)
	if got := s.snapshot().Lost; len(got) != 1 || got["connection_lost"] != 1 {
		t.Errorf("lost %v", got)
	}
}

// Queries are counted by their subscribers, while these come and go, and nothing is left of a closed client.
func TestQueriesBySubscribers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{Linger: time.Second})
		want := func(classes ...int) {
			t.Helper()
			synctest.Wait()
			var all [len(SubscriberBuckets)]int
			copy(all[:], classes)
			if got := c.Stats().QueriesBySubscribers; got != all {
				t.Errorf("queries by subscribers %v, want %v", got, all)
			}
		}
		want()
		subscribe(t, c, anonymous, "a:alone")
		var many []*Subscription
		for range 10 {
			many = append(many, subscribe(t, c, anonymous, "a:many"))
		}
		want(0, 1, 0, 1)
		many[0].Close()
		want(0, 1, 1)
		for _, sub := range many[1:] {
			sub.Close()
		}
		want(1, 1)
		time.Sleep(2 * time.Second)
		want(0, 1)
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		want()
	})
}

func TestSubscriberBuckets(t *testing.T) {
	for n, want := range map[int]string{0: "0", 1: "1", 2: "2-9", 9: "2-9", 10: "10-99", 99: "10-99", 100: "100-999", 9999: "1000-9999", 10_000: "10000+", 1_000_000: "10000+"} {
		if got := SubscriberBuckets[bucketOf(n)]; got != want {
			t.Errorf("%d are %s, want %s", n, got, want)
		}
	}
}

// A query that was poison counts as long as its failure is kept.
func TestFailedQueryIsCountedNoLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{Linger: -1, Silence: time.Hour})
		subscribe(t, c, anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		s.Answer(1)
		subscribe(t, c, anonymous, "b:b")
		s.Next("ModifyQuerySet")
		s.Send(`{"type":"FatalError","error":"x"}`)
		synctest.Wait()
		if got := c.Stats().Queries; got != 2 {
			t.Errorf("%d queries", got)
		}
		time.Sleep(failedFor + time.Second)
		if got := c.Stats().Queries; got != 1 {
			t.Errorf("%d queries after the failure is dropped", got)
		}
	})
}

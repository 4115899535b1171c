package convex

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

// world is a small deployment: one number that every query tells, together with who asks and for what. It serves every
// socket on its own, as the protocol has it, and cuts some of them.
type world struct {
	mu      sync.Mutex
	number  int
	clock   timestamp
	sockets map[*worldSocket]struct{}
	errors  []string // of clients that break the protocol
}

type worldSocket struct {
	*peerSocket
	who     string // from the token; "nobody" before one
	queries map[queryID]string
	changed chan struct{} // one slot
}

func (w *world) serve(peer *peerSocket) {
	s := &worldSocket{peerSocket: peer, who: "nobody", queries: map[queryID]string{}, changed: make(chan struct{}, 1)}
	w.mu.Lock()
	w.sockets[s] = struct{}{}
	w.mu.Unlock()
	written := make(chan struct{})
	go func() { defer close(written); w.write(s) }()
	for {
		m, err := s.read()
		if err != nil {
			break
		}
		w.mu.Lock()
		w.take(s, m)
		w.mu.Unlock()
		s.wake()
	}
	w.mu.Lock()
	delete(w.sockets, s)
	w.mu.Unlock()
	close(s.changed)
	<-written
}

func (s *worldSocket) wake() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

func (w *world) take(s *worldSocket, m clientMessage) {
	switch m.Type {
	case "Authenticate":
		if m.BaseVersion != s.received.Identity {
			w.errors = append(w.errors, fmt.Sprintf("token after %d says %d", s.received.Identity, m.BaseVersion))
		}
		s.received.Identity++
		s.who, _, _ = strings.Cut(m.Value, "#")
	case "ModifyQuerySet":
		if m.BaseVersion != s.received.QuerySet || m.NewVersion != m.BaseVersion+1 {
			w.errors = append(w.errors, fmt.Sprintf("query set after %d says %d", s.received.QuerySet, m.BaseVersion))
		}
		s.received.QuerySet = m.NewVersion
		for _, mod := range m.Modifications {
			_, live := s.queries[mod.QueryID]
			if live != (mod.Type == "Remove") {
				w.errors = append(w.errors, fmt.Sprintf("%s of %d, which is live: %t", mod.Type, mod.QueryID, live))
			}
			if delete(s.queries, mod.QueryID); mod.Type == "Add" {
				s.queries[mod.QueryID] = mod.UDFPath
			}
		}
	}
}

// write sends one transition for all that has happened since the last.
func (w *world) write(s *worldSocket) {
	for range s.changed {
		w.mu.Lock()
		w.clock++
		end := version{s.received.QuerySet, s.received.Identity, w.clock}
		var mods []string
		for id, path := range s.queries {
			mods = append(mods, updatedJSON(id, fmt.Sprintf(`"%s %s %d"`, s.who, path, w.number)))
		}
		text := transitionJSON(s.version, end, mods...)
		s.version = end
		w.mu.Unlock()
		if s.ws.Write(s.t.Context(), websocket.MessageText, []byte(text)) != nil {
			return
		}
	}
}

func (w *world) bump() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.number++
	for s := range w.sockets {
		s.wake()
	}
}

func (w *world) cutSome(random *rand.Rand) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for s := range w.sockets {
		if random.IntN(2) == 0 {
			go s.cut()
		}
	}
}

// watcher reads one subscription as it comes and checks every value it is told.
type watcher struct {
	sub  *Subscription
	who  string
	path string
	last int
	n    int // of its token
	done chan struct{}
}

func (r *watcher) run(t *testing.T) {
	defer close(r.done)
	for {
		state, err := r.sub.Next(t.Context())
		if err != nil || state.Err != nil {
			return
		}
		if state.Result == nil {
			continue
		}
		var value, who, path string
		var number int
		if err := json.Unmarshal(state.Result.Value, &value); err != nil {
			t.Error(err)
		}
		if _, err := fmt.Sscanf(value, "%s %s %d", &who, &path, &number); err != nil || who != r.who || path != r.path {
			t.Errorf("%s at %s is told %q", r.who, r.path, value)
		}
		if number < r.last {
			t.Errorf("%s at %s steps back from %d to %d", r.who, r.path, r.last, number)
		}
		r.last = number
	}
}

// Whatever happens in whatever order, nobody is told what is another's, nobody is taken back in time, and in the end
// everybody has the newest.
func TestNobodyIsToldWhatIsAnothers_items22and52(t *testing.T) {
	for seed := range uint64(30) {
		bubble(t, fmt.Sprint(seed), func(t *testing.T) { runWorld(t, rand.New(rand.NewPCG(seed, 1))) })
	}
}

func runWorld(t *testing.T, random *rand.Rand) {
	w := &world{sockets: map[*worldSocket]struct{}{}}
	p := newPeer(t)
	p.serve = w.serve
	c := p.client(SyncOptions{Linger: time.Second, Silence: time.Hour, random: rand.Float64})
	names, paths := []string{"nobody", "ada", "bob", "cyd"}, []string{"a:a", "b:b", "c:c"}
	var live []*watcher
	for range 300 {
		switch i := random.IntN(10); {
		case i < 4 && len(live) < 20:
			r := &watcher{who: names[random.IntN(4)], path: paths[random.IntN(3)], done: make(chan struct{})}
			who := anonymous
			if r.who != "nobody" {
				who = credential(r.who, 0, time.Minute)
			}
			r.sub = subscribe(t, c, who, r.path)
			live = append(live, r)
			go r.run(t)
		case i < 5 && len(live) > 0:
			last := len(live) - 1
			n := random.IntN(len(live))
			live[n], live[last] = live[last], live[n]
			live[last].sub.Close()
			<-live[last].done
			live = live[:last]
		case i < 6:
			w.cutSome(random)
		case i < 9:
			w.bump()
		default:
			time.Sleep(time.Duration(random.IntN(3000)) * time.Millisecond)
		}
		renewSome(live, random)
	}
	time.Sleep(40 * time.Second) // past any backoff, and within the life of the newest tokens
	synctest.Wait()
	for _, r := range live {
		if r.sub.State().Link != Connected || r.last != w.number {
			t.Errorf("%s at %s ends with %d, %s; want %d", r.who, r.path, r.last, r.sub.State().text(), w.number)
		}
	}
	for _, e := range w.errors {
		t.Error(e)
	}
	c.Close()
	for _, r := range live {
		<-r.done
	}
}

func renewSome(live []*watcher, random *rand.Rand) {
	for _, r := range live {
		if r.who != "nobody" && random.IntN(5) == 0 {
			r.n++
			r.sub.Renew(credential(r.who, r.n, time.Minute))
		}
	}
}

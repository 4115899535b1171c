package live

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"convexgateway/convex/live/protocol"
	"convexgateway/internal/syncfake"

	"github.com/coder/websocket"
)

// model is a small deployment: one number that every query returns, with the caller's name and its own path, and that every
// mutation raises. It serves every socket on its own, as the protocol prescribes. Messages of "poison" modules end their socket.
type model struct {
	mu           sync.Mutex
	random       *rand.Rand // nil: no chance
	number       int
	clock        syncfake.Timestamp
	sockets      map[*modelSocket]struct{}
	opened       int
	records      map[string]string      // answers to mutations, by session and request
	applied      map[string][]int       // the n of each mutation, by session, in the order they were committed
	order        []int                  // the same, of all sessions
	errors       []string               // of clients that break the protocol
	endSocket    func(*syncfake.Socket) // ends a socket that got poison
	cutsAll      bool                   // every mutation's socket is cut before it is applied
	cutMutations int                    // mutations whose socket was cut, before or after they were applied
	batches      bool                   // some queries of a socket are answered later than others
	numbers      map[uint64]int         // by the times of transitions; nil: they are not noted
}

type modelSocket struct {
	*syncfake.Socket
	session string
	who     string // from the token; "anonymous" before one
	queries map[protocol.QueryID]string
	late    map[protocol.QueryID]bool // of those that were answered: false
	answers []string                  // to be written
	changed chan struct{}             // one slot
}

func newModel(random *rand.Rand) *model {
	return &model{
		random: random, sockets: map[*modelSocket]struct{}{}, records: map[string]string{}, applied: map[string][]int{},
		endSocket: func(s *syncfake.Socket) {
			_ = s.Conn.Write(context.Background(), websocket.MessageText, []byte(`{"type":"FatalError","error":"secret"}`))
			s.End(1005, "")
		},
	}
}

func (w *model) serve(peer *syncfake.Socket) {
	s := &modelSocket{Socket: peer, who: "anonymous", queries: map[protocol.QueryID]string{}, late: map[protocol.QueryID]bool{}, changed: make(chan struct{}, 1)}
	w.mu.Lock()
	w.sockets[s] = struct{}{}
	w.opened++
	w.mu.Unlock()
	written := make(chan struct{})
	go func() { defer close(written); w.write(s) }()
	answersFirst := false // before the cut: else there may be none, if the goroutine that writes them runs late
	for {
		m, err := s.Read()
		if err != nil {
			break
		}
		if isPoison(m) {
			w.endSocket(peer)
			break
		}
		w.mu.Lock()
		alive := w.take(s, m)
		answersFirst = !alive && w.chance(2)
		w.mu.Unlock()
		if !alive {
			break
		}
		s.wake()
	}
	if !answersFirst {
		s.Cut()
	}
	w.mu.Lock()
	delete(w.sockets, s)
	w.mu.Unlock()
	close(s.changed)
	<-written
	s.Cut()
}

func isPoison(m syncfake.Message) bool {
	paths := []string{m.UDFPath}
	for _, mod := range m.Modifications {
		paths = append(paths, mod.UDFPath)
	}
	return slices.ContainsFunc(paths, func(path string) bool { return strings.HasPrefix(path, "poison") })
}

func (s *modelSocket) wake() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// take handles a message. It reports false if the socket is to be cut.
func (w *model) take(s *modelSocket, m syncfake.Message) bool {
	if err := s.Take(m); err != nil {
		w.errors = append(w.errors, err.Error())
	}
	switch m.Type {
	case "Connect":
		s.session = m.SessionID
		if m.MaxObservedTimestamp != nil && *m.MaxObservedTimestamp > w.clock {
			w.errors = append(w.errors, "maxObservedTimestamp is ahead")
		}
	case "Authenticate":
		s.who, _, _ = strings.Cut(m.Value, "#")
	case "ModifyQuerySet":
		w.modify(s, m)
	case "Mutation":
		return w.mutate(s, m)
	}
	return true
}

func (w *model) modify(s *modelSocket, m syncfake.Message) {
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

// mutate applies a mutation unless it was applied before. Some sockets are cut before it, some before the answer.
func (w *model) mutate(s *modelSocket, m syncfake.Message) (alive bool) {
	if w.cutsAll || w.chance(10) {
		w.cutMutations++
		return false
	}
	key := fmt.Sprintf("%s %d", s.session, m.RequestID)
	if w.records[key] == "" {
		var args struct {
			Who string `json:"who"`
			N   int    `json:"n"`
		}
		if err := json.Unmarshal(m.Args[0], &args); err != nil || args.Who != s.who {
			w.errors = append(w.errors, fmt.Sprintf("%s has sent %s, %v", s.who, m.Args[0], err))
		}
		w.number++
		w.clock++
		w.applied[s.session] = append(w.applied[s.session], args.N)
		w.order = append(w.order, args.N)
		w.records[key] = syncfake.Committed(m.RequestID, strconv.Itoa(w.number), w.clock)
		w.wakeAll()
	}
	if w.chance(10) {
		w.cutMutations++
		return false
	}
	s.answers = append(s.answers, w.records[key])
	return true
}

// chance is true once in n times.
func (w *model) chance(n int) bool { return w.random != nil && w.random.IntN(n) == 0 }

// write sends answers, and one transition for all that has happened since the last; either may come first.
func (w *model) write(s *modelSocket) {
	for range s.changed {
		w.mu.Lock()
		w.clock++
		end := syncfake.Version{QuerySet: s.Received.QuerySet, Identity: s.Received.Identity, TS: w.clock}
		if w.numbers != nil {
			w.numbers[uint64(w.clock)] = w.number
		}
		var mods []string
		for id, path := range s.queries {
			if w.isLate(s, id) {
				continue
			}
			mods = append(mods, syncfake.Updated(id, fmt.Sprintf(`"%s %s %d"`, s.who, path, w.number)))
		}
		texts := slices.Clone(s.answers)
		texts = slices.Insert(texts, w.position(len(texts)), syncfake.Transition(s.Version, end, mods...))
		s.Version, s.answers = end, nil
		w.mu.Unlock()
		for _, text := range texts {
			if s.Conn.Write(context.Background(), websocket.MessageText, []byte(text)) != nil {
				return
			}
		}
	}
}

// isLate reports whether a query's answer is left out of a transition. It comes with one within two seconds. The caller holds mu.
func (w *model) isLate(s *modelSocket, id protocol.QueryID) bool {
	late, known := s.late[id]
	if !w.batches || known && !late {
		return false
	}
	s.late[id] = w.chance(2)
	if s.late[id] {
		time.AfterFunc(time.Duration(w.random.IntN(2000))*time.Millisecond, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			if _, open := w.sockets[s]; open {
				s.wake()
			}
		})
	}
	return s.late[id]
}

// position is where among n answers the transition is sent.
func (w *model) position(n int) int {
	if w.random == nil {
		return n
	}
	return w.random.IntN(n + 1)
}

// wakeAll has transitions sent on all sockets. The caller holds mu.
func (w *model) wakeAll() {
	for s := range w.sockets {
		s.wake()
	}
}

// writes is how often the number was raised.
func (w *model) writes() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.number
}

func (w *model) bump() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.number++
	w.wakeAll()
}

// cutSome cuts every socket with the chance of one in n.
func (w *model) cutSome(n int) (cuts int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for s := range w.sockets {
		if w.chance(n) {
			cuts++
			go s.Cut()
		}
	}
	return cuts
}

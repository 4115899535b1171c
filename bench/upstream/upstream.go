package upstream

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"

	"convexgateway/bench/wire"
)

// maxPublished bounds one published result, in bytes.
const maxPublished = 16 << 20

// Upstream is the fake deployment, an http.Handler.
type Upstream struct {
	mux    *http.ServeMux
	answer []byte
	calls  atomic.Int64 // of the query
	wrong  atomic.Int64 // calls with another body than the benchmark's

	mu      sync.Mutex
	now     uint64 // the deployment's clock
	value   json.RawMessage
	sockets map[*socket]struct{}
	opened  int // sockets since the start
	added   int // queries since the start
}

// Stats is the response of GET /bench/stats.
type Stats struct {
	Calls   int64 `json:"calls"`
	Wrong   int64 `json:"wrong"`
	Sockets int   `json:"sockets"`
	Opened  int   `json:"opened"`
	Added   int   `json:"added"`
	Live    int   `json:"live"` // queries now
}

// New returns a deployment whose query returns the JSON text.
func New(result []byte) *Upstream {
	u := &Upstream{
		mux: http.NewServeMux(), now: 1766000000000000000, value: json.RawMessage("null"), sockets: map[*socket]struct{}{},
		answer: fmt.Appendf(nil, `{"status":"success","value":%s,"logLines":[]}`, result),
	}
	u.mux.HandleFunc("POST /api/query", u.query)
	u.mux.HandleFunc("POST /api/action", sleep)
	u.mux.HandleFunc("GET /api/sync", u.sync)
	u.mux.HandleFunc("GET /api/{version}/sync", u.sync)
	u.mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "bench") })
	u.mux.HandleFunc("POST /bench/publish", u.publish)
	u.mux.HandleFunc("GET /bench/stats", u.stats)
	return u
}

// ServeHTTP implements http.Handler.
func (u *Upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) { u.mux.ServeHTTP(w, r) }

func (u *Upstream) query(w http.ResponseWriter, r *http.Request) {
	var b bytes.Buffer
	_, err := b.ReadFrom(io.LimitReader(r.Body, 1<<20))
	if bytes.Contains(b.Bytes(), []byte(`"`+wire.LargePath+`"`)) {
		sendLarge(w)
		return
	}
	if err != nil || !bytes.Contains(b.Bytes(), []byte(`"`+wire.QueryPath+`"`)) || !bytes.Contains(b.Bytes(), []byte(wire.QueryArgs)) {
		u.wrong.Add(1)
		http.Error(w, `{"code":"BadBenchRequest","message":"not the benchmark's query"}`, http.StatusBadRequest)
		return
	}
	u.calls.Add(1)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(u.answer)
}

// sendLarge sends a text of wire.LargeSize, of which the deployment itself keeps nothing.
func sendLarge(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"status":"success","value":"`)
	part := bytes.Repeat([]byte("x"), 64<<10)
	for range wire.LargeSize / len(part) {
		if _, err := w.Write(part); err != nil {
			return
		}
	}
	_, _ = io.WriteString(w, `","logLines":[]}`)
}

// sleep is an action that lasts until its caller has gone.
func sleep(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // net/http notices the end of the connection from here on
	<-r.Context().Done()
}

// publish makes the body the result of every live query. It responds when it is written to every socket.
func (u *Upstream) publish(w http.ResponseWriter, r *http.Request) {
	value, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPublished))
	if err != nil || !json.Valid(value) {
		http.Error(w, "not JSON", http.StatusBadRequest)
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.now++
	u.value = value
	for s := range u.sockets {
		s.advance(u.now, s.results(value))
	}
}

func (u *Upstream) stats(w http.ResponseWriter, _ *http.Request) {
	u.mu.Lock()
	defer u.mu.Unlock()
	st := Stats{Calls: u.calls.Load(), Wrong: u.wrong.Load(), Sockets: len(u.sockets), Opened: u.opened, Added: u.added}
	for s := range u.sockets {
		st.Live += len(s.queries)
	}
	_ = json.NewEncoder(w).Encode(st)
}

func (u *Upstream) sync(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(maxPublished)
	s := &socket{conn: conn, ctx: r.Context(), queries: map[uint32]struct{}{}}
	u.enter(s)
	defer u.leave(s)
	for {
		var m clientMessage
		_, text, err := conn.Read(r.Context())
		if err != nil || json.Unmarshal(text, &m) != nil {
			return
		}
		u.handle(s, m)
	}
}

func (u *Upstream) enter(s *socket) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.sockets[s] = struct{}{}
	u.opened++
}

func (u *Upstream) leave(s *socket) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.sockets, s)
}

// clientMessage is a message of a client, of any type.
type clientMessage struct {
	Type          string `json:"type"`
	BaseVersion   uint32 `json:"baseVersion"`
	NewVersion    uint32 `json:"newVersion"`
	Modifications []struct {
		Type    string `json:"type"`
		QueryID uint32 `json:"queryId"`
	} `json:"modifications"`
}

func (u *Upstream) handle(s *socket, m clientMessage) {
	u.mu.Lock()
	defer u.mu.Unlock()
	switch m.Type {
	case "Authenticate":
		s.next.Identity = m.BaseVersion + 1
		s.advance(u.now, nil)
	case "ModifyQuerySet":
		s.next.QuerySet = m.NewVersion
		var modifications []modification
		for _, q := range m.Modifications {
			if q.Type == "Remove" {
				delete(s.queries, q.QueryID)
				modifications = append(modifications, modification{Type: "QueryRemoved", QueryID: q.QueryID})
				continue
			}
			u.added++
			s.queries[q.QueryID] = struct{}{}
			modifications = append(modifications, updated(q.QueryID, u.value))
		}
		s.advance(u.now, modifications)
	}
}

// socket is one sync socket. It is guarded by Upstream.mu.
type socket struct {
	conn    *websocket.Conn
	ctx     context.Context
	queries map[uint32]struct{}
	sent    version
	next    version
}

type version struct {
	QuerySet uint32    `json:"querySet"`
	Identity uint32    `json:"identity"`
	TS       timestamp `json:"ts"`
}

type modification struct {
	Type     string          `json:"type"`
	QueryID  uint32          `json:"queryId"`
	Value    json.RawMessage `json:"value,omitempty"`
	LogLines []string        `json:"logLines"`
	Journal  *string         `json:"journal"`
}

func updated(id uint32, value json.RawMessage) modification {
	return modification{Type: "QueryUpdated", QueryID: id, Value: value, LogLines: []string{}}
}

// results makes a value the result of each query.
func (s *socket) results(value json.RawMessage) []modification {
	list := make([]modification, 0, len(s.queries))
	for id := range s.queries {
		list = append(list, updated(id, value))
	}
	return list
}

// advance sends the transition to the next version. A socket that cannot be written to is closed, which ends its reader.
func (s *socket) advance(now uint64, modifications []modification) {
	if modifications == nil {
		modifications = []modification{}
	}
	s.next.TS = timestamp(now)
	text, _ := json.Marshal(struct { // nothing in it can fail
		Type          string         `json:"type"`
		StartVersion  version        `json:"startVersion"`
		EndVersion    version        `json:"endVersion"`
		Modifications []modification `json:"modifications"`
	}{"Transition", s.sent, s.next, modifications})
	s.sent = s.next
	if s.conn.Write(s.ctx, websocket.MessageText, text) != nil {
		_ = s.conn.CloseNow()
	}
}

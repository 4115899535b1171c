package deployment

import (
	"crypto/rand"
	"errors"
	"math"
	"sync"
	"time"

	devclerk "convexgateway/dev/clerk"
)

// commitLogLen is how many commits the store remembers for finding conflicts and stale queries. Who asks about older ones
// is told that everything changed.
const commitLogLen = 4096

// Store holds what a deployment keeps over a restart: documents, the commit clock, the records of mutations already done,
// its keys, and its token issuer. All of it is in memory. One deployment at a time uses a store; within it, any number of
// goroutines.
type Store struct {
	clerk   *devclerk.Instance // the token issuer
	cursors cursorKey
	uploads uploadKey
	admin   string // the secret of the admin key

	mu           sync.Mutex
	generation   uint64 // grows with each restart
	now          func() time.Time
	ts           uint64 // the newest timestamp given out
	current      *snapshot
	history      history
	log          []commit // oldest first
	logFloor     uint64   // commits up to here are forgotten
	numbers      map[string]uint32
	names        map[uint32]string
	requests     map[requestKey]mutationRecord
	lastCreation float64
	listeners    map[chan struct{}]struct{}
}

type commit struct {
	ts     uint64
	writes []write
}

// requestKey names a mutation of a client session. Convex keeps its record for 14 days; this store for as long as it lives.
type requestKey struct {
	session string
	request uint32
}

// mutationRecord is what a repeated mutation is answered with.
type mutationRecord struct {
	ts     uint64
	result []byte // encoded JSON
	logs   []string
}

// NewStore returns an empty store. Its clock is the wall clock, so that clients which saw timestamps of an earlier store
// can go on with this one.
func NewStore() *Store { return NewStoreOf(devclerk.Config{}) }

// NewStoreOf is NewStore with settings for the token issuer. Its Clock is the store's, whatever is set.
func NewStoreOf(issuer devclerk.Config) *Store {
	empty := &snapshot{tables: map[string]indexes{}}
	s := &Store{
		now:       time.Now,
		current:   empty,
		history:   history{empty},
		numbers:   map[string]uint32{},
		names:     map[uint32]string{},
		requests:  map[requestKey]mutationRecord{},
		listeners: map[chan struct{}]struct{}{},
		admin:     randomHex(32),
	}
	issuer.Clock = s.wallClock
	s.clerk = devclerk.New(issuer)
	rand.Read(s.cursors[:])
	rand.Read(s.uploads[:])
	s.numbers[storageTable], s.names[storageTableNumber] = storageTableNumber, storageTable
	s.declare([]Table{{Name: storageTable, Indexes: []Index{byUUID}}})
	return s
}

// declare makes tables known. Documents already stored enter the new indexes.
func (s *Store) declare(tables []Table) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, table := range tables {
		s.numberLocked(table.Name)
		docs := newIndexes(table.Indexes)
		for _, doc := range s.current.tables[table.Name][byID.Name].docs.ascend(everything) {
			for name, ix := range docs {
				ix.docs = ix.docs.with(ix.key(doc), doc)
				docs[name] = ix
			}
		}
		s.current = s.current.withTable(table.Name, docs)
	}
	s.history = history{s.current}
}

// Clerk is the token issuer.
func (s *Store) Clerk() *devclerk.Instance { return s.clerk }

func (s *Store) wallClock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

func (s *Store) setClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

// latest is the database now. Every commit made after the call has a greater timestamp.
func (s *Store) latest() *snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ts = max(s.ts, uint64(s.now().UnixNano()))
	return &snapshot{ts: s.ts, tables: s.current.tables}
}

// number is the table's number; a new table gets the next one.
func (s *Store) number(table string) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.numberLocked(table)
}

func (s *Store) numberLocked(table string) uint32 {
	number, ok := s.numbers[table]
	if !ok {
		number = firstUserTable + uint32(len(s.numbers)-systemTables)
		s.numbers[table], s.names[number] = number, table
	}
	return number
}

// tableOf names the table that an id belongs to. That the document exists is not checked.
func (s *Store) tableOf(id string) (string, bool) {
	number, _, err := decodeID(id)
	if err != nil {
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	table, ok := s.names[number]
	return table, ok
}

// creationTime is the time for a new document: the clock, but always later than the one before.
func (s *Store) creationTime() (ms float64, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now = s.now()
	s.lastCreation = max(float64(now.UnixMicro())/1000, math.Nextafter(s.lastCreation, math.Inf(1)))
	return s.lastCreation, now
}

// restart forgets past snapshots, and keeps calls that began before it from committing.
func (s *Store) restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
	s.history = history{s.current}
}

// currentGeneration is what a call has to be of to commit.
func (s *Store) currentGeneration() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.generation
}

// errConflict: the transaction read what another commit has changed since, or its request was done by somebody else. It
// has to run again.
var errConflict = errors.New("deployment: the transaction conflicts with a later commit")

// errRestarted: the call began before a restart, and died with it.
var errRestarted = errors.New("deployment: the deployment has restarted")

// commit makes a transaction's writes visible, all at once, and records it under key unless key is zero.
func (s *Store) commit(tx *transaction, key requestKey, record mutationRecord) (ts uint64, err error) {
	tx.reads.seal()
	s.mu.Lock()
	defer s.mu.Unlock()
	if tx.began != s.generation {
		return 0, errRestarted
	}
	if _, done := s.requests[key]; done || s.changedLocked(tx.reads, tx.base.ts) {
		return 0, errConflict
	}
	var writes []write
	next := s.current
	for id, change := range tx.changes {
		if next.tables[change.table] == nil {
			next = next.withTable(change.table, newIndexes(nil))
		}
		var w []write
		next, w = next.with(change.table, id, change.doc)
		writes = append(writes, w...)
	}
	s.ts = max(s.ts+1, uint64(s.now().UnixNano()))
	s.current = &snapshot{ts: s.ts, tables: next.tables}
	s.history = s.history.with(s.current, s.oldestLocked())
	if key != (requestKey{}) {
		record.ts = s.ts
		s.requests[key] = record
	}
	if len(writes) > 0 {
		s.appendLogLocked(commit{s.ts, writes})
	}
	return s.ts, nil
}

func (s *Store) appendLogLocked(c commit) {
	s.log = append(s.log, c)
	if len(s.log) > 2*commitLogLen {
		forgotten := len(s.log) - commitLogLen
		s.logFloor = s.log[forgotten-1].ts
		s.log = append([]commit(nil), s.log[forgotten:]...)
	}
	for listener := range s.listeners {
		select {
		case listener <- struct{}{}:
		default: // it is already told
		}
	}
}

// changed reports whether a commit after since touches the sealed read set; asOf is the time of the answer.
func (s *Store) changed(reads readSet, since uint64) (changed bool, asOf uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changedLocked(reads, since), s.ts
}

func (s *Store) changedLocked(reads readSet, since uint64) bool {
	if since < s.logFloor {
		return true
	}
	for i := len(s.log) - 1; i >= 0 && s.log[i].ts > since; i-- {
		if reads.touches(s.log[i].writes) {
			return true
		}
	}
	return false
}

// request returns the record of a mutation that was done already.
func (s *Store) request(key requestKey) (mutationRecord, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	record, ok := s.requests[key]
	return record, ok
}

// listen returns a channel that gets a value after commits, several of which may share one, and a function to stop it.
func (s *Store) listen() (commits <-chan struct{}, stop func()) {
	listener := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners[listener] = struct{}{}
	return listener, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.listeners, listener)
	}
}

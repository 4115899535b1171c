package deployment

import "errors"

// commitLogLen is how many commits the store remembers for finding conflicts and stale queries. Who asks about older ones
// is told that everything changed.
const commitLogLen = 4096

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

// restart forgets past snapshots, and keeps calls that began before it from committing.
func (db *Database) restart() {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.generation++
	db.history = history{db.current}
}

// currentGeneration is what a call has to be of to commit.
func (db *Database) currentGeneration() uint64 {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.generation
}

// errConflict: the transaction read what another commit has changed since, or its request was done by somebody else. It
// has to run again.
var errConflict = errors.New("deployment: the transaction conflicts with a later commit")

// errRestarted: the call began before a restart, and died with it.
var errRestarted = errors.New("deployment: the deployment has restarted")

// commit makes a transaction's writes visible, all at once, and records it under key unless key is zero.
func (db *Database) commit(tx *transaction, key requestKey, record mutationRecord) (ts uint64, err error) {
	tx.reads.seal()
	db.mu.Lock()
	defer db.mu.Unlock()
	if tx.generation != db.generation {
		return 0, errRestarted
	}
	if _, done := db.requests[key]; done || db.changedLocked(tx.reads, tx.base.ts) {
		return 0, errConflict
	}
	var writes []write
	next := db.current
	for id, change := range tx.changes {
		if next.tables[change.table] == nil {
			next = next.withTable(change.table, newIndexes(nil))
		}
		var w []write
		next, w = next.with(change.table, id, change.doc)
		writes = append(writes, w...)
	}
	db.ts = max(db.ts+1, uint64(db.now().UnixNano()))
	db.current = &snapshot{ts: db.ts, tables: next.tables}
	db.history = db.history.with(db.current, db.oldestLocked())
	if key != (requestKey{}) {
		record.ts = db.ts
		db.requests[key] = record
	}
	if len(writes) > 0 {
		db.appendLogLocked(commit{db.ts, writes})
	}
	return db.ts, nil
}

func (db *Database) appendLogLocked(c commit) {
	db.log = append(db.log, c)
	if len(db.log) > 2*commitLogLen {
		forgotten := len(db.log) - commitLogLen
		db.logFloor = db.log[forgotten-1].ts
		db.log = append([]commit(nil), db.log[forgotten:]...)
	}
	for listener := range db.listeners {
		select {
		case listener <- struct{}{}:
		default: // it is already told
		}
	}
}

// changed reports whether a commit after since touches the sealed read set; asOf is the time of the answer.
func (db *Database) changed(reads readSet, since uint64) (changed bool, asOf uint64) {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.changedLocked(reads, since), db.ts
}

func (db *Database) changedLocked(reads readSet, since uint64) bool {
	if since < db.logFloor {
		return true
	}
	for i := len(db.log) - 1; i >= 0 && db.log[i].ts > since; i-- {
		if reads.touches(db.log[i].writes) {
			return true
		}
	}
	return false
}

// request returns the record of a mutation that was done already.
func (db *Database) request(key requestKey) (mutationRecord, bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	record, ok := db.requests[key]
	return record, ok
}

// listen returns a channel that gets a value after commits, several of which may share one, and a function to stop it.
func (db *Database) listen() (commits <-chan struct{}, stop func()) {
	listener := make(chan struct{}, 1)
	db.mu.Lock()
	defer db.mu.Unlock()
	db.listeners[listener] = struct{}{}
	return listener, func() {
		db.mu.Lock()
		defer db.mu.Unlock()
		delete(db.listeners, listener)
	}
}

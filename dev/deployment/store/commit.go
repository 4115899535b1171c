package store

import (
	"errors"
	"fmt"
)

// commitLogLen is how many commits the database keeps for finding conflicts and stale queries. A read set from before them
// counts as changed.
const commitLogLen = 4096

type commit struct {
	ts     uint64
	source string // the function; "": none
	writes []write
}

// RequestKey names a mutation of a client session. Convex keeps its record for 14 days, this database for as long as it exists.
type RequestKey struct {
	Session string
	Request uint32
}

// MutationRecord is the answer to a repeated mutation.
type MutationRecord struct {
	Ts       uint64
	Result   []byte // encoded JSON
	LogLines []string
}

// Restart drops past snapshots, and keeps calls that began before it from committing.
func (db *Database) Restart() {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.generation++
	db.history = nil
	db.commitLocked(db.current)
}

// Generation is the number of restarts so far. A call can commit in the generation that it began in.
func (db *Database) Generation() uint64 {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.generation
}

// ErrConflict is the error of a transaction that read what another commit has changed since, or whose request was done already.
// It has to run again.
var ErrConflict = errors.New("store: the transaction conflicts with a later commit")

// ErrRestarted is the error of a transaction that began before a restart.
var ErrRestarted = errors.New("store: the deployment has restarted")

// Commit makes a transaction's writes visible, all at once, and records it under key unless key is zero.
func (db *Database) Commit(tx *Transaction, key RequestKey, record MutationRecord) (ts uint64, err error) {
	tx.reads.seal()
	db.mu.Lock()
	defer db.mu.Unlock()
	if tx.generation != db.generation {
		return 0, ErrRestarted
	}
	if _, done := db.requests[key]; done {
		return 0, ErrConflict
	}
	if err := db.conflictLocked(tx); err != nil {
		return 0, err
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
	db.commitLocked(next)
	if key != (RequestKey{}) {
		record.Ts = db.ts
		db.requests[key] = record
	}
	if tx.Committed != nil {
		tx.Committed()
	}
	if len(writes) > 0 {
		db.appendLogLocked(commit{db.ts, tx.Source, writes})
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
		default: // a value is waiting already
		}
	}
}

// Changed reports whether a commit after since touches the sealed read set; asOf is the time of the answer.
func (db *Database) Changed(reads ReadSet, since uint64) (changed bool, asOf uint64) {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.changedLocked(reads, since), db.ts
}

func (db *Database) changedLocked(reads ReadSet, since uint64) bool {
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

// RecordOf returns the record of a mutation that was done already.
func (db *Database) RecordOf(key RequestKey) (MutationRecord, bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	record, ok := db.requests[key]
	return record, ok
}

// Listen returns a channel that gets a value after commits, several of which may share one, and a function to stop it.
func (db *Database) Listen() (commits <-chan struct{}, stop func()) {
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

// Conflict is the error of a transaction that read what another commit has changed since. It has to run again. It is an ErrConflict.
type Conflict struct {
	Table, ID string // of a document that changed
	Source    string // the function that changed it; "": another cause
}

func (c *Conflict) Error() string { return fmt.Sprintf("%v: %s %s", ErrConflict, c.Table, c.ID) }

// Unwrap makes it an ErrConflict.
func (c *Conflict) Unwrap() error { return ErrConflict }

// conflictLocked is the conflict of a transaction with the commits since it began, or nil.
func (db *Database) conflictLocked(tx *Transaction) error {
	if tx.base.Ts < db.logFloor {
		return ErrConflict
	}
	for i := len(db.log) - 1; i >= 0 && db.log[i].ts > tx.base.Ts; i-- {
		for _, w := range db.log[i].writes {
			if tx.reads.touches([]write{w}) {
				return &Conflict{w.index.table, w.id, db.log[i].source}
			}
		}
	}
	return nil
}

package store

import (
	"crypto/rand"
	"math"
	"sync"
	"time"
)

// Database holds documents and files with their recent history, the commit clock, and the records of mutations already done.
// All of it is in memory. Any number of goroutines may use it.
type Database struct {
	cursors cursorKey
	uploads uploadKey

	mu           sync.Mutex
	generation   uint64 // grows with each restart
	now          func() time.Time
	ts           uint64 // of the latest commit
	current      *Snapshot
	history      history
	log          []commit // oldest first
	logFloor     uint64   // commits up to this timestamp are dropped
	numbers      map[string]uint32
	names        map[uint32]string
	requests     map[RequestKey]MutationRecord
	lastCreation float64
	listeners    map[chan struct{}]struct{}
}

// New returns an empty database. Its clock is the wall clock, so that the timestamps which clients have from an earlier database
// are not in its future.
func New() *Database {
	empty := &Snapshot{tables: map[string]indexes{}}
	db := &Database{
		now:       time.Now,
		current:   empty,
		history:   history{empty},
		numbers:   map[string]uint32{},
		names:     map[uint32]string{},
		requests:  map[RequestKey]MutationRecord{},
		listeners: map[chan struct{}]struct{}{},
	}
	rand.Read(db.cursors[:])
	rand.Read(db.uploads[:])
	db.numbers[StorageTable], db.names[storageTableNumber] = storageTableNumber, StorageTable
	db.Declare([]Table{{Name: StorageTable, Indexes: []Index{byUUID}}})
	return db
}

// Declare adds tables with their indexes. Documents stored already are added to new indexes.
func (db *Database) Declare(tables []Table) {
	db.mu.Lock()
	defer db.mu.Unlock()
	for _, table := range tables {
		db.numberLocked(table.Name)
		docs := newIndexes(table.Indexes)
		for _, doc := range db.current.tables[table.Name][byID.Name].docs.ascend(everything) {
			for name, ix := range docs {
				ix.docs = ix.docs.with(ix.key(doc), doc)
				docs[name] = ix
			}
		}
		db.current = db.current.withTable(table.Name, docs)
	}
	db.history = history{db.current}
}

// Now is the time on the database's clock.
func (db *Database) Now() time.Time {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.now()
}

// SetClock replaces the wall clock.
func (db *Database) SetClock(now func() time.Time) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.now = now
}

// Latest is the current snapshot, that of the latest commit. Every later commit has a greater timestamp.
func (db *Database) Latest() *Snapshot {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.current
}

// Begins commits nothing at the start of a deployment, so that its timestamp is ahead of all that an earlier one gave out.
func (db *Database) Begins() {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.commitLocked(db.current)
}

// commitLocked makes tables those of a new timestamp.
func (db *Database) commitLocked(tables *Snapshot) {
	db.ts = max(db.ts+1, uint64(db.now().UnixNano()))
	db.current = &Snapshot{Ts: db.ts, tables: tables.tables}
	db.history = db.history.with(db.current, db.oldestLocked())
}

// number is the table's number; a new table gets the next one.
func (db *Database) number(table string) uint32 {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.numberLocked(table)
}

func (db *Database) numberLocked(table string) uint32 {
	number, ok := db.numbers[table]
	if !ok {
		number = firstUserTable + uint32(len(db.numbers)-systemTables)
		db.numbers[table], db.names[number] = number, table
	}
	return number
}

// TableOf returns the name of the table that an id belongs to. That the document exists is not checked.
func (db *Database) TableOf(id string) (string, bool) {
	number, _, err := decodeID(id)
	if err != nil {
		return "", false
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	table, ok := db.names[number]
	return table, ok
}

// creationTime is the time for a new document: the clock, but always later than the one before.
func (db *Database) creationTime() (ms float64, now time.Time) {
	db.mu.Lock()
	defer db.mu.Unlock()
	now = db.now()
	db.lastCreation = max(float64(now.UnixMicro())/1000, math.Nextafter(db.lastCreation, math.Inf(1)))
	return db.lastCreation, now
}

package store

import "fmt"

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

package store

// StopState is why a deployment runs no functions.
type StopState string

const (
	Running         StopState = ""
	Paused          StopState = "paused"      // by its user
	OverUsageLimit  StopState = "usage_limit" // of its user
	DisabledFree    StopState = "disabled_free_plan"
	DisabledPaid    StopState = "disabled_paid_plan"
	Suspended       StopState = "suspended" // by Convex
	stateTable                = "_backend_state"
	stateID                   = "state"
	stateTableIndex           = "by_id"
)

// SetStopState stops the deployment, or lets it run again. The state is part of what every function reads.
func (db *Database) SetStopState(state StopState) error {
	for {
		tx := db.Begin(db.Latest(), db.Generation())
		tx.put(stateTable, stateID, Document{"_id": stateID, "_creationTime": 0.0, "state": state})
		if _, err := db.Commit(tx, RequestKey{}, MutationRecord{}); err == nil || db.Generation() == tx.generation {
			return err
		}
	}
}

// StopState reads the state in the transaction.
func (tx *Transaction) StopState() StopState {
	key := appendKey(nil, stateID)
	tx.reads.add(indexName{stateTable, stateTableIndex}, interval{key, keyAfter(key)})
	doc, _ := tx.view.get(stateTable, stateID)
	state, _ := doc["state"].(StopState)
	return state
}

// StopState is the state now.
func (db *Database) StopState() StopState {
	return db.Begin(db.Latest(), db.Generation()).StopState()
}

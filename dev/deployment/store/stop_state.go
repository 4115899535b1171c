package store

// StopState is why a deployment runs no functions.
type StopState string

const (
	Running        StopState = ""
	Paused         StopState = "paused"      // by its user
	OverUsageLimit StopState = "usage_limit" // of its user
	DisabledFree   StopState = "disabled_free_plan"
	DisabledPaid   StopState = "disabled_paid_plan"
	Suspended      StopState = "suspended" // by Convex
)

// The documents of the deployment's own state.
const (
	stateTable = "_backend_state"
	stateID    = "state"
	modulesID  = "modules"
)

// SetStopState stops the deployment, or lets it run again. The state is part of what every function reads.
func (db *Database) SetStopState(state StopState) error {
	return db.setState(stateID, state)
}

// Deployed makes every query run again, for there are other functions.
func (db *Database) Deployed() error {
	return db.setState(modulesID, newUUID())
}

func (db *Database) setState(id string, value any) error {
	for {
		tx := db.Begin(db.Latest(), db.Generation())
		tx.put(stateTable, id, Document{"_id": id, "_creationTime": 0.0, "state": value})
		if _, err := db.Commit(tx, RequestKey{}, MutationRecord{}); err == nil || db.Generation() == tx.generation {
			return err
		}
	}
}

// StopState reads the state in the transaction, and with it that the functions are those deployed last.
func (tx *Transaction) StopState() StopState {
	tx.reads.add(indexName{stateTable, byID.Name}, everything)
	doc, _ := tx.view.get(stateTable, stateID)
	state, _ := doc["state"].(StopState)
	return state
}

// StopState is the state now.
func (db *Database) StopState() StopState {
	return db.Begin(db.Latest(), db.Generation()).StopState()
}

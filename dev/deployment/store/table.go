package store

import (
	"maps"
	"slices"
)

// Document is a stored object with its system fields _id (string) and _creationTime (float64, milliseconds since 1970).
// Its values are those of package convex.
type Document = map[string]any

// Table declares the indexes of a table. A table that is not declared is made at its first insert, with the two indexes
// that every table has: by_id and by_creation_time.
type Table struct {
	Name    string
	Indexes []Index
}

// Index orders a table's documents by some top-level fields, then by _creationTime, then by _id. Documents that lack a
// field come first.
type Index struct {
	Name   string
	Fields []string
}

var (
	byID           = Index{Name: "by_id"}
	byCreationTime = Index{Name: "by_creation_time"}
)

// key is a document's key in the index.
func (ix Index) key(doc Document) []byte {
	if ix.Name == byID.Name {
		return appendKey(nil, doc["_id"])
	}
	var key []byte
	for _, field := range ix.Fields {
		key = appendKey(key, fieldOrAbsent(doc, field))
	}
	return appendKey(appendKey(key, doc["_creationTime"]), doc["_id"])
}

// fields are the fields that bounds can be for, in order.
func (ix Index) fields() []string {
	if ix.Name == byID.Name {
		return []string{"_id"}
	}
	return append(slices.Clone(ix.Fields), "_creationTime")
}

func fieldOrAbsent(doc Document, field string) any {
	if value, ok := doc[field]; ok {
		return value
	}
	return Undefined{}
}

// Snapshot is the whole database at one timestamp. It never changes.
type Snapshot struct {
	Ts     uint64
	tables map[string]indexes
}

// indexes are a table's documents, once per index.
type indexes map[string]indexed

type indexed struct {
	Index
	docs *tree
}

func newIndexes(declared []Index) indexes {
	all := indexes{}
	for _, ix := range append([]Index{byID, byCreationTime}, declared...) {
		all[ix.Name] = indexed{Index: ix}
	}
	return all
}

func (s *Snapshot) get(table, id string) (Document, bool) {
	return s.tables[table][byID.Name].docs.get(appendKey(nil, id))
}

// with returns the snapshot in which the document of that id is doc, or is deleted if doc is nil, and the writes between the two.
func (s *Snapshot) with(table, id string, doc Document) (*Snapshot, []write) {
	old, had := s.get(table, id)
	changed := maps.Clone(s.tables[table])
	var writes []write
	for name, ix := range changed {
		if had {
			key := ix.key(old)
			ix.docs = ix.docs.without(key)
			writes = append(writes, write{indexName{table, name}, key, id})
		}
		if doc != nil {
			key := ix.key(doc)
			ix.docs = ix.docs.with(key, doc)
			writes = append(writes, write{indexName{table, name}, key, id})
		}
		changed[name] = ix
	}
	return s.withTable(table, changed), writes
}

func (s *Snapshot) withTable(table string, docs indexes) *Snapshot {
	tables := maps.Clone(s.tables)
	tables[table] = docs
	return &Snapshot{Ts: s.Ts, tables: tables}
}

// clone copies a value, so that neither a handler nor the database can change a value of the other.
func clone(value any) any {
	switch value := value.(type) {
	case []byte:
		return slices.Clone(value)
	case []any:
		copied := make([]any, len(value))
		for i, element := range value {
			copied[i] = clone(element)
		}
		return copied
	case map[string]any:
		return CloneDocument(value)
	default:
		return value
	}
}

// CloneDocument copies a document with all its values.
func CloneDocument(doc Document) Document {
	copied := make(Document, len(doc))
	for name, value := range doc {
		copied[name] = clone(value)
	}
	return copied
}

package store

import (
	"fmt"
	"reflect"
	"strings"

	"convexgateway/convex"
	"convexgateway/dev/deployment/v"
)

// Transaction is one function's view of the database: a snapshot, the function's own writes, and what it has read. One
// goroutine uses it.
type Transaction struct {
	db         *Database
	generation uint64 // of the database when the call began
	base       *Snapshot
	view       *Snapshot // base with changes
	reads      ReadSet
	changes    map[string]change // by document id
	warnings   []string

	// Source is the function that runs, for the errors of others that conflict with it.
	Source string
	// Committed is called at the commit, before listeners learn of it, unless it is nil. It must not block.
	Committed func()
}

type change struct {
	table string
	doc   Document // nil: deleted
}

// Begin starts a transaction on a snapshot, for a call of a generation. It needs no end.
func (db *Database) Begin(base *Snapshot, generation uint64) *Transaction {
	return &Transaction{db: db, generation: generation, base: base, view: base, reads: ReadSet{}, changes: map[string]change{}}
}

// Reader reads in the transaction. With a nil journal pages may end elsewhere when the function runs again.
func (tx *Transaction) Reader(j *Journal) *Reader { return &Reader{tx, tx.db.cursors, j} }

// Writer reads and writes in the transaction.
func (tx *Transaction) Writer() Writer { return Writer{tx.Reader(nil)} }

// ReadSet seals and returns what the transaction has read. The transaction must not be used afterwards.
func (tx *Transaction) ReadSet() ReadSet {
	tx.reads.seal()
	return tx.reads
}

// Warnings are for the function's log: documents written that come near a limit.
func (tx *Transaction) Warnings() []string { return tx.warnings }

// Limits of a stored document: get-convex/convex-backend crates/common/src/document.rs.
const (
	maxDocumentSize    = 1 << 20
	maxDocumentNesting = 16
)

// get returns a copy of a document, or nil.
func (tx *Transaction) get(method, id string) (string, Document, error) {
	table, ok := tx.db.TableOf(id)
	if !ok {
		return "", nil, wording("Invalid argument `id` for `%s`: Unable to decode ID: %s", method, whyNoID(id))
	}
	if isSystemTable(table) {
		return "", nil, errSystemTable
	}
	return table, tx.read(table, id), nil
}

// read returns a copy of a document of any table, or nil.
func (tx *Transaction) read(table, id string) Document {
	key := appendKey(nil, id)
	tx.reads.add(indexName{table, byID.Name}, interval{key, keyAfter(key)})
	doc, ok := tx.view.get(table, id)
	if !ok {
		return nil
	}
	return CloneDocument(doc)
}

// errSystemTable is the error for a system table. In Convex `ctx.db.system` reads them; here only ctx.storage does.
var errSystemTable = wording("System tables can only be accessed with db.system.")

func isSystemTable(name string) bool { return strings.HasPrefix(name, "_") }

func (tx *Transaction) insert(table string, fields Document) (string, error) {
	if isSystemTable(table) {
		return "", errSystemTable
	}
	created, now := tx.db.creationTime()
	id := newID(tx.db.number(table), now)
	doc := CloneDocument(fields)
	if given, ok := doc["_id"]; ok && given != id {
		return "", wording("Provided document ID \"%s\" doesn't match '_id' field %s", id, v.Show(given))
	}
	doc["_id"] = id
	if given, ok := doc["_creationTime"]; ok && given != created {
		return "", wording("Provided creation time %s doesn't match '_creationTime' field in %s", v.Show(created), v.Show(doc))
	}
	doc["_creationTime"] = created
	if err := tx.checkDocument(doc); err != nil {
		return "", err
	}
	tx.put(table, id, doc)
	return id, nil
}

// update changes a document that exists. Fields whose value is Undefined{} are removed.
func (tx *Transaction) update(method, id string, fields Document, keepOthers bool) error {
	table, old, err := tx.get(method, id)
	if err != nil {
		return err
	}
	if old == nil {
		return missingDocument("Update", id)
	}
	doc := Document{"_id": old["_id"], "_creationTime": old["_creationTime"]}
	if keepOthers {
		doc = old
	}
	for name, value := range fields {
		if _, removed := value.(Undefined); removed {
			delete(doc, name)
		} else if !strings.HasPrefix(name, "_") {
			doc[name] = clone(value)
		}
	}
	if err := tx.checkDocument(doc); err != nil {
		return err
	}
	tx.put(table, id, doc)
	return nil
}

func (tx *Transaction) delete(id string) error {
	table, old, err := tx.get("db.delete", id)
	if err != nil {
		return err
	}
	if old == nil {
		return missingDocument("Delete", id)
	}
	tx.put(table, id, nil)
	return nil
}

func missingDocument(verb, id string) error {
	return wording("%s on nonexistent document ID %s", verb, id)
}

func (tx *Transaction) put(table, id string, doc Document) {
	if old, ok := tx.view.get(table, id); ok && doc != nil && reflect.DeepEqual(old, doc) {
		return // nothing changes
	}
	if tx.view.tables[table] == nil {
		tx.view = tx.view.withTable(table, newIndexes(nil))
	}
	tx.view, _ = tx.view.with(table, id, doc)
	tx.changes[id] = change{table, doc}
}

// checkDocument checks a document to be written. It warns of one near a limit.
func (tx *Transaction) checkDocument(doc Document) error {
	levels, size := nesting(doc), convex.Size(doc)
	if size > maxDocumentSize {
		return wording("Value is too large (%s > maximum size %d MiB)", Mebibytes(size), maxDocumentSize>>20)
	}
	if err := checkFields(doc, levels); err != nil {
		return wording("Document(value: %s) isn't a valid document: %w", v.Show(doc), err)
	}
	if size*5 > maxDocumentSize*4 {
		tx.warnings = append(tx.warnings, fmt.Sprintf("Large document written with ID %q (actual: %d bytes, limit: %d bytes).", doc["_id"], size, maxDocumentSize))
	}
	if levels*5 > maxDocumentNesting*4 {
		tx.warnings = append(tx.warnings, fmt.Sprintf("Deeply nested document written with ID %q (actual: %d levels, limit: %d levels).", doc["_id"], levels, maxDocumentNesting))
	}
	return nil
}

func checkFields(doc Document, levels int) error {
	for name := range doc {
		if strings.HasPrefix(name, "_") && name != "_id" && name != "_creationTime" {
			return wording("Field '%s' starts with an underscore, which is only allowed for system fields like '_id'", name)
		}
	}
	if levels > maxDocumentNesting {
		return wording("Document is too nested (nested %d levels deep > maximum nesting %d)", levels, maxDocumentNesting)
	}
	_, err := convex.Encode(doc)
	return err
}

// nesting is 0 for a scalar and 1 for an empty container.
func nesting(value any) int {
	deepest := 0
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			deepest = max(deepest, nesting(element))
		}
	case map[string]any:
		for _, element := range value {
			deepest = max(deepest, nesting(element))
		}
	default:
		return 0
	}
	return deepest + 1
}

// scan yields the documents of an index range in order until yield returns false. The range counts as read up to there. The
// documents are the database's own: clone one to keep it.
func (tx *Transaction) scan(name indexName, in interval, order Order, yield func(key []byte, doc Document) bool) {
	docs := tx.view.tables[name.table][name.index].docs
	walk := docs.ascend
	if order == Desc {
		walk = docs.descend
	}
	for key, doc := range walk(in) {
		if yield(key, doc) {
			continue
		}
		if order == Desc {
			in.start = key
		} else {
			in.end = keyAfter(key)
		}
		break
	}
	tx.reads.add(name, in)
}

// wording makes an error with a text of Convex's, which clients and people search for.
func wording(format string, args ...any) error { return fmt.Errorf(format, args...) }

// Mebibytes returns a size as Convex writes it in error texts: `1.50 MiB`.
func Mebibytes(size int) string {
	return fmt.Sprintf("%.2f MiB", float64(size)/(1<<20))
}

package store

import (
	"errors"
	"fmt"
	"slices"
)

// Reader reads the database at the function's snapshot, the function's own writes included. It is valid while the handler runs;
// one goroutine uses it. Documents that it returns are copies.
type Reader struct {
	tx      *Transaction
	cursors cursorKey
	journal *Journal // nil: pages have none
}

// Writer also writes. Nothing is visible to others before the mutation has succeeded.
type Writer struct{ *Reader }

// Get returns a document, or nil if there is none of that id. It fails for a text that is no id.
func (r *Reader) Get(id string) (Document, error) {
	_, doc, err := r.tx.get("db.get", id)
	return doc, err
}

// Insert stores a document and returns its new id.
func (w Writer) Insert(table string, fields Document) (string, error) {
	return w.tx.insert(table, fields)
}

// Patch sets the given fields of a document and keeps the others.
func (w Writer) Patch(id string, fields Document) error {
	return w.tx.update("db.patch", id, fields, true)
}

// Replace sets the given fields of a document and removes the others.
func (w Writer) Replace(id string, fields Document) error {
	return w.tx.update("db.replace", id, fields, false)
}

// Delete removes a document.
func (w Writer) Delete(id string) error { return w.tx.delete(id) }

// Order is the direction in which a query reads its index.
type Order int

const (
	Asc  Order = iota // least key first
	Desc              // greatest key first
)

// DatabaseQuery is a range of an index to be read in order.
type DatabaseQuery struct {
	reader *Reader
	index  indexName
	bounds []Bound
	order  Order
}

// Query reads a table in the order of creation, or in that of another index with WithIndex.
func (r *Reader) Query(table string) *DatabaseQuery {
	return &DatabaseQuery{reader: r, index: indexName{table, byCreationTime.Name}}
}

// WithIndex reads an index within bounds: any number of Eq on its first fields, then at most one lower and one upper
// bound on the field after them.
func (q *DatabaseQuery) WithIndex(name string, bounds ...Bound) *DatabaseQuery {
	q.index.index, q.bounds = name, bounds
	return q
}

// Order sets the direction.
func (q *DatabaseQuery) Order(order Order) *DatabaseQuery {
	q.order = order
	return q
}

// Collect returns all documents.
func (q *DatabaseQuery) Collect() ([]Document, error) { return q.Take(-1) }

// Take returns the first n documents; all if n is negative. The documents after them do not count as read.
func (q *DatabaseQuery) Take(n int) ([]Document, error) {
	docs := []Document{}
	if n == 0 {
		return docs, nil
	}
	in, err := q.interval()
	if err != nil {
		return nil, err
	}
	q.reader.tx.scan(q.index, in, q.order, func(_ []byte, doc Document) bool {
		docs = append(docs, CloneDocument(doc))
		return len(docs) != n
	})
	return docs, nil
}

// First returns the first document, or nil.
func (q *DatabaseQuery) First() (Document, error) {
	docs, err := q.Take(1)
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	return docs[0], nil
}

// Bound narrows an index range; see Eq, Gt, Gte, Lt, Lte.
type Bound struct {
	field string
	kind  boundKind
	value any
}

type boundKind int

const (
	eq boundKind = iota
	gt
	gte
	lt
	lte
)

// Eq narrows a field to one value.
func Eq(field string, value any) Bound { return Bound{field, eq, value} }

// Gt narrows a field to greater values, in Convex's order of all values.
func Gt(field string, value any) Bound { return Bound{field, gt, value} }

// Gte narrows a field to a value and greater ones.
func Gte(field string, value any) Bound { return Bound{field, gte, value} }

// Lt narrows a field to lesser values.
func Lt(field string, value any) Bound { return Bound{field, lt, value} }

// Lte narrows a field to a value and lesser ones.
func Lte(field string, value any) Bound { return Bound{field, lte, value} }

// interval turns the bounds into a range of index keys.
func (q *DatabaseQuery) interval() (interval, error) {
	fields, err := q.fields()
	if err != nil {
		return interval{}, err
	}
	var prefix []byte
	rest := q.bounds
	for len(rest) > 0 && rest[0].kind == eq {
		if len(fields) == 0 || rest[0].field != fields[0] {
			return interval{}, fmt.Errorf("index %s: %s is not its next field", q.index.index, rest[0].field)
		}
		prefix = appendKey(prefix, rest[0].value)
		rest, fields = rest[1:], fields[1:]
	}
	in := interval{prefix, prefixEnd(prefix)}
	for _, bound := range rest {
		if len(fields) == 0 || bound.field != fields[0] {
			return interval{}, fmt.Errorf("index %s: %s is not its next field", q.index.index, bound.field)
		}
		if err := in.narrow(prefix, bound); err != nil {
			return interval{}, err
		}
	}
	return in, nil
}

func (in *interval) narrow(prefix []byte, bound Bound) error {
	at := appendKey(slices.Clip(slices.Clone(prefix)), bound.value)
	switch bound.kind {
	case gte:
		in.start = at
	case gt:
		in.start = prefixEnd(at)
	case lt:
		in.end = at
	case lte:
		in.end = prefixEnd(at)
	default:
		return errors.New("index range: Eq must come before other bounds")
	}
	return nil
}

func (q *DatabaseQuery) fields() ([]string, error) {
	if isSystemTable(q.index.table) {
		return nil, errSystemTable
	}
	docs := q.reader.tx.view.tables[q.index.table]
	if docs == nil {
		docs = newIndexes(nil)
	}
	ix, ok := docs[q.index.index]
	if !ok {
		return nil, wording("Index %s.%s not found.", q.index.table, q.index.index)
	}
	return ix.fields(), nil
}

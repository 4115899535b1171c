package store

import (
	"crypto/sha256"
	"fmt"
	"math"
	"strconv"

	"convexgateway/dev/deployment/serde"
)

// Journal holds where a page ends, so that a query which runs again returns the same range, whatever was written meanwhile.
// Before is the journal of the run before, After that of this run; "" is none.
type Journal struct {
	Before string
	After  string
}

// Paginate returns one page as Convex's clients expect it, {page, isDone, continueCursor, splitCursor, pageStatus}, for
// options that the validator of package app accepts. A function may paginate once.
//
// The end of the page is options.endCursor, else the journal's, else where numItems documents have been found. Simpler than
// Convex: maximumRowsRead and maximumBytesRead are accepted and ignored, and pageStatus is always null.
func (q *DatabaseQuery) Paginate(options map[string]any) (map[string]any, error) {
	p, err := q.plan(options)
	if err != nil {
		return nil, err
	}
	page, keys, end := p.read(q)
	result := map[string]any{
		"page": page, "isDone": end.end, "continueCursor": q.reader.cursors.seal(end), "splitCursor": nil, "pageStatus": nil,
	}
	if len(keys) > 2 {
		result["splitCursor"] = q.reader.cursors.seal(cursor{query: p.query, after: keys[len(keys)/2]})
	}
	if j := q.reader.journal; j != nil {
		if j.After != "" {
			return nil, wording("This query or mutation function ran multiple " +
				"paginated queries. Convex only supports a single paginated query in each function.")
		}
		j.After = q.reader.cursors.sealJournal(end)
	}
	return result, nil
}

// pagePlan is the range that one page covers at most.
type pagePlan struct {
	query  [16]byte
	in     interval
	isDone bool // the start is after the last document
	end    *cursor
	limit  int // of documents, if end is nil
}

func (q *DatabaseQuery) plan(options map[string]any) (pagePlan, error) {
	in, err := q.interval()
	if err != nil {
		return pagePlan{}, err
	}
	p := pagePlan{query: q.fingerprint(in), in: in}
	if p.limit, err = pageLimit(options["numItems"]); err != nil {
		return pagePlan{}, err
	}
	if text, ok := options["cursor"].(string); ok {
		start, err := q.reader.cursors.openFor(text, p.query)
		if err != nil {
			return pagePlan{}, err
		}
		p.startAt(start, q.order)
	}
	end, err := q.pageEnd(options["endCursor"], p.query)
	if err != nil {
		return pagePlan{}, err
	}
	if end != nil {
		p.endAt(*end, q.order)
	}
	return p, nil
}

// pageEnd is where the page ends: at endCursor, else where the journal says; nil: after numItems.
func (q *DatabaseQuery) pageEnd(endCursor any, query [16]byte) (*cursor, error) {
	text, given := endCursor.(string)
	if !given && q.reader.journal != nil && q.reader.journal.Before != "" {
		text, given = withoutNonce(q.reader.journal.Before), true
	}
	if !given {
		return nil, nil
	}
	end, err := q.reader.cursors.openFor(text, query)
	return &end, err
}

// pageLimit reads how many documents a page has.
func pageLimit(numItems any) (int, error) {
	switch n, _ := numItems.(float64); {
	case n < 0:
		return 0, wording("`options.numItems` must be a positive number. Received `%s`.", strconv.FormatFloat(n, 'f', -1, 64))
	case math.IsNaN(n) || math.IsInf(n, 0):
		return 0, wording("Invalid arguments for `queryPage`: invalid type: null, expected usize")
	case n != math.Trunc(n):
		return 0, wording("Invalid arguments for `queryPage`: invalid type: floating point `%s`, expected usize", serde.Float(n))
	case n > math.MaxUint32:
		return 0, wording("Requested too many items: %.0f", n)
	case n == 0:
		return 0, wording("Must request at least 1 document while paginating")
	default:
		return int(n), nil
	}
}

// fingerprint identifies the query: the same table, index, range and order make the same query.
func (q *DatabaseQuery) fingerprint(in interval) [16]byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %x %x %d", q.index.table, q.index.index, in.start, in.end, q.order))
	return [16]byte(sum[:16])
}

func (p *pagePlan) startAt(c cursor, order Order) {
	switch {
	case c.end:
		p.isDone = true
	case order == Desc:
		p.in.end = c.after
	default:
		p.in.start = keyAfter(c.after)
	}
}

func (p *pagePlan) endAt(c cursor, order Order) {
	p.end = &c
	switch {
	case c.end: // the range's own end
	case order == Desc:
		p.in.start = c.after
	default:
		p.in.end = keyAfter(c.after)
	}
}

// read returns the page's documents, their keys, and where the page ends.
func (p *pagePlan) read(q *DatabaseQuery) (page []any, keys [][]byte, end cursor) {
	page, end = []any{}, cursor{query: p.query, end: true}
	if p.end != nil {
		end = *p.end
	}
	if p.isDone {
		return page, nil, end
	}
	q.reader.tx.scan(q.index, p.in, q.order, func(key []byte, doc Document) bool {
		page, keys = append(page, CloneDocument(doc)), append(keys, key)
		if p.end == nil && len(page) == p.limit {
			end = cursor{query: p.query, after: key}
			return false
		}
		return true
	})
	return page, keys, end
}

package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convexgateway/convex"
)

// inTransaction runs f in a transaction and commits it.
func inTransaction(t *testing.T, db *Database, f func(Writer)) {
	t.Helper()
	tx := db.Begin(db.Latest(), 0)
	f(tx.Writer())
	if _, err := db.Commit(tx, RequestKey{}, MutationRecord{}); err != nil {
		t.Fatal(err)
	}
}

func TestDatabaseQuery_bounds(t *testing.T) {
	db := New()
	db.Declare([]Table{{Name: "t", Indexes: []Index{{Name: "by_ab", Fields: []string{"a", "b"}}}}})
	inTransaction(t, db, func(w Writer) {
		for _, a := range []string{"x", "x\x00", "y"} {
			for b := range 3 {
				if _, err := w.Insert("t", Document{"a": a, "b": float64(b), "name": fmt.Sprintf("%q%d", a, b)}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, err := w.Insert("t", Document{"name": "none"}); err != nil {
			t.Fatal(err)
		}
	})
	names := func(q *DatabaseQuery) string {
		docs, failed := q.Collect()
		if failed != nil {
			return failed.Error()
		}
		var list []string
		for _, doc := range docs {
			list = append(list, strings.ReplaceAll(doc["name"].(string), `"`, ""))
		}
		return strings.Join(list, " ")
	}
	r := db.Begin(db.Latest(), 0).Reader(nil)
	for _, test := range []struct {
		bounds []Bound
		order  Order
		want   string
	}{
		{nil, Asc, `none x0 x1 x2 x\x000 x\x001 x\x002 y0 y1 y2`},
		{[]Bound{Eq("a", "x")}, Asc, "x0 x1 x2"},
		{[]Bound{Eq("a", "x")}, Desc, "x2 x1 x0"},
		{[]Bound{Eq("a", "y"), Gt("b", 0.0)}, Asc, "y1 y2"},
		{[]Bound{Eq("a", "y"), Gte("b", 1.0), Lt("b", 2.0)}, Asc, "y1"},
		{[]Bound{Eq("a", "y"), Lte("b", 1.0)}, Desc, "y1 y0"},
		{[]Bound{Gt("a", "x")}, Asc, `x\x000 x\x001 x\x002 y0 y1 y2`},
		{[]Bound{Eq("b", 1.0)}, Asc, "index by_ab: b is not its next field"},
		{[]Bound{Gt("a", "x"), Eq("a", "y")}, Asc, "index range: Eq must come before other bounds"},
	} {
		if got := names(r.Query("t").WithIndex("by_ab", test.bounds...).Order(test.order)); got != test.want {
			t.Errorf("%+v: %s, want %s", test.bounds, got, test.want)
		}
	}
	if _, err := r.Query("t").WithIndex("nope").Collect(); err == nil {
		t.Error("an unknown index was read")
	}
	if docs, err := r.Query("unknown_table").Collect(); err != nil || len(docs) != 0 {
		t.Errorf("an unknown table: %v, %v", docs, err)
	}
}

func TestWriter(t *testing.T) {
	db := New()
	var id string
	inTransaction(t, db, func(w Writer) {
		fields := Document{"list": []any{1.0}}
		var err error
		if id, err = w.Insert("t", fields); err != nil {
			t.Fatal(err)
		}
		fields["list"].([]any)[0] = "changed after the insert"
		doc, err := w.Get(id)
		if err != nil || doc["list"].([]any)[0] != 1.0 || doc["_id"] != id {
			t.Fatalf("own write: %v, %v", doc, err)
		}
		doc["list"].([]any)[0] = "changed too"
	})
	inTransaction(t, db, func(w Writer) {
		if err := w.Patch(id, Document{"a": 1.0, "_id": "x"}); err != nil {
			t.Fatal(err)
		}
		if doc, _ := w.Get(id); doc["a"] != 1.0 || doc["_id"] != id || doc["list"].([]any)[0] != 1.0 {
			t.Errorf("after Patch: %v", doc)
		}
		if err := w.Replace(id, Document{"b": 2.0}); err != nil {
			t.Fatal(err)
		}
		if doc, _ := w.Get(id); len(doc) != 3 || doc["b"] != 2.0 {
			t.Errorf("after Replace: %v", doc)
		}
	})
	inTransaction(t, db, func(w Writer) {
		if err := w.Delete(id); err != nil {
			t.Fatal(err)
		}
		if doc, err := w.Get(id); doc != nil || err != nil {
			t.Errorf("after Delete: %v, %v", doc, err)
		}
		if w.Delete(id) == nil || w.Patch(id, nil) == nil {
			t.Error("a deleted document was changed")
		}
		if _, err := w.Get("no id"); err == nil {
			t.Error("Get of what is no id succeeded")
		}
	})
}

func TestWriter_limits(t *testing.T) {
	deep := any(1.0)
	for range maxDocumentNesting {
		deep = []any{deep}
	}
	db := New()
	w := db.Begin(db.Latest(), 0).Writer()
	rest := convex.Size(Document{"_id": newID(firstUserTable, time.Now()), "_creationTime": 0.0, "x": ""})
	for name, test := range map[string]struct {
		fields Document
		want   string // part of the error; "": none
	}{
		"deep":       {Document{"x": deep.([]any)[0]}, ""},
		"too deep":   {Document{"x": deep}, "Document is too nested (nested 17 levels deep > maximum nesting 16)"},
		"large":      {Document{"x": strings.Repeat("x", maxDocumentSize-rest)}, ""},
		"too large":  {Document{"x": strings.Repeat("x", maxDocumentSize-rest+1)}, "Value is too large (1.00 MiB > maximum size 1 MiB)"},
		"larger":     {Document{"x": strings.Repeat("x", maxDocumentSize*3/2)}, "Value is too large (1.50 MiB > maximum size 1 MiB)"},
		"underscore": {Document{"_x": 1.0}, "Field '_x' starts with an underscore"},
		"no value":   {Document{"x": 1}, "int"},
		"bad name":   {Document{"$x": 1.0}, "$x"},
		"long list":  {Document{"x": make([]any, convex.MaxArrayLength+1)}, "8192"},
	} {
		id, err := w.Insert("t", test.fields)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		if err := w.Patch(id, Document{"y": 1.0, "x": []any{deep}}); err == nil {
			t.Errorf("%s: patched", name)
		}
	}
}

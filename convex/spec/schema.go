package spec

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Schema is the tables of an app.
type Schema struct {
	Tables []Table // by name
}

// Table is a table of an app.
type Table struct {
	Name string // an identifier
	// Document describes what functions insert: an Object, a Union of them, or Any. _id and _creationTime are not in it; every
	// document has them besides.
	Document Validator
}

// Find returns the table of a name, nil if there is none.
func (s *Schema) Find(name string) *Table {
	i, found := slices.BinarySearchFunc(s.Tables, name, func(t Table, name string) int { return cmp.Compare(t.Name, name) })
	if !found {
		return nil
	}
	return &s.Tables[i]
}

// tableText is a table, as a schema has it.
type tableText struct {
	TableName    string          `json:"tableName"`
	DocumentType json.RawMessage `json:"documentType"`
}

// ParseSchema reads a schema as a deployment prints it: an object with the array tables. It warns as Parse does, and fails only where
// the text as a whole is no schema.
func ParseSchema(text []byte) (*Schema, []Warning, error) {
	if len(text) > MaxSize {
		return nil, nil, fmt.Errorf("the schema is larger than %d bytes", MaxSize)
	}
	var whole struct {
		Tables *[]tableText `json:"tables"`
	}
	err := json.Unmarshal(text, &whole)
	if err == nil && whole.Tables == nil {
		err = errors.New("it has no array tables")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("this is no schema: %w", err)
	}
	var p parser
	s := &Schema{}
	for _, table := range *whole.Tables {
		if !isIdentifier(table.TableName) {
			p.warnAs(fmt.Sprintf("table %q", table.TableName), "", "is left out: its name is no identifier")
			continue
		}
		p.current = "table " + table.TableName
		document := Validator(Any)
		if !isNull(table.DocumentType) {
			document = p.validator("document", table.DocumentType, 0)
		}
		s.Tables = append(s.Tables, Table{Name: table.TableName, Document: document})
	}
	slices.SortStableFunc(s.Tables, func(a, b Table) int { return cmp.Compare(a.Name, b.Name) })
	s.Tables = slices.CompactFunc(s.Tables, func(a, b Table) bool { return a.Name == b.Name })
	return s, p.warnings, nil
}

package v_test

import (
	"errors"
	"testing"

	"convexgateway/dev/deployment/v"
	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func tables(id string) (string, bool) {
	table, ok := map[string]string{"u1": "users", "m1": "messages"}[id]
	return table, ok
}

type object = map[string]any

func TestCheck(t *testing.T) {
	send := v.Object(v.Field("body", v.String()), v.Field("channel", v.String(), v.Optional))
	for name, test := range map[string]struct {
		validator v.Validator
		value     any
		want      string // "" is a match
	}{
		"all fields":        {send, object{"body": "hi", "channel": "x"}, ""},
		"optional absent":   {send, object{"body": "hi"}, ""},
		"null":              {v.Null(), nil, ""},
		"number":            {v.Number(), 1.5, ""},
		"int64":             {v.Int64(), int64(1), ""},
		"boolean":           {v.Boolean(), true, ""},
		"bytes":             {v.Bytes(), []byte{1}, ""},
		"any":               {v.Any(), []any{nil}, ""},
		"id":                {v.ID("users"), "u1", ""},
		"literal":           {v.Literal("a"), "a", ""},
		"literal int64":     {v.Literal(int64(3)), int64(3), ""},
		"nullable":          {v.Nullable(v.String()), nil, ""},
		"array":             {v.Array(v.Number()), []any{1.0, 2.0}, ""},
		"record":            {v.Record(v.String(), v.Number()), object{"a": 1.0}, ""},
		"union of one":      {v.Union(v.String()), "x", ""},
		"optional not null": {send, object{"body": "hi", "channel": nil}, "Value does not match validator.\nPath: .channel\nValue: null\nValidator: v.string()"},
		"missing field": {send, object{"channel": "x"}, "Object is missing the required field `body`. Consider wrapping the field validator in " +
			"`v.optional(...)` if this is expected.\n\nObject: {channel: \"x\"}\nValidator: v.object({body: v.string(), channel: v.optional(v.string())})"},
		"extra field": {send, object{"body": "hi", "x": 1.0}, "Object contains extra field `x` that is not in the validator.\n\n" +
			"Object: {body: \"hi\", x: 1.0}\nValidator: v.object({body: v.string(), channel: v.optional(v.string())})"},
		"int is no number":  {v.Number(), int64(1), "Value does not match validator.\n\nValue: 1\nValidator: v.float64()"},
		"number is no int":  {v.Int64(), 1.0, "Value does not match validator.\n\nValue: 1.0\nValidator: v.int64()"},
		"no object":         {send, "x", "Value does not match validator.\n\nValue: \"x\"\nValidator: v.object({body: v.string(), channel: v.optional(v.string())})"},
		"in an array":       {v.Array(v.Array(v.String())), []any{[]any{"a", true}}, "Value does not match validator.\nPath: [0][1]\nValue: true\nValidator: v.string()"},
		"record value":      {v.Record(v.String(), v.Number()), object{"a": "b"}, "Value does not match validator.\nPath: .values()\nValue: \"b\"\nValidator: v.float64()"},
		"record key":        {v.Record(v.ID("users"), v.Number()), object{"a": 1.0}, "Value does not match validator.\nPath: .keys()\nValue: \"a\"\nValidator: v.id(\"users\")"},
		"id of other table": {v.ID("users"), "m1", "Found ID \"m1\" from table `messages`, which does not match the table name in validator `v.id(\"users\")`."},
		"no id":             {v.ID("users"), "zz", "Value does not match validator.\n\nValue: \"zz\"\nValidator: v.id(\"users\")"},
		"other literal":     {v.Literal("a"), "b", "`\"b\"` does not match literal validator `v.literal(\"a\")`."},
		"literal in a path": {v.Object(v.Field("k", v.Literal(1.0))), object{"k": 2.0}, "`2.0` does not match literal validator `v.literal(1.0)`.Path: .k"},
		"bigint literal":    {v.Literal(int64(1)), nil, "`null` does not match literal validator `v.literal(<bigint>)`."},
		"union":             {v.Union(v.String(), v.Null()), false, "Value does not match validator.\n\nValue: false\nValidator: v.union(v.string(), v.null())"},
		"empty union":       {v.Union(), nil, "Value does not match validator.\n\nValue: null\nValidator: v.union()"},
		"union of one says": {v.Union(v.Array(v.Null())), []any{true}, "Value does not match validator.\nPath: [0]\nValue: true\nValidator: v.null()"},
	} {
		t.Run(name, func(t *testing.T) {
			err := v.Check(test.validator, test.value, tables)
			var mismatch *v.Mismatch
			switch {
			case test.want == "" && err != nil:
				t.Fatalf("got %v, want a match", err)
			case test.want != "" && (!errors.As(err, &mismatch) || err.Error() != test.want):
				t.Fatalf("got  %q\nwant %q", err, test.want)
			}
		})
	}
}

func TestCheck_withoutTables(t *testing.T) {
	if err := v.Check(v.ID("users"), "u1", nil); err == nil {
		t.Fatal("an id matched without tables")
	}
}

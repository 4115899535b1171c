package deployment_test

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

// goldenTables are those of the app that the recordings were made with, in the order in which its deployment numbered them.
func goldenTables() []store.Table {
	sample := app.SampleTables()
	return []store.Table{sample[1], sample[0], {Name: "things"}}
}

// goldenFunctions are the functions of the recordings beyond the `testing` module: testdata/golden/diff-functions.ts.txt.
func goldenFunctions() []app.Function {
	any1 := v.Object(v.Field("value", v.Any()))
	name := v.Object(v.Field("name", v.String()))
	count := func(r *store.Reader, a app.Args) (float64, error) {
		c, err := r.Query("counters").WithIndex("by_name", store.Eq("name", a.String("name"))).First()
		if err != nil || c == nil {
			return 0, err
		}
		return c["value"].(float64), nil
	}
	return append(app.Sample(),
		app.Query("diff:noValidator", nil, func(c *app.QueryCtx, _ app.Args) (any, error) { return c.Argument(), nil }),
		app.Mutation("diff:noValidatorMutation", nil, func(c *app.MutationCtx, _ app.Args) (any, error) { return c.Argument(), nil }),
		app.Action("diff:noValidatorAction", nil, func(c *app.ActionCtx, _ app.Args) (any, error) { return c.Argument(), nil }),
		app.Mutation("diff:echoMutation", any1, func(_ *app.MutationCtx, a app.Args) (any, error) { return a["value"], nil }),
		app.Action("diff:echoAction", any1, func(_ *app.ActionCtx, a app.Args) (any, error) { return a["value"], nil }),
		app.Mutation("diff:store", any1, func(c *app.MutationCtx, a app.Args) (any, error) {
			m, ok := a["value"].(map[string]any)
			if !ok {
				return nil, errors.New("Invalid argument `value` for `db.insert`: Value must be an Object")
			}
			id, err := c.DB.Insert("things", m)
			if err != nil {
				return nil, err
			}
			return c.DB.Get(id)
		}),
		app.Query("diff:returnsString", any1, func(_ *app.QueryCtx, a app.Args) (any, error) { return a["value"], nil }).Returning(v.String()),
		app.Query("diff:returnsObject", any1, func(_ *app.QueryCtx, a app.Args) (any, error) { return a["value"], nil }).Returning(v.Object(v.Field("a", v.Number()), v.Field("b", v.Array(v.String()), v.Optional))),
		app.Mutation("diff:returnsStringMutation", any1, func(c *app.MutationCtx, a app.Args) (any, error) {
			_, err := c.DB.Insert("counters", store.Document{"name": "rsm", "value": 1.0})
			return a["value"], err
		}).Returning(v.String()),
		app.Action("diff:returnsStringAction", any1, func(_ *app.ActionCtx, a app.Args) (any, error) { return a["value"], nil }).Returning(v.String()),
		app.Query("diff:kinds", v.Object(
			v.Field("s", v.String(), v.Optional), v.Field("n", v.Number(), v.Optional), v.Field("i", v.Int64(), v.Optional), v.Field("b", v.Boolean(), v.Optional), v.Field("by", v.Bytes(), v.Optional),
			v.Field("nul", v.Null(), v.Optional), v.Field("id", v.ID("messages"), v.Optional), v.Field("lit", v.Literal("x"), v.Optional), v.Field("litn", v.Literal(1.0), v.Optional), v.Field("litb", v.Literal(true), v.Optional), v.Field("liti", v.Literal(int64(1)), v.Optional),
			v.Field("u", v.Union(v.String(), v.Number()), v.Optional), v.Field("ul", v.Union(v.Literal("a"), v.Literal("b")), v.Optional), v.Field("arr", v.Array(v.String()), v.Optional),
			v.Field("o", v.Object(v.Field("x", v.Number()), v.Field("y", v.String(), v.Optional)), v.Optional), v.Field("r", v.Record(v.String(), v.Number()), v.Optional),
			v.Field("uo", v.Union(v.Object(v.Field("k", v.Literal("a")), v.Field("x", v.Number())), v.Object(v.Field("k", v.Literal("b")), v.Field("y", v.String()))), v.Optional),
		), func(_ *app.QueryCtx, a app.Args) (any, error) { return map[string]any(a), nil }),
		app.Query("diff:required", v.Object(v.Field("body", v.String()), v.Field("n", v.Number())), func(_ *app.QueryCtx, _ app.Args) (any, error) { return nil, nil }),
		app.Query("diff:logMany", v.Object(v.Field("n", v.Number())), func(c *app.QueryCtx, a app.Args) (any, error) {
			for i := 0; i < int(a.Float("n")); i++ {
				c.Log(fmt.Sprint("line ", i))
			}
			return nil, nil
		}),
		app.Query("diff:logLong", v.Object(v.Field("n", v.Number())), func(c *app.QueryCtx, a app.Args) (any, error) {
			c.Log(strings.Repeat("x", int(a.Float("n"))))
			return nil, nil
		}),
		app.Query("diff:logKinds", any1, func(c *app.QueryCtx, a app.Args) (any, error) {
			c.Log(a["value"])
			c.Log("a", a["value"], "b")
			return nil, nil
		}),
		app.Query("diff:logNothing", v.Object(), func(c *app.QueryCtx, _ app.Args) (any, error) {
			c.Log()
			c.Log(store.Undefined{})
			c.Log("%s x", "y")
			c.Log("multi\nline")
			c.Log("it's")
			return nil, nil
		}),
		app.Mutation("diff:logThenThrow", v.Object(), func(c *app.MutationCtx, _ app.Args) (any, error) {
			c.Log("before")
			return nil, &app.ConvexError{Data: "after"}
		}),
		app.Mutation("diff:logThenCrash", v.Object(), func(c *app.MutationCtx, _ app.Args) (any, error) {
			c.Log("before")
			return nil, errors.New("after")
		}),
		app.Action("diff:logAction", v.Object(), func(c *app.ActionCtx, _ app.Args) (any, error) {
			c.Log("outer")
			_, err := c.RunQuery("testing:log", nil)
			c.Warn("end")
			return nil, err
		}),
		app.Action("diff:actionCrash", v.Object(), func(_ *app.ActionCtx, _ app.Args) (any, error) { return nil, errors.New("boom") }),
		app.Action("diff:actionConvex", v.Object(v.Field("data", v.Any())), func(_ *app.ActionCtx, a app.Args) (any, error) {
			return nil, &app.ConvexError{Data: a["data"]}
		}),
		app.Action("diff:nested", v.Object(v.Field("kind", v.String()), v.Field("path", v.String()), v.Field("args", v.Any())), func(c *app.ActionCtx, a app.Args) (any, error) {
			switch a.String("kind") {
			case "query":
				return c.RunQuery(a.String("path"), a.Object("args"))
			case "mutation":
				return c.RunMutation(a.String("path"), a.Object("args"))
			}
			return c.RunAction(a.String("path"), a.Object("args"))
		}),
		app.Query("diff:throws", v.Object(v.Field("what", v.String())), func(_ *app.QueryCtx, a app.Args) (any, error) {
			switch a.String("what") {
			case "empty":
				return nil, errors.New("")
			case "multiline":
				return nil, errors.New("two\nlines")
			case "unicode":
				return nil, errors.New("é\u2028\u0000\"q\"")
			case "long":
				return nil, errors.New(strings.Repeat("L", 100000))
			}
			return nil, nil
		}),
		app.Query("diff:returnsOdd", v.Object(v.Field("what", v.String())), func(_ *app.QueryCtx, a app.Args) (any, error) {
			nest := func(n int) any {
				var x any = 1.0
				for range n {
					x = []any{x}
				}
				return x
			}
			switch a.String("what") {
			case "bigint":
				return int64(1), nil
			case "minbigint":
				return int64(math.MinInt64), nil
			case "nan":
				return math.NaN(), nil
			case "negzero":
				return math.Copysign(0, -1), nil
			case "inf":
				return math.Inf(1), nil
			case "ninf":
				return math.Inf(-1), nil
			case "arraybuffer":
				return []byte{0, 16, 131}, nil
			case "loneSurrogate":
				return "\xed\xa0\x80", nil
			case "dollar":
				return map[string]any{"$x": 1.0}, nil
			case "emptykey":
				return map[string]any{"": 1.0}, nil
			case "underscore":
				return map[string]any{"_x": 1.0}, nil
			case "unicodekey":
				return map[string]any{"é": 1.0}, nil
			case "nested65":
				return nest(65), nil
			case "nested64":
				return nest(64), nil
			case "array8193":
				x := make([]any, 8193)
				for i := range x {
					x[i] = 0.0
				}
				return x, nil
			case "fields1025":
				x := map[string]any{}
				for i := range 1025 {
					x[fmt.Sprint("f", i)] = 0.0
				}
				return x, nil
			case "longkey1025":
				return map[string]any{strings.Repeat("k", 1025): 1.0}, nil
			case "longkey1024":
				return map[string]any{strings.Repeat("k", 1024): 1.0}, nil
			case "big16":
				return strings.Repeat("x", 16<<20-2), nil
			case "big16p":
				return strings.Repeat("x", 16<<20-1), nil
			case "u2028":
				return "\u2028\u2029\u0000\u007f😀", nil
			case "html":
				return "<a>&'\"\\/", nil
			case "float":
				return []any{1e21, 1e-7, 0.1, 123456789012345680000.0, 5e-324, 1.7976931348623157e308, 1e20, 100.0, -1.5}, nil
			}
			return nil, nil
		}),
		app.Query("diff:flip", name, func(c *app.QueryCtx, a app.Args) (any, error) {
			n, err := count(c.DB, a)
			if err == nil && int(n)%2 == 1 {
				err = &app.ConvexError{Data: map[string]any{"odd": n}}
			}
			return n, err
		}),
		app.Query("diff:flipCrash", name, func(c *app.QueryCtx, a app.Args) (any, error) {
			n, err := count(c.DB, a)
			if err == nil && int(n)%2 == 1 {
				err = fmt.Errorf("odd %v", n)
			}
			return n, err
		}),
		app.Query("diff:parity", name, func(c *app.QueryCtx, a app.Args) (any, error) {
			n, err := count(c.DB, a)
			return n >= 10, err
		}),
		app.Query("diff:parityLog", name, func(c *app.QueryCtx, a app.Args) (any, error) {
			n, err := count(c.DB, a)
			c.Log(n)
			return "same", err
		}),
		app.Mutation("diff:writeThenThrow", name, func(c *app.MutationCtx, a app.Args) (any, error) {
			_, err := c.DB.Insert("counters", store.Document{"name": a.String("name"), "value": 1.0})
			if err != nil {
				return nil, err
			}
			return nil, &app.ConvexError{Data: "rolled back"}
		}),
		app.Mutation("diff:who", v.Object(), func(c *app.MutationCtx, _ app.Args) (any, error) { return c.Auth().GetUserIdentity()["subject"], nil }),
		app.Action("diff:whoAction", v.Object(), func(c *app.ActionCtx, _ app.Args) (any, error) { return c.Auth().GetUserIdentity()["subject"], nil }),
		app.Query("diff:getById", v.Object(v.Field("id", v.String())), func(c *app.QueryCtx, a app.Args) (any, error) {
			doc, err := c.DB.Get(a.String("id"))
			if doc == nil {
				return nil, err
			}
			return doc, err
		}),
		app.Mutation("diff:patchMissing", v.Object(v.Field("id", v.String())), func(c *app.MutationCtx, a app.Args) (any, error) {
			return nil, c.DB.Patch(a.String("id"), store.Document{"body": "x"})
		}),
		app.Mutation("diff:deleteById", v.Object(v.Field("id", v.String())), func(c *app.MutationCtx, a app.Args) (any, error) {
			return nil, c.DB.Delete(a.String("id"))
		}),
		app.InternalMutation("diff:hidden", v.Object(), func(_ *app.MutationCtx, _ app.Args) (any, error) { return "hidden", nil }),
		app.InternalAction("diff:hiddenAction", v.Object(), func(_ *app.ActionCtx, _ app.Args) (any, error) { return "hidden", nil }),
		app.Mutation("testing:del", v.Object(v.Field("storageId", v.ID("_storage"))), func(c *app.MutationCtx, a app.Args) (any, error) {
			return nil, c.Storage.Delete(a.String("storageId"))
		}),
		app.Query("defaults:default", v.Object(), func(*app.QueryCtx, app.Args) (any, error) { return "the default", nil }),
		app.Query("nested/deep:get", v.Object(), func(*app.QueryCtx, app.Args) (any, error) { return "deep", nil }),
		app.Query("nested/a.b.js:get", v.Object(), func(*app.QueryCtx, app.Args) (any, error) { return "dotted", nil }),
	)
}

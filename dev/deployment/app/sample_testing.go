package app

import (
	"strings"

	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

// Testing are functions for test suites in other languages, which cannot register their own.
func Testing() []Function {
	stored := v.Field("storageId", v.ID(store.StorageTable))
	return []Function{
		Query("testing:big", v.Object(v.Field("bytes", v.Number())), testingBig),
		Query("testing:log", v.Object(), testingLog),
		Mutation("testing:upload", v.Object(), func(ctx *MutationCtx, _ Args) (any, error) {
			return ctx.Storage.GenerateUploadURL(), nil
		}),
		Query("testing:url", v.Object(stored), testingURL),
		Mutation("testing:delete", v.Object(stored), func(ctx *MutationCtx, args Args) (any, error) {
			return nil, ctx.Storage.Delete(args.String("storageId"))
		}),
		Query("testing:slowCounter", v.Object(
			v.Field("name", v.String()), v.Field("ms", v.Number()), v.Field("id", v.Number(), v.Optional),
		), testingSlowCounter),
		Mutation("testing:slow", v.Object(v.Field("ms", v.Number())), testingSlow),
		Query("testing:rows", v.Object(v.Field("paginationOpts", PaginationOptions())), testingRows),
		Mutation("testing:insertRow", v.Object(v.Field("position", v.Number())), testingInsertRow),
		Mutation("testing:deleteRow", v.Object(v.Field("id", v.ID(rowsTable))), func(ctx *MutationCtx, args Args) (any, error) {
			return nil, ctx.DB.Delete(args.String("id"))
		}),
	}
}

// rowsTable is a table whose rows have an order that their writer chooses, so that tests of pages can insert anywhere.
const rowsTable = "rows"

// TestingTables are the tables of Testing.
func TestingTables() []store.Table {
	return []store.Table{{Name: rowsTable, Indexes: []store.Index{{Name: "by_position", Fields: []string{"position"}}}}}
}

// testingRows pages through all rows by position; of rows of equal position the older comes first.
func testingRows(ctx *QueryCtx, args Args) (any, error) {
	return ctx.DB.Query(rowsTable).WithIndex("by_position").Paginate(args.Object("paginationOpts"))
}

// testingInsertRow returns the row's id.
func testingInsertRow(ctx *MutationCtx, args Args) (any, error) {
	return ctx.DB.Insert(rowsTable, store.Document{"position": args.Float("position")})
}

// testingBig returns a string of that many bytes.
func testingBig(_ *QueryCtx, args Args) (any, error) {
	n := args.Float("bytes")
	if !(n >= 0 && n <= maxResult+1) {
		return nil, &ConvexError{Data: map[string]any{"code": "INVALID_ARGUMENT", "message": "bytes must be from 0 to 16777217"}}
	}
	return strings.Repeat("x", int(n)), nil
}

// testingSlowCounter waits, and returns a counter's value. The id makes queries differ that return the same.
func testingSlowCounter(ctx *QueryCtx, args Args) (any, error) {
	if _, err := sleep(ctx, args.Float("ms")); err != nil {
		return nil, err
	}
	return CounterGet(ctx, args)
}

// testingURL returns a file's download URL, or null.
func testingURL(ctx *QueryCtx, args Args) (any, error) {
	url, err := ctx.Storage.GetURL(args.String("storageId"))
	if err != nil || url == "" {
		return nil, err
	}
	return url, nil
}

// testingLog logs a line of each level.
func testingLog(ctx *QueryCtx, _ Args) (any, error) {
	ctx.Debug("debug")
	ctx.Info("info")
	ctx.Log("log", 1.0, nil, map[string]any{"a": true})
	ctx.Warn("warn")
	ctx.Error("error")
	return nil, nil
}

// testingSlow waits, writes a row, and returns ms.
func testingSlow(ctx *MutationCtx, args Args) (any, error) {
	ms, err := sleep(ctx, args.Float("ms"))
	if err != nil {
		return nil, err
	}
	_, err = ctx.DB.Insert("slept", store.Document{"ms": ms})
	return ms, err
}

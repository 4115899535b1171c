package app

import (
	"context"
	"errors"
	"time"

	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
	"convexgateway/internal/wait"
)

// Sample is the app of a development deployment without one of its own. The same app in TypeScript, for a real deployment, is in
// examples/convex-app.
func Sample() []Function {
	echoed := v.Object(v.Field("value", v.Any()))
	thrown := v.Object(v.Field("data", v.Any()))
	return append(messageFunctions(),
		Query("users:me", v.Object(), usersMe).Returning(v.Any()),
		Query("counter:get", v.Object(v.Field("name", v.String())), CounterGet).Returning(v.Number()),
		Mutation("counter:add", v.Object(v.Field("name", v.String()), v.Field("by", v.Number(), v.Optional)), CounterAdd).Returning(v.Number()),
		Query("values:echo", echoed, func(_ *QueryCtx, args Args) (any, error) { return args["value"], nil }).Returning(v.Any()),
		Query("errors:convex", thrown, func(_ *QueryCtx, args Args) (any, error) { return nil, throwConvex(args) }).Returning(v.Null()),
		Query("errors:crash", v.Object(), func(*QueryCtx, Args) (any, error) { return nil, errBoom }).Returning(v.Null()),
		Mutation("errors:convexMutation", thrown, func(_ *MutationCtx, args Args) (any, error) { return nil, throwConvex(args) }).Returning(v.Null()),
		Mutation("errors:crashMutation", v.Object(), func(*MutationCtx, Args) (any, error) { return nil, errBoom }).Returning(v.Null()),
		Action("actions:sleep", v.Object(v.Field("ms", v.Number())), actionsSleep).Returning(v.Number()),
		InternalQuery("internal:secret", v.Object(), func(*QueryCtx, Args) (any, error) { return "secret", nil }).Returning(v.String()),
	)
}

// SampleTables are the tables of Sample.
func SampleTables() []store.Table {
	return []store.Table{
		{Name: "messages", Indexes: []store.Index{{Name: "by_channel", Fields: []string{"channel"}}}},
		{Name: "counters", Indexes: []store.Index{{Name: "by_name", Fields: []string{"name"}}}},
	}
}

func usersMe(ctx *QueryCtx, _ Args) (any, error) {
	if user := ctx.Auth().GetUserIdentity(); user != nil {
		return user, nil
	}
	return nil, nil
}

// CounterGet is the handler of counter:get.
func CounterGet(ctx *QueryCtx, args Args) (any, error) {
	counter, err := findCounter(ctx.DB, args.String("name"))
	if err != nil || counter == nil {
		return 0.0, err
	}
	return counter["value"], nil
}

// CounterAdd is the handler of counter:add. It returns the counter's new value.
func CounterAdd(ctx *MutationCtx, args Args) (any, error) {
	name, by := args.String("name"), args.FloatOr("by", 1)
	counter, err := findCounter(ctx.DB.Reader, name)
	if err != nil {
		return nil, err
	}
	if counter == nil {
		_, err := ctx.DB.Insert("counters", store.Document{"name": name, "value": by})
		return by, err
	}
	value := counter["value"].(float64) + by
	return value, ctx.DB.Patch(counter["_id"].(string), store.Document{"value": value})
}

func findCounter(db *store.Reader, name string) (store.Document, error) {
	return db.Query("counters").WithIndex("by_name", store.Eq("name", name)).First()
}

var errBoom = errors.New("boom")

func throwConvex(args Args) error { return &ConvexError{Data: args["data"]} }

const maxSleep = 10 * time.Minute

func actionsSleep(ctx *ActionCtx, args Args) (any, error) { return sleep(ctx, args.Float("ms")) }

// sleep waits that many milliseconds and returns them.
func sleep(ctx context.Context, ms float64) (any, error) {
	if !(ms >= 0 && ms <= float64(maxSleep.Milliseconds())) { // NaN too
		return nil, &ConvexError{Data: map[string]any{"code": "INVALID_ARGUMENT", "message": "ms must be from 0 to 600000"}}
	}
	if err := wait.For(ctx, time.Duration(ms*float64(time.Millisecond))); err != nil {
		return nil, err
	}
	return ms, nil
}

package app

import (
	"slices"

	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

const (
	defaultChannel = "general"
	defaultLimit   = 50
	maxLimit       = 8192 // a value's longest array
)

func messageFunctions() []Function {
	channel := v.Field("channel", v.String(), v.Optional)
	return []Function{
		Query("messages:list", v.Object(channel, v.Field("limit", v.Number(), v.Optional)), messagesList).Returning(v.Array(listed())),
		Mutation("messages:send", v.Object(channel, v.Field("body", v.String()), v.Field("author", v.String(), v.Optional)), messagesSend).
			Returning(v.ID("messages")),
		Query("messages:page", v.Object(channel, v.Field("paginationOpts", PaginationOptions())), messagesPage).
			Returning(PaginationResult(listed())),
		Mutation("messages:clear", v.Object(channel), messagesClear).Returning(v.Int64()),
	}
}

// listed is the validator of what message returns.
func listed() v.Validator {
	return v.Object(
		v.Field("_id", v.ID("messages")), v.Field("_creationTime", v.Number()), v.Field("id", v.ID("messages")),
		v.Field("author", v.String()), v.Field("body", v.String()), v.Field("channel", v.String()),
	)
}

func inChannel(db *store.Reader, args Args) *store.DatabaseQuery {
	return db.Query("messages").WithIndex("by_channel", store.Eq("channel", args.StringOr("channel", defaultChannel)))
}

// messagesList returns the newest messages of a channel, oldest first.
func messagesList(ctx *QueryCtx, args Args) (any, error) {
	limit := args.FloatOr("limit", defaultLimit)
	if !(limit >= 0 && limit <= maxLimit) { // NaN too
		return nil, &ConvexError{Data: map[string]any{"code": "INVALID_ARGUMENT", "message": "limit must be from 0 to 8192"}}
	}
	newest, err := inChannel(ctx.DB, args).Order(store.Desc).Take(int(limit))
	if err != nil {
		return nil, err
	}
	slices.Reverse(newest)
	messages := make([]any, len(newest))
	for i, doc := range newest {
		messages[i] = message(doc)
	}
	return messages, nil
}

// message adds the field id, a copy of _id, for clients that cannot have a field named _id.
func message(doc store.Document) store.Document {
	doc["id"] = doc["_id"]
	return doc
}

func messagesSend(ctx *MutationCtx, args Args) (any, error) {
	if args.String("body") == "" {
		return nil, &ConvexError{Data: map[string]any{"code": "INVALID_ARGUMENT", "message": "body must not be empty"}}
	}
	return ctx.DB.Insert("messages", store.Document{
		"author":  args.StringOr("author", callerName(ctx.Auth().GetUserIdentity())),
		"body":    args.String("body"),
		"channel": args.StringOr("channel", defaultChannel),
	})
}

func callerName(user map[string]any) string {
	for _, field := range []string{"name", "subject"} {
		if name, _ := user[field].(string); name != "" {
			return name
		}
	}
	return "anonymous"
}

// messagesPage pages through a channel, newest first.
func messagesPage(ctx *QueryCtx, args Args) (any, error) {
	result, err := inChannel(ctx.DB, args).Order(store.Desc).Paginate(args.Object("paginationOpts"))
	if err != nil {
		return nil, err
	}
	for _, doc := range result["page"].([]any) {
		message(doc.(store.Document))
	}
	return result, nil
}

// messagesClear returns how many messages it deleted.
func messagesClear(ctx *MutationCtx, args Args) (any, error) {
	messages, err := inChannel(ctx.DB.Reader, args).Collect()
	if err != nil {
		return nil, err
	}
	for _, doc := range messages {
		if err := ctx.DB.Delete(doc["_id"].(string)); err != nil {
			return nil, err
		}
	}
	return int64(len(messages)), nil
}

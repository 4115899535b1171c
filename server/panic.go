package server

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// catch turns a panic of the function that defers it into its error, and logs it under the call's names.
func catch(ctx context.Context, logger *slog.Logger, err *error) {
	if thrown := recover(); thrown != nil {
		logPanic(ctx, logger, thrown, callFrom(ctx).names(ctx)...)
		*err = fmt.Errorf("panic: %T", thrown)
	}
}

// logPanic logs where a panic came from. What was thrown may hold a caller's data, so only its type is told.
func logPanic(ctx context.Context, logger *slog.Logger, thrown any, names ...slog.Attr) {
	attrs := append(names, slog.String("type", fmt.Sprintf("%T", thrown)), slog.String("stack", string(debug.Stack())))
	logger.LogAttrs(ctx, slog.LevelError, "panic in a handler", attrs...)
}

package call

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// Recover turns a panic of the function that defers it into its error, and logs it under the call's names.
func Recover(ctx context.Context, logger *slog.Logger, err *error) {
	if thrown := recover(); thrown != nil {
		LogPanic(ctx, logger, thrown, From(ctx).LogAttrs(ctx)...)
		*err = fmt.Errorf("panic: %T", thrown)
	}
}

// LogPanic logs where a panic came from. What was thrown may hold a caller's data, so only its type is told.
func LogPanic(ctx context.Context, logger *slog.Logger, thrown any, names ...slog.Attr) {
	attrs := append(names, slog.String("type", fmt.Sprintf("%T", thrown)), slog.String("stack", string(debug.Stack())))
	logger.LogAttrs(ctx, slog.LevelError, "panic in a handler", attrs...)
}

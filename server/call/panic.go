package call

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// Recover turns a panic of the function that defers it into its error, and logs it with the call's ids.
func Recover(ctx context.Context, logger *slog.Logger, err *error) {
	if value := recover(); value != nil {
		*err = PanicError(ctx, logger, value)
	}
}

// PanicError logs a panic with the call's ids, and returns it as an error.
func PanicError(ctx context.Context, logger *slog.Logger, value any) error {
	LogPanic(ctx, logger, value, From(ctx).LogAttrs(ctx)...)
	return fmt.Errorf("panic: %T", value)
}

// LogPanic logs where a panic came from. Its value may hold a caller's data, so only the type is logged.
func LogPanic(ctx context.Context, logger *slog.Logger, value any, ids ...slog.Attr) {
	attrs := append(ids, slog.String("type", fmt.Sprintf("%T", value)), slog.String("stack", string(debug.Stack())))
	logger.LogAttrs(ctx, slog.LevelError, "panic in a handler", attrs...)
}

package app

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"convexgateway/convex"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
)

// ConvexError is an error that a function throws on purpose. The client gets Data even from a deployment that redacts.
type ConvexError struct {
	Data any    // a value of package convex
	text string // instead of the data's
}

// Error leaves the data out: it may be secret.
func (e *ConvexError) Error() string { return "ConvexError" }

// message is the message that JavaScript's ConvexError has: the data as JSON text, a string without quotes.
func (e *ConvexError) message() string {
	if e.text != "" {
		return e.text
	}
	if text, ok := e.Data.(string); ok {
		return text
	}
	text, err := call.Marshal(jsonOf(e.Data))
	if err != nil {
		return ""
	}
	if len(text) <= maxShownData {
		return string(text)
	}
	const rest = "[...truncated]"
	return strings.ToValidUTF8(string(text[:maxShownData-len(rest)]), "") + rest
}

// maxShownData is MAX_VALUE_FOR_ERROR_LEN of get-convex/convex-js src/values/value.ts.
const maxShownData = 16_384

func jsonOf(value any) any {
	switch value := value.(type) {
	case int64:
		return strconv.FormatInt(value, 10) + "n"
	case []any:
		shown := make([]any, len(value))
		for i, element := range value {
			shown[i] = jsonOf(element)
		}
		return shown
	case map[string]any:
		shown := make(map[string]any, len(value))
		for name, element := range value {
			shown[name] = jsonOf(element)
		}
		return shown
	case []byte:
		return struct{}{} // as JSON.stringify writes an ArrayBuffer
	case float64:
		if !math.IsNaN(value) && !math.IsInf(value, 0) {
			return value
		}
		return nil
	default:
		return value
	}
}

// wording makes an error with a text of Convex's, which clients and people search for.
func wording(format string, args ...any) error { return fmt.Errorf(format, args...) }

// convexErrorOf is the ConvexError in err, or nil. A cursor of another query is one with Convex's own data.
func convexErrorOf(err error) *ConvexError {
	var own *ConvexError
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, store.ErrCursorOfOtherQuery):
		return &ConvexError{
			Data: map[string]any{"isConvexSystemError": true, "paginationError": "InvalidCursor"},
			text: store.ErrCursorOfOtherQuery.Error(),
		}
	default:
		return nil
	}
}

// thrown is the failure of a handler that returned err. It shows one stack frame, without a line number, as there is no
// JavaScript.
func thrown(path convex.Path, err error) *call.Failure {
	frame := fmt.Sprintf("\n    at handler (../convex/%s.ts)\n", path.Module())
	own := convexErrorOf(err)
	if own == nil {
		return &call.Failure{Text: "Uncaught Error: " + err.Error() + frame, Cause: err}
	}
	if _, bad := convex.Encode(own.Data); bad != nil {
		return call.Refusal("ConvexError with invalid data: %v", bad)
	}
	return &call.Failure{Text: "Uncaught ConvexError: " + own.message() + frame, Data: own.Data, HasData: true, Cause: err}
}

// rethrown is the failure of a nested call as an error for the function that made it.
func rethrown(f *call.Failure) error {
	if f.Cause != nil {
		return f.Cause
	}
	return errors.New(f.Text)
}

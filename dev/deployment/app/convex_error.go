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

// ConvexError is an error that a function throws on purpose; the client gets Data, whatever the deployment redacts.
type ConvexError struct {
	Data any    // a value of package convex
	text string // instead of the data's
}

// Error says nothing of the data: it may be secret.
func (e *ConvexError) Error() string { return "ConvexError" }

// message is what JavaScript's ConvexError would have for a message: the data as JSON text, a string bare.
func (e *ConvexError) message() string {
	if e.text != "" {
		return e.text
	}
	if text, ok := e.Data.(string); ok {
		return text
	}
	text, err := call.Marshal(jsonForPeople(e.Data))
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

func jsonForPeople(value any) any {
	switch value := value.(type) {
	case int64:
		return strconv.FormatInt(value, 10) + "n"
	case []any:
		shown := make([]any, len(value))
		for i, element := range value {
			shown[i] = jsonForPeople(element)
		}
		return shown
	case map[string]any:
		shown := make(map[string]any, len(value))
		for name, element := range value {
			shown[name] = jsonForPeople(element)
		}
		return shown
	case []byte:
		return struct{}{} // what JSON.stringify makes of an ArrayBuffer
	case float64:
		if !math.IsNaN(value) && !math.IsInf(value, 0) {
			return value
		}
		return nil
	default:
		return value
	}
}

// wording is an error in Convex's own words, which clients and people look for.
func wording(format string, args ...any) error { return fmt.Errorf(format, args...) }

// convexErrorOf is the ConvexError in err, or nil. One of Convex's own is made of an error of the database.
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

// thrown is the failure of a handler that returned err. It shows one stack frame, without a line number: there is no
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

// rethrown is a failure as an error in the function that made the call.
func rethrown(f *call.Failure) error {
	if f.Cause != nil {
		return f.Cause
	}
	return errors.New(f.Text)
}

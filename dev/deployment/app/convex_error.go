package app

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
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
func (e *ConvexError) message(order call.KeyOrder) string {
	if e.text != "" {
		return e.text
	}
	if text, ok := e.Data.(string); ok {
		return text
	}
	text := appendJSON(nil, e.Data, order)
	if len(text) <= maxShownData {
		return string(text)
	}
	const rest = "[...truncated]"
	return strings.ToValidUTF8(string(text[:maxShownData-len(rest)]), "") + rest
}

// maxShownData is MAX_VALUE_FOR_ERROR_LEN of get-convex/convex-js src/values/value.ts.
const maxShownData = 16_384

// appendJSON writes a value as JSON.stringify writes it for an error's message.
func appendJSON(dst []byte, value any, order call.KeyOrder) []byte {
	switch value := value.(type) {
	case int64:
		return append(strconv.AppendInt(append(dst, '"'), value, 10), `n"`...)
	case float64:
		switch {
		case math.IsNaN(value) || math.IsInf(value, 0):
			return append(dst, "null"...)
		case value == 0:
			return append(dst, '0')
		}
		return jsonscan.AppendNumber(dst, value)
	case []byte:
		return append(dst, "{}"...) // an ArrayBuffer
	case []any:
		dst = append(dst, '[')
		for i, element := range value {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSON(dst, element, order)
		}
		return append(dst, ']')
	case map[string]any:
		dst = append(dst, '{')
		for i, name := range order.Keys(value) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendJSON(dst, name, order), ':')
			dst = appendJSON(dst, value[name], order)
		}
		return append(dst, '}')
	default:
		return append(dst, call.Encoded.Write(value)...)
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

// maxErrorText bounds the text of an uncaught error before its stack frames, in bytes.
const maxErrorText = 65_536

// uncaught is the text of an error that a handler threw. It shows one stack frame, without a line number, as there is no
// JavaScript.
func uncaught(path call.Path, name, message string) string {
	text := "Uncaught " + name
	if message != "" {
		text += ": " + message
	}
	if len(text) > maxErrorText {
		text = strings.ToValidUTF8(text[:maxErrorText], "")
	}
	return fmt.Sprintf("%s\n    at handler (../convex/%s.ts)\n", text, path.Module())
}

// thrown is the failure of a handler that returned err.
func thrown(path call.Path, order call.KeyOrder, err error) *call.Failure {
	own := convexErrorOf(err)
	if own == nil {
		return &call.Failure{Text: uncaught(path, "Error", err.Error())}
	}
	if _, bad := convex.Encode(own.Data); bad != nil {
		return call.Refusal("ConvexError with invalid data: %v", bad)
	}
	return &call.Failure{Text: uncaught(path, "ConvexError", own.message(order)), Data: own.Data, HasData: true}
}

// rethrown is the failure of a nested call as an error for the function that made it. Its message has the text of the failure.
func rethrown(f *call.Failure) error {
	if f.HasData {
		return &ConvexError{Data: f.Data, text: f.Text}
	}
	return errors.New(f.Text)
}

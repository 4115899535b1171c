package deployment

import (
	"encoding/json"
	"fmt"
)

// failure is a function error: what a client gets in place of a result.
type failure struct {
	text    string // with its frames, and a line end; shown unless redacted
	data    any
	hasData bool
	cause   error // what the handler returned, if it is its own
}

// refusal is the failure of a call that did not reach the handler.
func refusal(format string, args ...any) *failure {
	return &failure{text: fmt.Sprintf(format, args...) + "\n"}
}

// message is the text for the client.
func (f *failure) message(requestID string, redact bool) string {
	head := "[Request ID: " + requestID + "] Server Error"
	if redact {
		return head
	}
	return head + "\n" + f.text
}

// encodedData is a ConvexError's data, else nothing.
func (f *failure) encodedData() json.RawMessage {
	if !f.hasData {
		return nil
	}
	return formatEncoded.write(f.data)
}

package call

import (
	"encoding/json"
	"fmt"
)

// Failure is a function's error, which a client gets in place of a result.
type Failure struct {
	Text    string // with stack frames, and a line end; left out if the deployment redacts
	Data    any
	HasData bool
}

// Refusal is the failure of a call that did not reach the handler.
func Refusal(format string, args ...any) *Failure {
	return &Failure{Text: fmt.Sprintf(format, args...) + "\n"}
}

// Message is the text for the client.
func (f *Failure) Message(requestID string, redact bool) string {
	head := "[Request ID: " + requestID + "] Server Error"
	if redact {
		return head
	}
	return head + "\n" + f.Text
}

// EncodedData is a ConvexError's data, else nothing.
func (f *Failure) EncodedData() json.RawMessage {
	if !f.HasData {
		return nil
	}
	return Encoded.Write(f.Data)
}

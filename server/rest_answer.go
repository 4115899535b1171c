package server

import (
	"encoding/base64"
	"net/http"

	"convexgateway/convex"
	"convexgateway/convex/jsontext"
)

// textAnswer is what a unary call over REST is answered with: JSON.
type textAnswer struct {
	body []byte
	tag  string // ETag; empty: none
}

// newTextAnswer is a QueryResponse, MutateResponse or ActionResponse as proto JSON. It quotes the result as it is, but for its
// line breaks.
func newTextAnswer(r *convex.Result, lane lane, kind convex.Kind, conditional bool) (*textAnswer, error) {
	value, err := jsontext.OneLine(r.Value, maxDepth)
	if err != nil {
		return nil, err
	}
	a := &textAnswer{body: make([]byte, 0, len(value)+len(value)/2+64)}
	if lane == jsonLane {
		a.body = base64.StdEncoding.AppendEncode(append(a.body, `{"valueJson":"`...), r.Value)
		a.body = append(a.body, '"')
	} else {
		a.body = append(append(a.body, `{"value":`...), value...)
	}
	a.appendLogLines(r.LogLines)
	if kind == convex.Mutation {
		err = a.appendTime(r.Timestamp)
	}
	a.body = append(a.body, '}')
	if kind == convex.Query && conditional {
		a.tag, err = valueTag(value)
	}
	return a, err
}

func (a *textAnswer) appendLogLines(lines []string) {
	for i, line := range lines {
		mark := `,`
		if i == 0 {
			mark = `,"logLines":[`
		}
		a.body = jsontext.AppendString(append(a.body, mark...), line)
	}
	if len(lines) > 0 {
		a.body = append(a.body, ']')
	}
}

// appendTime appends when a mutation was committed, if that is known.
func (a *textAnswer) appendTime(timestamp uint64) error {
	if timestamp == 0 {
		return nil
	}
	text, err := marshalJSON(timeOf(timestamp))
	a.body = append(append(a.body, `,"commitTime":`...), text...)
	return err
}

// write answers, with 304 if the caller has the state already.
func (a *textAnswer) write(w http.ResponseWriter, c *restCall) {
	h := w.Header()
	if a.tag != "" {
		h.Set("ETag", a.tag)
		h.Set("Cache-Control", "private, no-cache")
		h.Add("Vary", "Authorization")
		if c.has(a.tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h["Content-Type"] = jsonType
	_, _ = w.Write(a.body) //nolint:gosec // JSON, and typed so
}

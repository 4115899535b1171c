package server

import (
	"encoding/base64"
	"net/http"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
)

// textAnswer is what a unary call over REST is answered with: JSON.
type textAnswer struct {
	body []byte
	tag  string // ETag; empty: none
}

func (a *textAnswer) wireSize() int { return len(a.body) }

// newTextAnswer is a QueryResponse, MutateResponse or ActionResponse as proto JSON.
func newTextAnswer(r *convex.Result, lane lane, kind convex.Kind, conditional bool) (*textAnswer, error) {
	a := &textAnswer{body: make([]byte, 0, len(r.Value)+64)}
	err := a.appendValue(r.Value, lane)
	if err != nil {
		return nil, err
	}
	a.appendLogLines(r.LogLines)
	if kind == convex.Mutation {
		err = a.appendTime(r.Timestamp)
	}
	a.body = append(a.body, '}')
	if kind == convex.Query && conditional {
		a.tag, err = valueTag(r.Value)
	}
	return a, err
}

// appendValue quotes a value: its names, texts and their order stay as the deployment sent them.
func (a *textAnswer) appendValue(value []byte, lane lane) (err error) {
	if lane == jsonLane {
		a.body = base64.StdEncoding.AppendEncode(append(a.body, `{"valueJson":"`...), value)
		a.body = append(a.body, '"')
		return nil
	}
	a.body, err = jsonscan.AppendCompact(append(a.body, `{"value":`...), value, maxDepth)
	return err
}

func (a *textAnswer) appendLogLines(lines []string) {
	for i, line := range lines {
		mark := `,`
		if i == 0 {
			mark = `,"logLines":[`
		}
		a.body = jsonscan.AppendString(append(a.body, mark...), line)
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
func (a *textAnswer) write(w http.ResponseWriter, x *exchange) {
	h := w.Header()
	if a.tag != "" {
		h.Set("ETag", a.tag)
		h.Set("Cache-Control", "private, no-cache")
		h.Add("Vary", "Authorization")
		if x.has(a.tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h["Content-Type"] = jsonType
	_, _ = w.Write(a.body)
}

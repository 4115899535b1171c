package deployment

import (
	"encoding/json"
	"errors"
	"net/http"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/serde"
	"convexgateway/dev/deployment/store"
)

// serveQueryTs is POST /api/query_ts: the current timestamp, for query_at_ts.
func (d *Deployment) serveQueryTs(w http.ResponseWriter, _ *http.Request) {
	body, _ := json.Marshal(map[string]call.Timestamp{"ts": call.Timestamp(d.db.Latest().Ts)})
	call.WriteJSON(w, http.StatusOK, body)
}

// atTimestamp serves POST /api/query_at_ts: a query at a snapshot of the last few seconds.
func atTimestamp(c *functionCall) ([]byte, error) {
	var request functionRequest
	var ts string
	body := request.withPath().with("ts", func(r *serde.Reader) error { return r.String(&ts) }, "ts")
	if err := body.decode(c.body); err != nil {
		return nil, err
	}
	path, err := parseFunctionPath(request.path)
	if err != nil {
		return nil, err
	}
	run, err := c.prepare()
	if err != nil {
		return nil, err
	}
	if run.At, err = c.snapshotOf(ts); err != nil {
		return nil, err
	}
	run.Kind, run.Path, run.Args = call.Query, path, request.arguments()
	return c.runAndWrite(run, request.format, c.client.DefaultFormat())
}

func (c *functionCall) snapshotOf(text string) (*store.Snapshot, error) {
	ts, err := call.ParseTimestamp(text)
	if err != nil {
		return nil, call.ErrInternal
	}
	at, err := c.d.db.SnapshotAt(ts)
	switch {
	case errors.Is(err, store.ErrTooOld):
		return nil, call.ErrOutOfRetention
	case err != nil:
		return nil, call.ErrInternal
	default:
		return at, nil
	}
}

// batch serves POST /api/query_batch: queries one after another, all at one timestamp.
func batch(c *functionCall) ([]byte, error) {
	requests, err := readBatch(c.body)
	if err != nil {
		return nil, err
	}
	at := c.d.db.Latest()
	run, err := c.prepare()
	if err != nil {
		return nil, err
	}
	run.Kind, run.At = call.Query, at
	results := make([]json.RawMessage, len(requests))
	for i, request := range requests {
		if results[i], err = c.batched(run, request); err != nil {
			return nil, err
		}
	}
	return call.Marshal(map[string][]json.RawMessage{"results": results})
}

// batched runs one query of a batch. The format is checked first.
func (c *functionCall) batched(run call.Call, request functionRequest) (result []byte, err error) {
	format, err := formatOr(request.format, c.client.DefaultFormat())
	if err != nil {
		return nil, err
	}
	if run.Path, err = parseFunctionPath(request.path); err != nil {
		return nil, err
	}
	run.Args = request.arguments()
	out, err := c.run(run)
	if err != nil {
		return nil, err
	}
	return c.d.functionResponse(out, format, c.requestID)
}

func readBatch(body []byte) (requests []functionRequest, err error) {
	queries := func(r *serde.Reader) error {
		return r.Seq("a sequence", func(r *serde.Reader) error {
			var request functionRequest
			t := request.withPath()
			err := r.Struct(t.name, t.fields, t.required...)
			requests = append(requests, request)
			return err
		})
	}
	batch := bodyType{"QueryBatchArgs", serde.Fields{"queries": queries}, []string{"queries"}}
	return requests, batch.decode(body)
}

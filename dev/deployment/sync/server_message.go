package sync

import (
	"encoding/json"

	"convexgateway/dev/deployment/call"
)

// Messages of the deployment to a sync client: get-convex/convex-backend crates/convex/sync_types/src/types/json.rs.

// version is a state of a socket: the query set, identity and timestamp that the client's results are for.
type version struct {
	QuerySet uint32         `json:"querySet"`
	Identity uint32         `json:"identity"`
	Ts       call.Timestamp `json:"ts"`
}

// transition moves the client from one version to the next, all modifications at once. ServerTs, nanoseconds since 1970, is
// set when it is sent; ClientClockSkew is milliseconds.
type transition struct {
	Type            string         `json:"type"`
	StartVersion    version        `json:"startVersion"`
	EndVersion      version        `json:"endVersion"`
	Modifications   []modification `json:"modifications"` // by query id
	ClientClockSkew *int64         `json:"clientClockSkew"`
	ServerTs        int64          `json:"serverTs"`
}

// modification is a QueryUpdated, QueryFailed or QueryRemoved.
type modification interface{ query() uint32 }

type queryUpdated struct {
	Type     string          `json:"type"`
	QueryID  uint32          `json:"queryId"`
	Value    json.RawMessage `json:"value"`
	LogLines []string        `json:"logLines"`
	Journal  *string         `json:"journal"`
}

type queryFailed struct {
	Type         string          `json:"type"`
	QueryID      uint32          `json:"queryId"`
	ErrorMessage string          `json:"errorMessage"`
	LogLines     []string        `json:"logLines"`
	Journal      *string         `json:"journal"`
	ErrorData    json.RawMessage `json:"errorData,omitempty"`
}

type queryRemoved struct {
	Type    string `json:"type"`
	QueryID uint32 `json:"queryId"`
}

func (m queryUpdated) query() uint32 { return m.QueryID }
func (m queryFailed) query() uint32  { return m.QueryID }
func (m queryRemoved) query() uint32 { return m.QueryID }

func newModification(queryID uint32, out call.Outcome, redact bool) modification {
	var journal *string
	if out.Journal != "" {
		journal = &out.Journal
	}
	f := out.Failure
	if f == nil {
		return queryUpdated{"QueryUpdated", queryID, out.Encoded, out.LogLines, journal}
	}
	return queryFailed{"QueryFailed", queryID, f.Message(call.NewRequestID(), redact), out.LogLines, journal, f.EncodedData()}
}

type mutationResponse struct {
	Type      string          `json:"type"`
	RequestID uint32          `json:"requestId"`
	Success   bool            `json:"success"`
	Result    json.RawMessage `json:"result"`
	Ts        *call.Timestamp `json:"ts"`
	LogLines  []string        `json:"logLines"`
	ErrorData json.RawMessage `json:"errorData,omitempty"`
}

type actionResponse struct {
	Type      string          `json:"type"`
	RequestID uint32          `json:"requestId"`
	Success   bool            `json:"success"`
	Result    json.RawMessage `json:"result"`
	LogLines  []string        `json:"logLines"`
	ErrorData json.RawMessage `json:"errorData,omitempty"`
}

func newResponse(kind call.Kind, requestID uint32, out call.Outcome, serverRequestID string, redact bool) any {
	result, success := json.RawMessage(out.Encoded), out.Failure == nil
	var data json.RawMessage
	if !success {
		result, _ = call.Marshal(out.Failure.Message(serverRequestID, redact))
		data = out.Failure.EncodedData()
	}
	if kind == call.Action {
		return actionResponse{"ActionResponse", requestID, success, result, out.LogLines, data}
	}
	response := mutationResponse{"MutationResponse", requestID, success, result, nil, out.LogLines, data}
	if success {
		ts := call.Timestamp(out.Ts)
		response.Ts = &ts
	}
	return response
}

type authError struct {
	Type                string `json:"type"`
	Error               string `json:"error"`
	BaseVersion         uint32 `json:"baseVersion"`
	AuthUpdateAttempted bool   `json:"authUpdateAttempted"`
}

type fatalError struct {
	Type  string `json:"type"`
	Error string `json:"error"`
}

type pingMessage struct {
	Type string `json:"type"`
}

// lastMessage is the message before the close frame of a socket that ends with err, or nil.
func lastMessage(err *call.Error, identityVersion uint32) any {
	switch err.Class.LastMessage() {
	case "FatalError":
		return fatalError{"FatalError", err.Message}
	case "AuthError":
		return authError{"AuthError", err.Message, identityVersion, err.Class == call.AuthUpdateFailed}
	default:
		return nil
	}
}

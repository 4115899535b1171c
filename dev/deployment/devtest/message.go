package devtest

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"

	"convexgateway/convex"
)

// ServerMessage is any message of the deployment.
type ServerMessage struct {
	Type                string         `json:"type"`
	StartVersion        Version        `json:"startVersion"`
	EndVersion          Version        `json:"endVersion"`
	Modifications       []Modification `json:"modifications"`
	ClientClockSkew     *int64         `json:"clientClockSkew"`
	ServerTs            int64          `json:"serverTs"`
	RequestID           uint32         `json:"requestId"`
	Success             bool           `json:"success"`
	Result              Value          `json:"result"`
	Ts                  *string        `json:"ts"`
	LogLines            []string       `json:"logLines"`
	ErrorData           Value          `json:"errorData"`
	Error               string         `json:"error"`
	BaseVersion         *uint32        `json:"baseVersion"`
	AuthUpdateAttempted bool           `json:"authUpdateAttempted"`
}

// Version is a state of a socket; see package sync.
type Version struct {
	QuerySet uint32 `json:"querySet"`
	Identity uint32 `json:"identity"`
	Ts       string `json:"ts"`
}

// Timestamp is the number that Ts encodes.
func (v Version) Timestamp(t *testing.T) uint64 {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(v.Ts)
	if err != nil || len(raw) != 8 {
		t.Fatalf("ts %q", v.Ts)
	}
	return binary.LittleEndian.Uint64(raw)
}

// Modification is a part of a transition.
type Modification struct {
	Type         string   `json:"type"`
	QueryID      uint32   `json:"queryId"`
	Value        Value    `json:"value"`
	ErrorMessage string   `json:"errorMessage"`
	ErrorData    Value    `json:"errorData"`
	LogLines     []string `json:"logLines"`
	Journal      *string  `json:"journal"`
}

// Value is a value's text in canonical form, so that tests compare values and not the notation of a float.
type Value []byte

// UnmarshalJSON implements [json.Unmarshaler].
func (v *Value) UnmarshalJSON(text []byte) (err error) {
	*v, err = convex.Canonical(text)
	return err
}

// MessageBodies lists the bodies of a page of messages.
func MessageBodies(page string) string {
	var decoded struct {
		Page []struct {
			Body string `json:"body"`
		} `json:"page"`
	}
	_ = json.Unmarshal([]byte(page), &decoded)
	var list []string
	for _, m := range decoded.Page {
		list = append(list, m.Body)
	}
	return strings.Join(list, " ")
}

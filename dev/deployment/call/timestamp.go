package call

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
)

// Timestamp is nanoseconds since 1970; on the wire, base64 of 8 bytes, little-endian.
type Timestamp uint64

var errNotATimestamp = errors.New("not a timestamp")

// MarshalJSON implements [json.Marshaler].
func (t Timestamp) MarshalJSON() ([]byte, error) {
	return json.Marshal(base64.StdEncoding.EncodeToString(binary.LittleEndian.AppendUint64(nil, uint64(t))))
}

// ReadTimestamp reads a Timestamp that a client sent, with the errors of the deployment.
func ReadTimestamp(text string) (uint64, error) {
	raw, err := decodeBase64(text)
	switch {
	case err != nil:
		return 0, err
	case len(raw) != 8:
		return 0, errors.New("u64 must be 8 bytes")
	}
	ts := binary.LittleEndian.Uint64(raw)
	if ts >= 1<<63 {
		return 0, fmt.Errorf("ts %d too large", ts)
	}
	return ts, nil
}

// ParseTimestamp reads the text of a Timestamp.
func ParseTimestamp(text string) (uint64, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) != 8 || raw[7]&0x80 != 0 {
		return 0, errNotATimestamp
	}
	return binary.LittleEndian.Uint64(raw), nil
}

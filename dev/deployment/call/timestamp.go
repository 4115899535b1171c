package call

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
)

// Timestamp is nanoseconds since 1970; on the wire, base64 of 8 bytes, little-endian.
type Timestamp uint64

var errNotATimestamp = errors.New("not a timestamp")

// MarshalJSON implements [json.Marshaler].
func (t Timestamp) MarshalJSON() ([]byte, error) {
	return json.Marshal(base64.StdEncoding.EncodeToString(binary.LittleEndian.AppendUint64(nil, uint64(t))))
}

// ParseTimestamp reads the text of a Timestamp.
func ParseTimestamp(text string) (uint64, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) != 8 || raw[7]&0x80 != 0 {
		return 0, errNotATimestamp
	}
	return binary.LittleEndian.Uint64(raw), nil
}

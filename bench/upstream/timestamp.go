package upstream

import (
	"encoding/base64"
	"encoding/binary"
)

// timestamp is ns since 1970; in JSON base64 of 8 bytes, little-endian.
type timestamp uint64

// MarshalText implements encoding.TextMarshaler.
func (t timestamp) MarshalText() ([]byte, error) {
	return base64.StdEncoding.AppendEncode(nil, binary.LittleEndian.AppendUint64(nil, uint64(t))), nil
}

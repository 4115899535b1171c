package credential

import (
	"testing"

	"convexgateway/dev/deployment/call"
)

func FuzzDecodeDataURL(f *testing.F) {
	f.Add("application/json;base64,e30=")
	f.Add(",%7B%7D")
	f.Add("")
	f.Fuzz(func(t *testing.T, data string) {
		if _, err := decodeDataURL(data); err != nil && call.AsError(err).Code != "InvalidAuthHeader" {
			t.Fatalf("%q: %v", data, err)
		}
	})
}

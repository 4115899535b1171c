package deployment

import "testing"

func FuzzDecodeDataURL(f *testing.F) {
	f.Add("application/json;base64,e30=")
	f.Add(",%7B%7D")
	f.Add("")
	f.Fuzz(func(t *testing.T, data string) {
		if _, err := decodeDataURL(data); err != nil && asServerError(err).code != "InvalidAuthHeader" {
			t.Fatalf("%q: %v", data, err)
		}
	})
}

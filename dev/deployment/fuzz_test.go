package deployment

import (
	"strings"
	"testing"
)

func FuzzParseFunctionRequest(f *testing.F) {
	f.Add([]byte(`{"path":"a:b","args":{},"format":"json"}`))
	f.Add([]byte(`{"path":"a:b","args":[1]}`))
	f.Add([]byte(`{"path":null,"args":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var request functionRequest
		err := request.withPath().decode(body)
		if err == nil && !isArray(request.arguments()) {
			t.Fatalf("args %q are no array", request.arguments())
		}
	})
}

func FuzzReadControl(f *testing.F) {
	f.Add(`{"n":2,"status":429}`)
	f.Add(``)
	f.Fuzz(func(t *testing.T, body string) {
		request, err := readControl[failControl](strings.NewReader(body))
		if err == nil && body == "" && (request.N != nil || request.Status != 0) {
			t.Fatalf("%+v", request)
		}
	})
}

func FuzzPathInURL(f *testing.F) {
	f.Add("/api/run/messages/list")
	f.Add("/api/run/a%2Fb/c")
	f.Fuzz(func(t *testing.T, escaped string) {
		if path, err := pathInURL(escaped); err == nil && !strings.Contains(path, ":") {
			t.Fatalf("%q became %q", escaped, path)
		}
	})
}

func FuzzReadBatch(f *testing.F) {
	f.Add([]byte(`{"queries":[{"path":"a:b","args":{},"format":"json"},{"path":"a:b","args":[1]}]}`))
	f.Add([]byte(`{"queries":[null]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		requests, err := readBatch(body)
		for _, request := range requests {
			if err == nil && !isArray(request.arguments()) {
				t.Fatalf("args %q are no array", request.arguments())
			}
		}
	})
}

func isArray(text []byte) bool { return len(text) >= 2 && text[0] == '[' && text[len(text)-1] == ']' }

func FuzzParsePart(f *testing.F) {
	f.Add("2", "5", []byte("0123456789"))
	f.Add("2", "", []byte("0123456789"))
	f.Add("", "2", []byte("0123456789"))
	f.Fuzz(func(t *testing.T, first, last string, content []byte) {
		if part, ok := parsePart(first, last, uint64(len(content))); ok && len(part.of(content)) > len(content) {
			t.Fatalf("%q to %q of %d: %v", first, last, len(content), part)
		}
	})
}

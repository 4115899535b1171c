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
		fields, err := parseFields(body)
		if err != nil {
			return
		}
		request, err := readFunctionRequest(fields)
		if err == nil && (len(request.args) < 2 || request.args[0] != '[') {
			t.Fatalf("args %q are no array", request.args)
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
		fields, err := parseFields(body)
		if err != nil {
			return
		}
		requests, err := readBatch(fields)
		for _, request := range requests {
			if err == nil && (len(request.args) < 2 || request.args[0] != '[') {
				t.Fatalf("args %q are no array", request.args)
			}
		}
	})
}

func FuzzParseRange(f *testing.F) {
	f.Add("bytes=2-5", 10)
	f.Add("bytes=2-", 10)
	f.Add("bytes=-2", 10)
	f.Fuzz(func(t *testing.T, header string, size int) {
		start, end, ok := parseRange(header, size)
		if ok && (start < 0 || end <= start || end > size) {
			t.Fatalf("%q of %d: %d to %d", header, size, start, end)
		}
	})
}

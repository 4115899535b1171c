package deployment

import "testing"

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

package call

import (
	"math"
	"testing"
)

func TestValueFormat(t *testing.T) {
	value := map[string]any{
		"int": int64(42), "nan": math.Float64frombits(0x7ff8 << 48), "inf": math.Inf(1), "ninf": math.Inf(-1), "zero": math.Copysign(0, -1), "half": 0.5,
		"bytes": []byte{0, 16, 131}, "list": []any{nil, true, "<\"é"},
	}
	for format, want := range map[Format]string{
		Encoded: `{"bytes":{"$bytes":"ABCD"},"half":0.5,"inf":{"$float":"AAAAAAAA8H8="},"int":{"$integer":"KgAAAAAAAAA="},"list":[null,true,"<\"é"],` +
			`"nan":{"$float":"AAAAAAAA+H8="},"ninf":{"$float":"AAAAAAAA8P8="},"zero":{"$float":"AAAAAAAAAIA="}}`,
		Clean:  `{"bytes":"ABCD","half":0.5,"inf":"Infinity","int":"42","list":[null,true,"<\"é"],"nan":"NaN","ninf":"-Infinity","zero":-0.0}`,
		Export: `{"bytes":{"$bytes":"ABCD"},"half":0.5,"inf":{"$float":"AAAAAAAA8H8="},"int":42,"list":[null,true,"<\"é"],"nan":{"$float":"AAAAAAAA+H8="},"ninf":{"$float":"AAAAAAAA8P8="},"zero":-0.0}`,
	} {
		if got := string(format.Write(value)); got != want {
			t.Errorf("format %d: %s, want %s", format, got, want)
		}
	}
}

func TestParseFormat(t *testing.T) {
	for name, want := range map[string]Format{
		"convex_encoded_json": Encoded, "convex_json": Encoded, "json": Clean, "convex_clean_json": Clean, "export_json": Export,
	} {
		if got, err := ParseFormat(name); err != nil || got != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := ParseFormat("JSON"); err == nil {
		t.Error("JSON is a format")
	}
}

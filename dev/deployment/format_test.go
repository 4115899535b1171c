package deployment

import (
	"math"
	"testing"
)

func TestValueFormat(t *testing.T) {
	value := map[string]any{
		"int": int64(42), "nan": math.Float64frombits(0x7ff8 << 48), "inf": math.Inf(1), "ninf": math.Inf(-1), "zero": math.Copysign(0, -1), "half": 0.5,
		"bytes": []byte{0, 16, 131}, "list": []any{nil, true, "<\"é"},
	}
	for format, want := range map[valueFormat]string{
		formatEncoded: `{"bytes":{"$bytes":"ABCD"},"half":0.5,"inf":{"$float":"AAAAAAAA8H8="},"int":{"$integer":"KgAAAAAAAAA="},"list":[null,true,"<\"é"],` +
			`"nan":{"$float":"AAAAAAAA+H8="},"ninf":{"$float":"AAAAAAAA8P8="},"zero":{"$float":"AAAAAAAAAIA="}}`,
		formatClean:  `{"bytes":"ABCD","half":0.5,"inf":"Infinity","int":"42","list":[null,true,"<\"é"],"nan":"NaN","ninf":"-Infinity","zero":-0.0}`,
		formatExport: `{"bytes":{"$bytes":"ABCD"},"half":0.5,"inf":{"$float":"AAAAAAAA8H8="},"int":42,"list":[null,true,"<\"é"],"nan":{"$float":"AAAAAAAA+H8="},"ninf":{"$float":"AAAAAAAA8P8="},"zero":-0.0}`,
	} {
		if got := string(format.write(value)); got != want {
			t.Errorf("format %d: %s, want %s", format, got, want)
		}
	}
}

func TestParseFormat(t *testing.T) {
	for name, want := range map[string]valueFormat{
		"convex_encoded_json": formatEncoded, "convex_json": formatEncoded, "json": formatClean, "convex_clean_json": formatClean, "export_json": formatExport,
	} {
		if got, err := parseFormat(name); err != nil || got != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := parseFormat("JSON"); err == nil {
		t.Error("JSON is a format")
	}
}

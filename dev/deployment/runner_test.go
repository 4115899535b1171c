package deployment

import (
	"fmt"
	"strings"
	"testing"
)

func TestRun_resultOfMoreThan16MiB(t *testing.T) {
	d := startTest(t, Config{Controls: true})
	for bytes, want := range map[int]string{
		maxResult - 2: `{"status":"success","value":"xxx`,
		maxResult - 1: `Function testing:big return value is too large (actual: 16 MiB, limit: 16 MiB)\n"}`,
	} {
		got := post(t, d, "query", fmt.Sprintf(`{"path":"testing:big","args":{"bytes":%d}}`, bytes))
		if got.status != 200 || !strings.Contains(got.body, want) {
			t.Errorf("%d bytes: %d %.200s", bytes, got.status, got.body)
		}
	}
}

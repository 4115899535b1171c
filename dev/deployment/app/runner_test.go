package app_test

import (
	"fmt"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
)

func TestRun_resultOfMoreThan16MiB(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Controls: true})
	const maxResult = 16 << 20
	for bytes, want := range map[int]string{
		maxResult - 2: `{"status":"success","value":"xxx`,
		maxResult - 1: `Function testing.js:big return value is too large (actual: 16.00 MiB, limit: 16 MiB)\n"}`,
	} {
		got := devtest.Post(t, d, "query", fmt.Sprintf(`{"path":"testing:big","args":{"bytes":%d}}`, bytes))
		if got.Status != 200 || !strings.Contains(got.Body, want) {
			t.Errorf("%d bytes: %d %.200s", bytes, got.Status, got.Body)
		}
	}
}

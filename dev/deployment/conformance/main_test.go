package main

import (
	"context"
	"io"
	"testing"

	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func TestChoose(t *testing.T) {
	all, err := choose(nil)
	if err != nil || len(all) != len(suites) {
		t.Errorf("none named: %d suites, %v", len(all), err)
	}
	two, err := choose([]string{"rust", "js"})
	if err != nil || len(two) != 2 || two[0].name != "rust" || two[1].name != "js" {
		t.Errorf("rust js: %v, %v", two, err)
	}
	if err := run(context.Background(), []string{"perl"}, io.Discard); err == nil {
		t.Error("there is a suite perl")
	}
}

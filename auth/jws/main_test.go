package jws

import (
	"testing"

	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

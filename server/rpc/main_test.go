package rpc

import (
	"net/http"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(suite{m}) }

// suite closes what the tests share before goroutines are counted.
type suite struct{ *testing.M }

func (s suite) Run() int {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections() // the sync client's, of refused upgrades
	return s.M.Run()
}

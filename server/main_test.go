package server

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"convexgateway/internal/leaktest"
	"convexgateway/server/call/limit"
)

// parallelTests are how many tests run at once, unless -parallel says otherwise. Most of them wait for the end of a token or of a
// pause, so there may be more of them than processors.
const parallelTests = "8"

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", parallelTests); err != nil {
		panic(err)
	}
	leaktest.Main(suite{m})
}

// suite closes what the tests share before goroutines are counted, and checks that no gateway still holds anything for a caller.
type suite struct{ *testing.M }

func (s suite) Run() int {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections() // the sync client's, of refused upgrades
	code := s.M.Run()
	for _, b := range budgets.list {
		if held := heldAtLast(b); held != 0 && code == 0 {
			fmt.Fprintf(os.Stderr, "a gateway holds %d bytes for %d callers after its test\n", held, b.Callers())
			code = 1
		}
	}
	return code
}

// budgets are those of all gateways of all tests.
var budgets struct {
	mu   sync.Mutex
	list []*limit.Budget
}

func addBudget(b *limit.Budget) {
	budgets.mu.Lock()
	defer budgets.mu.Unlock()
	budgets.list = append(budgets.list, b)
}

// heldAtLast returns what a budget holds when all that grpc-go has dropped has been collected as garbage.
func heldAtLast(b *limit.Budget) int64 {
	for deadline := time.Now().Add(patience); b.Held() != 0 && time.Now().Before(deadline); runtime.Gosched() {
		runtime.GC()
	}
	return b.Held()
}

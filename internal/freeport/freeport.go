package freeport

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

// Ports are below those that systems give to outgoing connections and to listeners on port 0 (from 32768 on Linux, from 49152
// elsewhere): one of those could be taken by anybody between the choice and its use.
const lowest, highest = 10_000, 30_000

var (
	mu    sync.Mutex
	given = make(map[int]bool) // by this process
)

// Addr returns a loopback address whose port is free. It returns none twice, and other programs do not get the port unless
// they ask for it by its number. Several goroutines may call it.
func Addr() string {
	mu.Lock()
	defer mu.Unlock()
	for {
		port := lowest + rand.IntN(highest-lowest)
		address := fmt.Sprintf("127.0.0.1:%d", port)
		if !given[port] && free(address) {
			given[port] = true
			return address
		}
	}
}

func free(address string) bool {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return false
	}
	return l.Close() == nil
}

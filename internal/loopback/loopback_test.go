package loopback_test

import (
	"testing"

	"convexgateway/internal/loopback"
)

func TestIsHost(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.1.2.3": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "localhost.": false, "localhost.example.com": false, "example.com": false, "10.0.0.1": false, "::2": false, "127.0.0.1:80": false,
	} {
		if got := loopback.IsHost(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}

func TestIsBrowserHost(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "::1": true, "app.localhost": true, "a.b.localhost": true,
		"": false, ".example.com": false, "notlocalhost": false, "app.localhost.example.com": false, "localhost.": false, "10.0.0.1": false,
	} {
		if got := loopback.IsBrowserHost(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}

package call

import (
	"strings"
	"testing"
)

func TestCallerAddress(t *testing.T) {
	trusted, err := ParseProxies([]string{"10.0.0.0/8", "192.0.2.7", "2001:db8::/32"})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		peer      string
		forwarded []string
		want      string
	}{
		"an untrusted peer":       {"203.0.113.9", []string{"198.51.100.1"}, "203.0.113.9"},
		"a proxy":                 {"10.1.2.3", []string{"198.51.100.1"}, "198.51.100.1"},
		"forged by the client":    {"10.1.2.3", []string{"1.1.1.1, 198.51.100.1"}, "198.51.100.1"},
		"two proxies":             {"10.1.2.3", []string{"1.1.1.1, 198.51.100.1, 192.0.2.7"}, "198.51.100.1"},
		"two headers":             {"10.1.2.3", []string{"1.1.1.1", "198.51.100.1, 10.9.9.9"}, "198.51.100.1"},
		"proxies only":            {"10.1.2.3", []string{"10.4.4.4"}, "10.4.4.4"},
		"a proxy without a list":  {"10.1.2.3", nil, "10.1.2.3"},
		"a proxy with a bad list": {"10.1.2.3", []string{"unknown"}, "10.1.2.3"},
		"IPv6":                    {"2001:db8::1", []string{"2001:4860::1"}, "2001:4860::1"},
		"IPv4 in IPv6":            {"::ffff:10.1.2.3", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		"no IP":                   {"@", []string{"198.51.100.1"}, "@"},
	} {
		if got := trusted.Caller(test.peer, test.forwarded); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	if _, err := ParseProxies([]string{"proxy.example.com"}); err == nil || !strings.Contains(err.Error(), "proxy.example.com") {
		t.Errorf("error %v", err)
	}
}

func TestNetworkOfAnonymousCaller(t *testing.T) {
	for address, want := range map[string]string{
		"203.0.113.9": "203.0.113.9", "2001:db8:1:2:3::4": "2001:db8:1:2::/64", "@": "@",
	} {
		if got := network(address); got != want {
			t.Errorf("%s counts as %s, want %s", address, got, want)
		}
	}
}

func FuzzCallerAddress(f *testing.F) {
	f.Add("10.1.2.3", "1.1.1.1, 198.51.100.1")
	trusted, err := ParseProxies([]string{"10.0.0.0/8"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, peer, forwarded string) {
		got := trusted.Caller(peer, []string{forwarded})
		if strings.ContainsAny(got, ", \r\n") && got != peer {
			t.Errorf("%q", got)
		}
	})
}

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
		if got := trusted.Caller(test.peer, test.forwarded, nil); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	if _, err := ParseProxies([]string{"proxy.example.com"}); err == nil || !strings.Contains(err.Error(), "proxy.example.com") {
		t.Errorf("error %v", err)
	}
}

// Proxies write addresses in many forms, and a list may have what their client has sent before them.
func TestCallerAddressAsProxiesWriteIt(t *testing.T) {
	trusted, err := ParseProxies([]string{"10.0.0.0/8", "2001:db8::/32"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		forwardedFor, forwarded []string
		want                    string
	}{
		{[]string{"203.0.113.9:4711"}, nil, "203.0.113.9"},
		{[]string{"[2001:4860::1]:4711"}, nil, "2001:4860::1"},
		{[]string{"[2001:4860::1]"}, nil, "2001:4860::1"},
		{[]string{"2001:4860::1"}, nil, "2001:4860::1"},
		{[]string{"fe80::1%eth0"}, nil, "fe80::1"},
		{[]string{"[::ffff:203.0.113.9]:80"}, nil, "203.0.113.9"},
		{[]string{`"[2001:4860::1]:4711"`}, nil, "2001:4860::1"},
		{[]string{"203.0.113.9,"}, nil, "203.0.113.9"},
		{[]string{" , 203.0.113.9 ,\t, "}, nil, "203.0.113.9"},
		{[]string{"203.0.113.9", ""}, nil, "203.0.113.9"},
		{[]string{"6.6.6.6:1, 203.0.113.9:2, 10.0.0.2:3"}, nil, "203.0.113.9"},
		{[]string{"6.6.6.6, [2001:db8::7]:80"}, nil, "6.6.6.6"},
		{[]string{`"6.6.6.6, 203.0.113.9`}, nil, "203.0.113.9"},
		{[]string{"203.0.113.9, [10.0.0.1]x"}, nil, "10.0.0.1"},
		{[]string{"6.6.6.6, unknown"}, nil, "10.0.0.1"},
		{[]string{"6.6.6.6, 203.0.113.9:80:80"}, nil, "10.0.0.1"},

		{nil, []string{"for=203.0.113.9"}, "203.0.113.9"},
		{nil, []string{`For="[2001:4860::1]:4711";proto=https`}, "2001:4860::1"},
		{nil, []string{`for="203.0.113.9:4711"`}, "203.0.113.9"},
		{nil, []string{"by=10.0.0.3; for=203.0.113.9 ;host=a"}, "203.0.113.9"},
		{nil, []string{"for=6.6.6.6, for=203.0.113.9, for=10.0.0.2"}, "203.0.113.9"},
		{nil, []string{"for=6.6.6.6", "for=203.0.113.9"}, "203.0.113.9"},
		{nil, []string{`for=203.0.113.9;host="a,for=6.6.6.6"`}, "203.0.113.9"},
		{nil, []string{`for=203.0.113.9;host="a\";for=6.6.6.6"`}, "203.0.113.9"},
		{nil, []string{`for=", for=203.0.113.9`}, "203.0.113.9"},
		{nil, []string{`for="6.6.6.6, for="[2001:4860::1]"`}, "2001:4860::1"},
		{nil, []string{"for=6.6.6.6, for=_hidden"}, "10.0.0.1"},
		{nil, []string{"for=6.6.6.6, proto=https"}, "10.0.0.1"},
		{nil, []string{"for=6.6.6.6;for=7.7.7.7"}, "10.0.0.1"},
		{[]string{"203.0.113.9"}, []string{"for=6.6.6.6"}, "203.0.113.9"},
		{[]string{" , "}, []string{"for=203.0.113.9"}, "203.0.113.9"},
	} {
		if got := trusted.Caller("10.0.0.1", test.forwardedFor, test.forwarded); got != test.want {
			t.Errorf("%q, %q: %s, want %s", test.forwardedFor, test.forwarded, got, test.want)
		}
		if got := trusted.Caller("198.51.100.1", test.forwardedFor, test.forwarded); got != "198.51.100.1" {
			t.Errorf("%q, %q of a peer that is no proxy: %s", test.forwardedFor, test.forwarded, got)
		}
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
		for _, got := range []string{trusted.Caller(peer, []string{forwarded}, nil), trusted.Caller(peer, nil, []string{forwarded})} {
			if strings.ContainsAny(got, ", \r\n") && got != peer {
				t.Errorf("%q", got)
			}
		}
	})
}

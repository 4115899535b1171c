package cli

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"convexgateway/auth"
)

// Several trusted issuers are separated by semicolons; a semicolon in a data: URL is escaped.
func TestTrustedIssuers(t *testing.T) {
	var c commands
	parser, err := kong.New(&c, kong.Vars(defaults))
	if err != nil {
		t.Fatal(err)
	}
	const set = "eyJrZXlzIjpbeyJrdHkiOiJPS1AiLCJraWQiOiJrIiwiY3J2IjoiRWQyNTUxOSIsIngiOiIxMXFZQVlLeENyZlZTXzdUeVdRSE9nN2hjdlBhcGlNbHJ3SWFhUGNIVVJvIn1dfQ=="
	if _, err := parser.Parse([]string{"serve", "--trusted-issuers",
		`https://a.example application=x; https://b.example jwks=data:application/json\;base64,` + set}); err != nil {
		t.Fatal(err)
	}
	up, err := c.Serve.upstream("http://x")
	want := []auth.Issuer{
		{URL: "https://a.example", ApplicationID: "x"}, {URL: "https://b.example", Keys: "data:application/json;base64," + set},
	}
	if err != nil || !slices.Equal(up.OtherIssuers, want) {
		t.Errorf("%+v, %v", up.OtherIssuers, err)
	}
}

func TestIssuerOf(t *testing.T) {
	key := func(prefix, host string) string { return prefix + base64.StdEncoding.EncodeToString([]byte(host)) }
	for text, want := range map[string]string{
		key("pk_test_", "brave-otter-41.clerk.accounts.dev$"):       "https://brave-otter-41.clerk.accounts.dev",
		key("pk_live_", "clerk.shop.example$"):                      "https://clerk.shop.example",
		strings.TrimRight(key("pk_live_", "clerk.a.example$"), "="): "https://clerk.a.example",
		key("pk_live_", "clerk.shop.example"):                       "",
		key("pk_live_", "clerk.shop$.example$"):                     "",
		key("pk_live_", "localhost$"):                               "",
		key("pk_other_", "clerk.shop.example$"):                     "",
		key("pk_live_", "clerk.shop.example/x$"):                    "",
		"pk_live_%%%":                                               "", "pk_live_": "", "": "", "sk_live_abc": "",
	} {
		got, err := issuerOf(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("issuerOf(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

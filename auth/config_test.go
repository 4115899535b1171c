package auth

import (
	"strings"
	"testing"
	"time"
)

func TestConfigIssuers(t *testing.T) {
	tests := []struct {
		in, want, problem string
	}{
		{"https://clerk.shop.example", "https://clerk.shop.example", ""},
		{"https://brave-otter-41.clerk.accounts.dev/", "https://brave-otter-41.clerk.accounts.dev", ""},
		{"https://app.example/__clerk", "https://app.example/__clerk", ""},
		{"https://Clerk.Shop.Example", "https://clerk.shop.example", ""},
		{"http://127.0.0.1:3210/clerk", "http://127.0.0.1:3210/clerk", ""},
		{"http://localhost:3210/clerk", "http://localhost:3210/clerk", ""},
		{"http://[::1]:3210/clerk", "http://[::1]:3210/clerk", ""},
		{"http://clerk.shop.example", "", "use https"},
		{"http://127.0.0.1.evil.example", "", "use https"},
		{"https://clerk.shop.example/.well-known/jwks.json", "", "without /.well-known/"},
		{"https://clerk.shop.example/.well-known", "", "without /.well-known/"},
		{"clerk.shop.example", "", "not a URL"},
		{"", "", "not a URL"},
		{"https://", "", "not a URL"},
		{"mailto:a@b", "", "not a URL"},
		{"ftp://clerk.shop.example", "", "must begin with https"},
		{"https://u:p@clerk.shop.example", "", "no user"},
		{"https://clerk.shop.example?x=1", "", "no user, query"},
		{"pk_test_Y2xlcmsuc2hvcC5leGFtcGxlJA", "", "publishable key"},
		{"https://a b", "", "not a URL"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			c, err := Config{Issuers: []string{tt.in}}.normalized()
			if tt.problem != "" {
				if err == nil || !strings.Contains(err.Error(), tt.problem) || strings.Contains(err.Error(), "\n") {
					t.Errorf("got %v, want one line with %q", err, tt.problem)
				}
				return
			}
			if err != nil || c.Issuers[0] != tt.want {
				t.Errorf("got %v, %v", c.Issuers, err)
			}
		})
	}
}

func TestConfigNamesEveryProblem(t *testing.T) {
	_, err := NewClerkVerifier(Config{
		Issuers:           []string{"x", "https://fine.example"},
		AuthorizedParties: []string{"https://app.example", "https://app.example/", "*.example", "https://*.example", "null"},
		MaxLifetime:       -time.Second,
	})
	if err == nil {
		t.Fatal("accepted")
	}
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 6 {
		t.Errorf("%d problems, want 6:\n%v", len(lines), err)
	}
	if _, err := NewClerkVerifier(Config{}); err == nil || !strings.Contains(err.Error(), "issuers") {
		t.Errorf("without issuers: %v", err)
	}
}

func TestConfigDefaults(t *testing.T) {
	c, err := Config{Issuers: []string{"https://a.example", "https://a.example/"}, AuthorizedParties: []string{"tauri://localhost"}}.normalized()
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Issuers) != 1 || c.ApplicationID != "convex" || c.MaxLifetime != time.Hour || c.Clock == nil || c.Logger == nil {
		t.Errorf("got %+v", c)
	}
}

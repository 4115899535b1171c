package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// A wrong setting ends the command with exit code 2 and one line that names the setting.
func TestWrongSettings(t *testing.T) {
	for line, want := range map[string]string{
		"":                           "dev",
		"bogus":                      "bogus",
		"serve":                      "--convex-url (CONVEX_URL)",
		"doctor":                     "--convex-url (CONVEX_URL)",
		"serve --convex-url foo":     "--convex-url",
		"serve --convex-url ftp://x": "--convex-url",
		"serve --convex-url http://x --tls-cert c":                                           "--tls-key",
		"serve --convex-url http://x --tls-cert /nonexistent --tls-key /nonexistent":         "--tls-cert",
		"serve --convex-url http://x --clerk-publishable-key sk_live_x":                      "--clerk-publishable-key",
		"serve --convex-url http://x --clerk-issuer http://clerk.example.com":                "--clerk-issuer",
		"serve --convex-url http://x --trusted-issuers https://a.example":                    "--trusted-issuers",
		"serve --convex-url http://x --clerk-issuer https://c.example --clerk-jwt-key nokey": "--clerk-jwt-key",
		"serve --convex-url http://x --max-request-bytes many":                               "--max-request-bytes",
		"serve --convex-url http://x --max-streams-per-caller -1":                            "--max-streams-per-caller",
		"serve --convex-url http://x --max-streams-per-caller=-1":                            "serve: --max-streams-per-caller: ",
		"serve --convex-url http://x --max-calls-per-second=-1":                              "serve: --max-calls-per-second: ",
		"serve --convex-url http://x --max-streams=-1":                                       "serve: --max-streams: ",
		"serve --convex-url http://x --max-connections=-1":                                   "serve: --max-connections: ",
		"serve --convex-url http://x --max-upstream-sockets=-1":                              "serve: --max-upstream-sockets: ",
		"serve --convex-url http://x --linger=-1s":                                           "serve: --linger: ",
		"serve --convex-url http://x --max-connection-age=-1s":                               "serve: --max-connection-age: ",
		"serve --convex-url http://x --refresh-grace=-1s":                                    "serve: --refresh-grace: ",
		"serve --convex-url http://x --drain-period=-1s":                                     "serve: --drain-period: ",
		"serve --convex-url http://x --fail-fast-after=0s":                                   "serve: --fail-fast-after: ",
		"serve --convex-url http://x --upstream-patience=0s":                                 "serve: --upstream-patience: ",
		"serve --convex-url http://x --drain-timeout=0s":                                     "serve: --drain-timeout: ",
		"serve --convex-url http://x --max-request-bytes=0":                                  "serve: --max-request-bytes: ",
		"serve --convex-url http://x --http-addr=":                                           "serve: --http-addr: ",
		"serve --convex-url http://x --allowed-origins https://*.example.com":                "--allowed-origins",
		"serve --convex-url http://x --ticket-key c2VjcmV0":                                  "--ticket-key",
		"serve --convex-url http://x --request-id-key c2VjcmV0":                              "serve: --request-id-key: ",
		"serve --convex-url http://x --refresh-grace 1h":                                     "--refresh-grace",
		"serve --convex-url http://x --grpc-addr 50051":                                      "--grpc-addr",
		"serve --convex-url http://x --log-format xml":                                       "--log-format",
		"dev --deployment-addr nowhere":                                                      "--deployment-addr",
		"dev --linger soon":                                                                  "--linger",
		"dev --unknown":                                                                      "--unknown",
	} {
		var stdout, stderr bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		err := run(ctx, strings.Fields(line), &stdout, &stderr)
		cancel()
		stderr.Reset() // logs
		if code := exitCode(err, &stderr); code != 2 {
			t.Errorf("%q: exit code %d, %v", line, code, err)
		}
		if text := stderr.String(); !strings.Contains(text, want) || strings.Count(text, "\n") != 1 {
			t.Errorf("%q: %q, want one line with %q", line, text, want)
		}
	}
}

// A wrong secret is named, and not shown.
func TestWrongSecret(t *testing.T) {
	const secret = "c2VjcmV0"
	for name, args := range map[string][]string{"flag": {"--ticket-key", secret}, "variable": {}} {
		if len(args) == 0 {
			t.Setenv("CONVEXGATEWAY_TICKET_KEY", secret)
		}
		var stdout, stderr bytes.Buffer
		err := run(t.Context(), append([]string{"serve", "--convex-url", "http://x"}, args...), &stdout, &stderr)
		code := exitCode(err, &stderr)
		if text := stdout.String() + stderr.String(); code != 2 || !strings.Contains(text, "--ticket-key") || strings.Contains(text, secret) {
			t.Errorf("%s: exit code %d, %q", name, code, text)
		}
	}
}

func TestHelp(t *testing.T) {
	for line, want := range map[string][]string{
		"--help":       {"dev", "serve", "doctor", "CONVEXGATEWAY_X_Y"},
		"serve --help": {"--convex-url", "$CONVEX_URL", "--clerk-issuer", "$CLERK_FRONTEND_API_URL", "$CLERK_JWT_ISSUER_DOMAIN", "$CONVEXGATEWAY_GRPC_ADDR"},
		"dev --help":   {"--deployment-addr", "127.0.0.1:3210", "127.0.0.1:50051", "127.0.0.1:8080"},
	} {
		var stdout, stderr bytes.Buffer
		if err := run(t.Context(), strings.Fields(line), &stdout, &stderr); err != nil {
			t.Errorf("%q: %v", line, err)
		}
		for _, w := range want {
			if !strings.Contains(stdout.String(), w) {
				t.Errorf("the output of %q is without %s", line, w)
			}
		}
	}
}

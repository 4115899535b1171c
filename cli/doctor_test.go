package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"convexgateway/cli/doctor"
	"convexgateway/dev/deployment"
)

// doctorOf runs `doctor` with the settings of a deployment.
func doctorOf(t *testing.T, d *deployment.Deployment, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	args = append([]string{
		"doctor", "--convex-url", d.URL(), "--clerk-issuer", d.IssuerURL(), "--clerk-api-url", d.ClerkAPIURL(),
		"--admin-addr", "off",
	}, append(args, anyPort...)...)
	var out, errs bytes.Buffer
	err := run(t.Context(), args, &out, &errs)
	return exitCode(err, &errs), out.String(), errs.String()
}

func TestDoctor(t *testing.T) {
	d := startDeployment(t, deployment.Config{})
	token, err := d.Token(deployment.TokenRequest{User: "ada", TTL: 10 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("CLERK_SECRET_KEY", d.SecretKey())
	t.Setenv("CONVEXGATEWAY_TOKEN", token)
	if code, stdout, stderr := doctorOf(t, d); code != 0 || !strings.Contains(stdout, "the deployment takes it") || stderr != "" {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	code, stdout, stderr := doctorOf(t, d, "--json", "--clerk-webhook-secret", "whsec_%")
	var got struct {
		OK       bool
		Findings []doctor.Finding
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || code != 1 || got.OK || len(got.Findings) < 10 || !strings.Contains(stderr, "1 of ") {
		t.Errorf("exit code %d, %v\n%s%s", code, err, stdout, stderr)
	}
	if _, shown, _ := doctorOf(t, d, "--print-config"); !strings.Contains(shown, "CONVEXGATEWAY_TOKEN") || strings.Contains(shown+stdout+stderr, token) {
		t.Errorf("settings\n%s", shown)
	}
	for flag, want := range map[string]string{
		"--through=gateway": "--through", "--quiet=0s": "--quiet", "--linger=-1s": "--linger", "--ticket-key=x": "--ticket-key", "--token-file=/nonexistent": "--token-file", "--nats-url-file=/nonexistent": "--nats-url-file", "--trusted-issuers=x": "--trusted-issuers",
	} {
		if code, _, stderr := doctorOf(t, d, flag); code != 2 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit code %d, %s", flag, code, stderr)
		}
	}
}

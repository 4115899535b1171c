package cli

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convexgateway/server"
)

// keyOf returns 32 equal bytes as a key.
func keyOf(b byte) string { return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, 32)) }

// fileOf writes a file, and returns its name.
func fileOf(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Keys come from flags or files, under either name.
func TestKeyFlags(t *testing.T) {
	t.Parallel()
	a, b := keyOf(1), keyOf(2)
	both := server.Keys{server.Key(a), server.Key(b)}
	for name, c := range map[string]struct {
		args       []string
		cluster    server.Keys
		requestIDs string
	}{
		"none":           {nil, nil, ""},
		"flag":           {[]string{"--cluster-key", a}, both[:1], ""},
		"several":        {[]string{"--cluster-key", a + ", " + b}, both, ""},
		"file":           {[]string{"--cluster-key-file", fileOf(t, " \n"+a+",\n"+b+"\r\n")}, both, ""},
		"earlier name":   {[]string{"--ticket-key", a}, both[:1], ""},
		"earlier file":   {[]string{"--ticket-key-file", fileOf(t, a+"\n")}, both[:1], ""},
		"both names":     {[]string{"--cluster-key", a, "--ticket-key-file", fileOf(t, a)}, both[:1], ""},
		"request ids":    {[]string{"--request-id-key", b}, nil, b},
		"and their file": {[]string{"--cluster-key", a, "--request-id-key-file", fileOf(t, b+"\n")}, both[:1], b},
	} {
		if got := parseServe(t, c.args...); !slices.Equal(got.ClusterKeys, c.cluster) || string(got.RequestIDKey) != c.requestIDs {
			t.Errorf("%s: %d cluster keys, request ids: %v", name, len(got.ClusterKeys), got.RequestIDKey != "")
		}
	}
}

// A secret that cannot be used ends the command with the name of its flag, and is not shown.
func TestWrongKeys(t *testing.T) {
	t.Parallel()
	a, b := keyOf(1), keyOf(2)
	secrets := []string{a, b, "c2VjcmV0", "sk_test_x", "whsec_x"}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"short":               {[]string{"--cluster-key", "c2VjcmV0"}, "--cluster-key: must be 32"},
		"second is short":     {[]string{"--cluster-key", a + ",c2VjcmV0"}, "--cluster-key: key 2 of 2 must be 32"},
		"second is empty":     {[]string{"--cluster-key", a + ","}, "--cluster-key: key 2 of 2 is empty"},
		"in a file":           {[]string{"--cluster-key-file", fileOf(t, "c2VjcmV0")}, "--cluster-key: must be 32"},
		"earlier name":        {[]string{"--ticket-key-file", fileOf(t, "c2VjcmV0")}, "--ticket-key: must be 32"},
		"names differ":        {[]string{"--cluster-key", a, "--ticket-key", b}, "--cluster-key and --ticket-key: "},
		"flag and file":       {[]string{"--cluster-key", a, "--cluster-key-file", fileOf(t, a)}, "--cluster-key and --cluster-key-file: only one"},
		"no file":             {[]string{"--cluster-key-file", "/nonexistent"}, "--cluster-key-file: open /nonexistent"},
		"a folder":            {[]string{"--request-id-key-file", t.TempDir()}, "--request-id-key-file: read "},
		"empty file":          {[]string{"--request-id-key-file", fileOf(t, " \n")}, "--request-id-key-file: "},
		"request ids":         {[]string{"--request-id-key", a + "," + b}, "--request-id-key: must be 32"},
		"request id file":     {[]string{"--request-id-key-file", fileOf(t, "c2VjcmV0")}, "--request-id-key: must be 32"},
		"Clerk's key":         {[]string{"--clerk-secret-key", "sk_test_x", "--clerk-secret-key-file", fileOf(t, "sk_test_x")}, "--clerk-secret-key and --clerk-secret-key-file: "},
		"Clerk's key file":    {[]string{"--clerk-secret-key-file", fileOf(t, "")}, "--clerk-secret-key-file: "},
		"webhook secret":      {[]string{"--clerk-webhook-secret", "whsec_x", "--clerk-webhook-secret-file", fileOf(t, "whsec_x")}, "--clerk-webhook-secret and --clerk-webhook-secret-file: "},
		"webhook secret file": {[]string{"--clerk-webhook-secret-file", "/nonexistent"}, "--clerk-webhook-secret-file: open /nonexistent"},
		"NATS":                {[]string{"--nats-url", "nats://u:c2VjcmV0@x", "--nats-url-file", fileOf(t, "nats://x")}, "--nats-url and --nats-url-file: "},
		"NATS file":           {[]string{"--nats-url-file", fileOf(t, "http://u:c2VjcmV0@x")}, "--nats-url: "},
	} {
		var stdout, stderr bytes.Buffer
		err := run(t.Context(), append([]string{"serve", "--convex-url", "http://x"}, append(c.args, anyPort...)...), &stdout, &stderr)
		code := exitCode(err, &stderr)
		if code != 2 || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%s: exit code %d, %q, want %q", name, code, &stderr, c.want)
		}
		for _, secret := range secrets {
			if strings.Contains(stdout.String()+stderr.String(), secret) {
				t.Errorf("%s: a secret is shown: %s", name, &stderr)
			}
		}
	}
}

// Clerk's secrets and the URL of NATS come from files as well.
func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()
	f := clerkFlags{ClerkSecretKeyFile: fileOf(t, "sk_test_x\n"), ClerkWebhookSecretFile: fileOf(t, "whsec_a, whsec_b\n")}
	up, err := f.upstream("http://x")
	if err != nil || up.ClerkSecretKey != "sk_test_x" || !slices.Equal(up.WebhookSecrets, []string{"whsec_a", "whsec_b"}) {
		t.Errorf("%d webhook secrets, %v", len(up.WebhookSecrets), err)
	}
	r := replicaFlags{NATSURLFile: fileOf(t, "nats://u:p@x\n")}
	if got, err := r.exchange(server.Config{}); err != nil || got.URL != "nats://u:p@x" || got.Keys != nil || got.RequestIDs != nil {
		t.Errorf("%d bytes, %d keys, %v", len(got.URL), len(got.Keys), err)
	}
	got, err := r.exchange(server.Config{ClusterKeys: server.Keys{server.Key(keyOf(1)), server.Key(keyOf(2))}})
	if err != nil || len(got.Keys) != 2 || len(got.RequestIDs) == 0 {
		t.Errorf("%d keys, %d bytes of fingerprint, %v", len(got.Keys), len(got.RequestIDs), err)
	}
}

// Each secret has a twin that names a file, which is no secret itself.
func TestSecretsHaveFiles(t *testing.T) {
	all, _ := settings(t)
	n := 0
	for _, s := range all {
		if !isSecret(s.Flag) {
			continue
		}
		n++
		i := slices.IndexFunc(all, func(f *setting) bool { return f.Name == s.Name+"-file" })
		if i < 0 || isSecret(all[i].Flag) || !slices.Equal(all[i].commands, s.commands) || all[i].Envs[0] != s.Envs[0]+"_FILE" {
			t.Errorf("--%s has no twin with -file", s.Name)
		}
	}
	if n < 7 {
		t.Errorf("only %d secrets", n)
	}
}

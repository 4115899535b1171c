package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"convexgateway/internal/freeport"
)

const testRootKey = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U="

// name-hash prints the same for a subject as long as the key of request ids is the same, and needs one.
func TestNameHash(t *testing.T) {
	hash := func(args ...string) string {
		var stdout, stderr bytes.Buffer
		if err := run(t.Context(), append([]string{"name-hash", "user_ada"}, args...), &stdout, &stderr); err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		return strings.TrimSpace(stdout.String())
	}
	const newer = "bmV3ZXJuZXdlcm5ld2VybmV3ZXJuZXdlcm5ld2VybmU="
	first := hash("--cluster-key", testRootKey)
	if len(first) != 16 || first != hash("--cluster-key", newer+","+testRootKey, "--request-id-key-file", fileOf(t, testRootKey)) || first == hash("--cluster-key", newer) {
		t.Errorf("%s, with the older key %s, with another %s", first, hash("--cluster-key", testRootKey), hash("--cluster-key", newer))
	}
	var stderr bytes.Buffer
	if code := exitCode(run(t.Context(), []string{"name-hash", "user_ada"}, &bytes.Buffer{}, &stderr), &stderr); code != 2 || !strings.Contains(stderr.String(), "--cluster-key") {
		t.Errorf("without a key: exit code %d, %s", code, &stderr)
	}
}

// The start has an audit line with all settings, without secrets, at every level of the log.
func TestStartIsAudited(t *testing.T) {
	t.Setenv("CLERK_SECRET_KEY", "sk_test_c2VjcmV0c2VjcmV0")
	t.Setenv("CONVEXGATEWAY_CLUSTER_KEY", testRootKey)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stderr bytes.Buffer
	line := "serve --convex-url http://127.0.0.1:1 --linger 7s --log-level error --log-format json --log-calls 1/10" +
		" --grpc-addr " + freeport.Addr() + " --http-addr " + freeport.Addr() + " --admin-addr " + freeport.Addr()
	if err := run(ctx, strings.Fields(line), writerFunc(cancel), &stderr); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var start struct {
		Audit                   bool
		Event, Version          string
		Deployment, Msg, Commit string
		Settings                map[string]string
	}
	first, _, _ := strings.Cut(stderr.String(), "\n")
	if err := json.Unmarshal([]byte(first), &start); err != nil {
		t.Fatalf("%v: %s", err, first)
	}
	if !start.Audit || start.Event != "start" || start.Deployment != "http://127.0.0.1:1" || start.Version == "" {
		t.Errorf("%+v", start)
	}
	for name, want := range map[string]string{
		"linger": "7s", "log-calls": "1/10", "log-identity": "hash", "cluster-key": "secret", "clerk-secret-key": "secret", "nats-url": "none",
	} {
		if start.Settings[name] != want {
			t.Errorf("%s is %q", name, start.Settings[name])
		}
	}
	if strings.Contains(stderr.String(), "c2VjcmV0") {
		t.Errorf("it shows a secret: %s", &stderr)
	}
	if !strings.Contains(stderr.String(), `"event":"drain"`) {
		t.Errorf("no drain: %s", &stderr)
	}
}

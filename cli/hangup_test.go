package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// SIGHUP ends neither serve nor dev, and replaces the admin token by that of its file. One that is none leaves the token as it is.
func TestHangupReplacesTheAdminToken(t *testing.T) {
	t.Parallel()
	const first, second = "an-operator-of-the-tests-0123456789", "another-operator-of-the-tests-01234"
	file := filepath.Join(t.TempDir(), "token")
	write := func(token string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(first)
	p := start(t, "Stop with", nil, "dev", "--grpc-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0", "--deployment-addr", "127.0.0.1:0", "--admin-token-file", file)
	accepts := func(token string) bool {
		var out bytes.Buffer
		return run(t.Context(), []string{"admin", "blocks", "--url", p.find(`metrics +(http://[^/]+)`), "--admin-token", token}, &out, &out) == nil
	}
	hangUp := func() {
		t.Helper()
		if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	await := func(token string) {
		t.Helper()
		for deadline := time.Now().Add(patience); !accepts(token); {
			if time.Now().After(deadline) {
				t.Fatal("the token of the file is not accepted")
			}
		}
	}
	await(first)
	write(second)
	hangUp()
	await(second)
	if accepts(first) {
		t.Error("the token that was replaced is still accepted")
	}
	write("short")
	hangUp()
	write(first)
	hangUp()
	await(first)
	if accepts("short") {
		t.Error("a token that is too short is accepted")
	}
	if code := p.terminate(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

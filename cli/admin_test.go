package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// admin speaks to a gateway that runs, with a token from a file, and fails without it.
func TestAdminCommand(t *testing.T) {
	t.Parallel()
	const token = "an-operator-of-the-tests-0123456789"
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, "Stop with", nil, append([]string{"dev", "--grpc-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0"}, "--deployment-addr", "127.0.0.1:0", "--admin-token-file", file)...)
	admin := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), append([]string{"admin", "--url", p.find(`metrics +(http://[^/]+)`)}, args...), &out, &out)
		return out.String(), err
	}
	if out, err := admin("streams", "--admin-token-file", file); err != nil || !strings.Contains(out, `"streams":0`) {
		t.Errorf("streams: %s %v", out, err)
	}
	rest := p.find(`REST +(http://\S+)`)
	query := func() string {
		_, body := post(t, rest+"/v1/query", "", `{"path":"users:me"}`)
		return body
	}
	for _, test := range []struct {
		args    string
		blocked bool
	}{{"block users:me --for 2h", true}, {"blocks", true}, {"unblock users:me", false}, {"disconnect --path users:me", false}} {
		if out, err := admin(append(strings.Fields(test.args), "--admin-token-file", file)...); err != nil || out == "" {
			t.Errorf("%s: %s %v", test.args, out, err)
		}
		if got := query(); strings.Contains(got, "FUNCTION_BLOCKED") != test.blocked {
			t.Errorf("after %s: %s", test.args, got)
		}
	}
	for _, args := range [][]string{{"streams"}, {"streams", "--admin-token", "wrong"}, {"disconnect", "--admin-token-file", file}} {
		if out, err := admin(args...); err == nil || strings.Contains(err.Error(), token) {
			t.Errorf("%v: %s %v", args, out, err)
		}
	}
	if _, err := admin("drain", "--admin-token-file", file); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("after a drain: %v", err)
	}
}

package cli

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/server"
)

// The file of the cluster keys is read again when it has changed, and bad keys change nothing: an error is logged once, without a key.
func TestKeyFile(t *testing.T) {
	one, two := server.NewKey(), server.NewKey()
	file := filepath.Join(t.TempDir(), "keys")
	write := func(keys ...server.Key) {
		t.Helper()
		var texts []string
		for _, key := range keys {
			texts = append(texts, string(key))
		}
		if err := os.WriteFile(file, []byte(strings.Join(texts, ",")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(one)
	synctest.Test(t, func(t *testing.T) {
		var logs bytes.Buffer
		var used []server.Keys
		refusal := error(nil)
		k := newKeyFile(&keyFlags{ClusterKeysFile: file}, func(keys server.Keys) error {
			if refusal == nil {
				used = append(used, keys)
			}
			return refusal
		}, slog.New(slog.NewTextHandler(&logs, nil)))
		ctx, cancel := context.WithCancel(t.Context())
		stop := inBackground(ctx, k.follow)
		after := func(what string, want ...server.Keys) {
			t.Helper()
			time.Sleep(3 * keyFileInterval) //nolint:forbidigo // the bubble's clock
			synctest.Wait()
			if !slices.EqualFunc(used, want, slices.Equal) {
				t.Errorf("%s: keys were replaced %d times, want %d", what, len(used), len(want))
			}
		}
		after("unchanged")
		write(one, two)
		after("a key more", server.Keys{one, two})
		refusal = errors.New("refused")
		write(two, one)
		after("refused", server.Keys{one, two})
		refusal = nil
		write(two)
		after("another change", server.Keys{one, two}, server.Keys{two})
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		after("no file", server.Keys{one, two}, server.Keys{two})
		cancel()
		stop()
		if text := logs.String(); strings.Count(text, "level=ERROR") != 2 || strings.Count(text, "were read again") != 2 || strings.Contains(text, string(one)) {
			t.Errorf("logs: %s", text)
		}
	})
}

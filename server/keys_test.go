package server

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"convexgateway/server/ticket"
)

func keyOf(raw []byte) Key { return Key(base64.StdEncoding.EncodeToString(raw)) }

// No key is ever printed, and a bad one is refused.
func TestKeys(t *testing.T) {
	t.Parallel()
	raw := bytes.Repeat([]byte{0xfb, 0xef}, 16)
	key := keyOf(raw)
	for _, text := range []Key{keyOf(raw[:31]), keyOf(append(raw, 1)), key[1:], key + "A", "=", " "} {
		for field, cfg := range map[string]Config{
			"ClusterKeys: ": {ClusterKeys: Keys{text}}, "ClusterKeys: key 2 of 2 ": {ClusterKeys: Keys{key, text}}, "RequestIDKey: ": {RequestIDKey: text},
		} {
			if err := cfg.Validate(); err == nil || !strings.HasPrefix(err.Error(), field) || strings.Contains(err.Error(), string(key[1:])) {
				t.Errorf("%s%d characters: %v", field, len(text), err)
			}
		}
	}
	if err := (Config{ClusterKeys: ticket.ParseKeys(string(key) + ",")}).Validate(); err == nil || !strings.Contains(err.Error(), "key 2 of 2 is empty") {
		t.Errorf("an empty key: %v", err)
	}
	cfg := Config{ClusterKeys: Keys{key, key}, RequestIDKey: key}
	inJSON, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	printed := fmt.Sprintf("%v %+v %#v %x %d %s %x %s", cfg, cfg, cfg, cfg.ClusterKeys, &cfg.ClusterKeys, cfg.ClusterKeys, cfg.RequestIDKey, inJSON)
	for _, secret := range []string{string(key), fmt.Sprintf("%x", string(key)), "251"} {
		if strings.Contains(printed, secret) {
			t.Errorf("the key is printed: %s", printed)
		}
	}
}

// The secret of request ids follows from their own key, or from the first cluster key, and stays the same when that key becomes
// their own.
func TestRequestIDSecret(t *testing.T) {
	t.Parallel()
	oldKey, newKey := keyOf(bytes.Repeat([]byte{1}, 32)), keyOf(bytes.Repeat([]byte{2}, 32))
	secret := func(cfg Config) string {
		got, err := cfg.requestIDSecret()
		if err != nil || len(got) != 32 || !cfg.AcceptsRequestIDs() {
			t.Errorf("%d bytes, accepts: %v, %v", len(got), cfg.AcceptsRequestIDs(), err)
		}
		fingerprint, err := cfg.RequestIDFingerprint()
		if err != nil || len(fingerprint) != fingerprintSize || bytes.Contains(got, fingerprint) {
			t.Errorf("fingerprint %x, %v", fingerprint, err)
		}
		return string(got) + string(fingerprint)
	}
	before := secret(Config{ClusterKeys: Keys{oldKey}})
	for name, same := range map[string]Config{
		"a second key":         {ClusterKeys: Keys{oldKey, newKey}},
		"the key as their own": {ClusterKeys: Keys{newKey, oldKey}, RequestIDKey: oldKey},
		"without cluster keys": {RequestIDKey: oldKey},
	} {
		if secret(same) != before {
			t.Errorf("%s changes the secret", name)
		}
	}
	if secret(Config{ClusterKeys: Keys{newKey, oldKey}}) == before {
		t.Error("another first key does not change the secret")
	}
	if strings.Contains(before, string(bytes.Repeat([]byte{1}, 8))) {
		t.Error("the key is in the secret or in the fingerprint")
	}
	for name, none := range map[string]func(Config) ([]byte, error){"secret": Config.requestIDSecret, "fingerprint": Config.RequestIDFingerprint} {
		if got, err := none(Config{}); got != nil || err != nil {
			t.Errorf("%s without a key: %x, %v", name, got, err)
		}
	}
	if (Config{}).AcceptsRequestIDs() {
		t.Error("request ids are accepted without a key")
	}
}

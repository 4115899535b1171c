package store

import "testing"

const canonicalUUID = "6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e"

func TestUUID(t *testing.T) {
	made := newUUID()
	if uuid, ok := ParseUUID(made); !ok || uuid != made || made[14] != '4' || made == newUUID() {
		t.Errorf("made %s, parsed %s", made, uuid)
	}
	for text, want := range map[string]string{
		"6F1F9A37-6F0F-4F0F-8F11-0A3B1A2C3D4E": canonicalUUID, "6f1f9a376f0f4f0f8f110a3b1a2c3d4e": canonicalUUID,
		"": "", "6f1f9a37": "", "6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4g": "", "6f1f9a376-f0f-4f0f-8f11-0a3b1a2c3d4e": "",
	} {
		if got, ok := ParseUUID(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}

func FuzzParseUUID(f *testing.F) {
	f.Add(canonicalUUID)
	f.Add("6f1f9a376f0f4f0f8f110a3b1a2c3d4e")
	f.Fuzz(func(t *testing.T, text string) {
		uuid, ok := ParseUUID(text)
		if again, stable := ParseUUID(uuid); ok && (!stable || again != uuid) {
			t.Fatalf("%q became %q", text, uuid)
		}
	})
}

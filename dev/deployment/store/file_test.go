package store

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestFiles_haveATableOfTheSystem(t *testing.T) {
	db := New()
	id, err := db.AddFile(&File{})
	if err != nil {
		t.Fatal(err)
	}
	if number, _, err := decodeID(id); err != nil || number != storageTableNumber {
		t.Errorf("id %s: table %d, %v", id, number, err)
	}
	inTransaction(t, db, func(w Writer) {
		first, err := w.Insert("t", Document{})
		if err != nil {
			t.Fatal(err)
		}
		if number, _, _ := decodeID(first); number != firstUserTable {
			t.Errorf("the first user table has number %d", number)
		}
	})
}

func TestUploadKey(t *testing.T) {
	now := time.Unix(1_790_000_000, 500)
	k, other := uploadKey{1}, uploadKey{2}
	token := k.token(now)
	for name, test := range map[string]struct {
		err  error
		want error
	}{
		"fresh":       {k.check(token, now), nil},
		"last second": {k.check(token, now.Add(uploadTokenLife-time.Second)), nil},
		"expired":     {k.check(token, now.Add(uploadTokenLife)), ErrUploadTokenExpired},
		"other key":   {other.check(token, now), errUploadToken},
		"changed":     {k.check("A"+token[1:len(token)-1]+"A", now), errUploadToken},
		"empty":       {k.check("", now), errUploadToken},
		"no base64":   {k.check("?", now), errUploadToken},
	} {
		if !errors.Is(test.err, test.want) {
			t.Errorf("%s: %v", name, test.err)
		}
	}
}

func FuzzUploadKey_check(f *testing.F) {
	now, k := time.Unix(1_790_000_000, 0), uploadKey{1}
	good := k.token(now)
	f.Add(good)
	f.Add(strings.Repeat("A", len(good)))
	f.Add(good[:20] + "\n" + good[20:])
	f.Fuzz(func(t *testing.T, token string) {
		if k.check(token, now) == nil && token != good {
			t.Fatalf("%q is accepted", token)
		}
	})
}

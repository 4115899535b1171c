package deployment

import (
	"strings"
	"testing"
	"time"
)

// badDigest is of the right form, and the digest of nothing that tests upload.
const badDigest = "sha-256=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

func TestStorage_item17_uploads(t *testing.T) {
	now := time.Now()
	d := startTest(t, Config{Controls: true, Now: func() time.Time { return now }})
	url := mustCall(t, d, "mutation", "testing:upload", `{}`).(string)
	for name, test := range map[string]struct {
		url    string
		header []string
		status int
		want   string
	}{
		"plain":            {url, nil, 200, `{"storageId":"`},
		"the URL again":    {url, nil, 200, `{"storageId":"`},
		"wrong digest":     {url, []string{"Digest", badDigest}, 400, "Sha256Mismatch"},
		"odd digest":       {url, []string{"Digest", "md5=x"}, 400, "BadHeader"},
		"short digest":     {url, []string{"Digest", "sha-256=AAAA"}, 400, "BadHeader"},
		"odd content type": {url, []string{"Content-Type", "/"}, 400, "BadHeader"},
		"no token":         {strings.Split(url, "?")[0], nil, 400, "BadQueryArgs"},
		"bad token":        {url + "A", nil, 401, "StorageTokenInvalid"},
	} {
		if got := do(t, "POST", test.url, "hello", test.header...); got.status != test.status || !strings.Contains(got.body, test.want) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	now = now.Add(time.Hour + time.Second)
	if got := do(t, "POST", url, "hello"); got.status != 401 || !strings.Contains(got.body, "StorageTokenExpired") {
		t.Errorf("an hour later: %d %s", got.status, got.body)
	}
}

func TestStorage_item17_downloads(t *testing.T) {
	d := startTest(t, Config{Controls: true})
	id := upload(t, d, "0123456789", "text/x-digits; charset=utf-8")
	url := mustCall(t, d, "query", "testing:url", `{"storageId":"`+id+`"}`).(string)
	whole := do(t, "GET", url, "")
	for name, want := range map[string]string{
		"Content-Type": "text/x-digits; charset=utf-8", "Content-Length": "10", "Accept-Ranges": "bytes", "Cache-Control": "private, max-age=2592000",
		"Digest": "sha-256=hNiYd/DUBB77a/kaFvAkjy/Vc+avBcGflr7bn4gveII=",
	} {
		if whole.status != 200 || whole.body != "0123456789" || whole.header.Get(name) != want {
			t.Errorf("%d %q, %s: %q", whole.status, whole.body, name, whole.header.Get(name))
		}
	}
	for header, want := range map[string]answer{
		"bytes=2-5":     {status: 206, body: "2345"},
		"bytes=7-":      {status: 206, body: "789"},
		"bytes=0-99":    {status: 206, body: "0123456789"},
		"bytes=0-1,3-4": {status: 416},
		"bytes=10-":     {status: 416},
		"bytes=5-2":     {status: 416},
		"bytes=-3":      {status: 416},
		"lines=1-2":     {status: 200, body: "0123456789"},
	} {
		if got := do(t, "GET", url, "", "Range", header); got.status != want.status || got.body != want.body {
			t.Errorf("%s: %d %q", header, got.status, got.body)
		}
	}
	if got := do(t, "GET", url, "", "Range", "bytes=2-5"); got.header.Get("Content-Range") != "bytes 2-5/10" || got.header.Get("Digest") != "" {
		t.Errorf("header of a range: %v", got.header)
	}
	if got := do(t, "HEAD", url, ""); got.status != 200 || got.header.Get("Content-Length") != "10" {
		t.Errorf("HEAD: %d %v", got.status, got.header)
	}
	if got := do(t, "GET", strings.ReplaceAll(url, "-", ""), ""); got.body != "0123456789" {
		t.Errorf("a UUID without hyphens: %d %s", got.status, got.body)
	}
	if got := do(t, "GET", d.URL()+"/api/storage/"+id, ""); got.status != 400 || !strings.Contains(got.body, "InvalidStoragePath") {
		t.Errorf("a storage id: %d %s", got.status, got.body)
	}
	mustCall(t, d, "mutation", "testing:delete", `{"storageId":"`+id+`"}`)
	if got := do(t, "GET", url, ""); got.status != 404 || !strings.Contains(got.body, "FileNotFound") {
		t.Errorf("a deleted file: %d %s", got.status, got.body)
	}
	if got := mustCall(t, d, "query", "testing:url", `{"storageId":"`+id+`"}`); got != nil {
		t.Errorf("the URL of a deleted file is %v", got)
	}
}

func TestStorage_untypedAndEmpty(t *testing.T) {
	d := startTest(t, Config{Controls: true})
	id := upload(t, d, "", "")
	url := mustCall(t, d, "query", "testing:url", `{"storageId":"`+id+`"}`).(string)
	got := do(t, "GET", url, "", "Range", "bytes=0-1")
	if _, typed := got.header["Content-Type"]; got.status != 200 || got.body != "" || typed {
		t.Errorf("%+v", got)
	}
}

package deployment_test

import (
	"strings"
	"testing"
	"time"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
)

// badDigest is well-formed, and the digest of no upload of the tests.
const badDigest = "sha-256=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

func TestStorage_uploads(t *testing.T) {
	now := time.Now()
	d := devtest.Start(t, deployment.Config{Controls: true, Now: func() time.Time { return now }})
	url := devtest.MustCall(t, d, "mutation", "testing:upload", `{}`).(string)
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
		if got := devtest.Do(t, "POST", test.url, "hello", test.header...); got.Status != test.status || !strings.Contains(got.Body, test.want) {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
	now = now.Add(time.Hour + time.Second)
	if got := devtest.Do(t, "POST", url, "hello"); got.Status != 401 || !strings.Contains(got.Body, "StorageTokenExpired") {
		t.Errorf("an hour later: %d %s", got.Status, got.Body)
	}
}

func TestStorage_downloads(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Controls: true})
	id := devtest.Upload(t, d, "0123456789", "text/x-digits; charset=utf-8")
	url := devtest.MustCall(t, d, "query", "testing:url", `{"storageId":"`+id+`"}`).(string)
	whole := devtest.Do(t, "GET", url, "")
	for name, want := range map[string]string{
		"Content-Type": "text/x-digits; charset=utf-8", "Content-Length": "10", "Accept-Ranges": "bytes", "Cache-Control": "private, max-age=2592000",
		"Digest": "sha-256=hNiYd/DUBB77a/kaFvAkjy/Vc+avBcGflr7bn4gveII=",
	} {
		if whole.Status != 200 || whole.Body != "0123456789" || whole.Header.Get(name) != want {
			t.Errorf("%d %q, %s: %q", whole.Status, whole.Body, name, whole.Header.Get(name))
		}
	}
	for header, want := range map[string]devtest.Answer{
		"bytes=2-5":     {Status: 206, Body: "2345"},
		"bytes=7-":      {Status: 206, Body: "789"},
		"bytes=0-99":    {Status: 206, Body: "0123456789"},
		"bytes=0-1,3-4": {Status: 416},
		"bytes=10-":     {Status: 206},
		"bytes=5-2":     {Status: 206},
		"bytes=-3":      {Status: 206},
		"lines=1-2":     {Status: 200, Body: "0123456789"},
	} {
		if got := devtest.Do(t, "GET", url, "", "Range", header); got.Status != want.Status || got.Body != want.Body {
			t.Errorf("%s: %d %q", header, got.Status, got.Body)
		}
	}
	if got := devtest.Do(t, "GET", url, "", "Range", "bytes=2-5"); got.Header.Get("Content-Range") != "bytes 2-5/10" || got.Header.Get("Digest") != "" {
		t.Errorf("header of a range: %v", got.Header)
	}
	if got := devtest.Do(t, "HEAD", url, ""); got.Status != 200 || got.Header.Get("Content-Length") != "10" {
		t.Errorf("HEAD: %d %v", got.Status, got.Header)
	}
	if got := devtest.Do(t, "GET", strings.ReplaceAll(url, "-", ""), ""); got.Body != "0123456789" {
		t.Errorf("a UUID without hyphens: %d %s", got.Status, got.Body)
	}
	if got := devtest.Do(t, "GET", d.URL()+"/api/storage/"+id, ""); got.Status != 400 || !strings.Contains(got.Body, "InvalidStoragePath") {
		t.Errorf("a storage id: %d %s", got.Status, got.Body)
	}
	devtest.MustCall(t, d, "mutation", "testing:delete", `{"storageId":"`+id+`"}`)
	if got := devtest.Do(t, "GET", url, ""); got.Status != 404 || !strings.Contains(got.Body, "FileNotFound") {
		t.Errorf("a deleted file: %d %s", got.Status, got.Body)
	}
	if got := devtest.MustCall(t, d, "query", "testing:url", `{"storageId":"`+id+`"}`); got != nil {
		t.Errorf("the URL of a deleted file is %v", got)
	}
}

func TestStorage_untypedAndEmpty(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Controls: true})
	id := devtest.Upload(t, d, "", "")
	url := devtest.MustCall(t, d, "query", "testing:url", `{"storageId":"`+id+`"}`).(string)
	got := devtest.Do(t, "GET", url, "", "Range", "bytes=0-1")
	if _, typed := got.Header["Content-Type"]; got.Status != 200 || got.Body != "" || typed {
		t.Errorf("%+v", got)
	}
}

package model

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"convexgateway/convex/spec"
)

const sample = "../../../examples/convex-app/api"

// sampleFile is the contract of the sample's messages.
const sampleFile = "convex/app/messages/messages.proto"

func sampleSpec(t testing.TB) *spec.Spec {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(sample, "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := spec.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The sample's files lack nothing, and another package has nothing of them.
func TestBuild_lock(t *testing.T) {
	lock, err := Read(t.Context(), os.DirFS(sample))
	if err != nil {
		t.Fatal(err)
	}
	m, err := Build(sampleSpec(t), lock, Options{})
	if err != nil || len(m.New) > 0 || m.Package != DefaultPackage || m.GoPackage != "convex/app" {
		t.Errorf("%v, %v, %s, %s", err, m.New, m.Package, m.GoPackage)
	}
	other, err := Build(sampleSpec(t), lock, Options{Package: "other"})
	if err != nil || len(other.New) == 0 || other.Files[0].Package != "other.actions" {
		t.Errorf("%v, %v", err, other)
	}
	if _, err := Build(sampleSpec(t), &Lock{}, Options{Package: "a.B"}); err == nil {
		t.Error("a package with capitals is taken")
	}
}

// A folder whose files are links into a hidden one, as those of a volume of Kubernetes are, is read once.
func TestRead_links(t *testing.T) {
	dir := t.TempDir()
	target, err := filepath.Abs(filepath.Join(sample, "convex"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "..v1", "convex"), os.DirFS(target)); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"..data": "..v1", "convex": "..data/convex"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	lock, err := Read(t.Context(), os.DirFS(dir))
	if err != nil || lock.find("messages") == nil || lock.find("messages").file.Path() != sampleFile {
		t.Errorf("%v, %v", lock, err)
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string][2]string{
		"list": {"list", "List"}, "_creationTime": {"creation_time", "CreationTime"}, "HTMLBody": {"html_body", "HtmlBody"}, "aB": {"a_b", "AB"},
		"x1Y2": {"x1_y2", "X1Y2"}, "__": {"field", "Field"}, "_1": {"field_1", "Field1"}, "a.b-c": {"a_b_c", "ABC"}, "é": {"field", "Field"},
	} {
		if s, c := snake(name, "field"), camel(name, "field"); s != want[0] || c != want[1] {
			t.Errorf("%s is %s and %s, want %s", name, s, c, want)
		}
	}
}

// FuzzRead checks that no proto file makes the lock, or a model by it, panic, and that no message gets a number or a name twice.
func FuzzRead(f *testing.F) {
	text, err := os.ReadFile(filepath.Join(sample, sampleFile))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(strings.ReplaceAll(string(text), "string author = 3;", "map<string, ListItem> author = 18999;"))
	f.Add(strings.ReplaceAll(string(text), "message ListItem {", "message ListItem {\n  enum E { A = 0; }\n  E e = 90;\n  reserved 7 to max;"))
	f.Add(strings.ReplaceAll(string(text), "PageResult value = 1;", "ListItem value = 1;"))
	s := sampleSpec(f)
	f.Fuzz(func(t *testing.T, text string) {
		lock, err := Read(t.Context(), fstest.MapFS{sampleFile: {Data: []byte(text)}})
		if err != nil {
			return
		}
		m, err := Build(s, lock, Options{})
		if err != nil {
			return
		}
		for _, file := range m.Files {
			messages := names{}
			for _, message := range file.Messages {
				if messages[message.Name] {
					t.Fatalf("%s has %s twice", file.Path, message.Name)
				}
				messages[message.Name] = true
				checkFields(t, message)
			}
		}
	})
}

func checkFields(t *testing.T, m *Message) {
	t.Helper()
	taken, numbers := names{}, map[int]bool{}
	for _, f := range m.Fields {
		if taken[f.Name] || numbers[f.Number] || f.Number <= 0 || f.Number > lastNumber {
			t.Fatalf("%s has a field %s = %d", m.Name, f.Name, f.Number)
		}
		taken[f.Name], numbers[f.Number] = true, true
	}
}

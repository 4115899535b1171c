package cli

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docPages returns the text of all pages in the root and in docs/ that are written by hand.
func docPages(t *testing.T) (text []byte) {
	t.Helper()
	for _, pattern := range []string{"../*.md", "../docs/*.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			if file == configurationPage {
				continue // TestConfigurationDocs compares all of it
			}
			page, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text = append(text, page...)
		}
	}
	return text
}

// Every test that README.md or another page names exists.
func TestDocsNameRealTests(t *testing.T) {
	var sources []byte
	for _, room := range []string{"../auth", "../cli", "../convex", "../dev", "../server"} {
		err := filepath.WalkDir(room, func(file string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(file, "_test.go") {
				return err
			}
			text, err := os.ReadFile(file)
			sources = append(sources, text...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	names := regexp.MustCompile("`(Test[A-Za-z0-9_]+)`").FindAllSubmatch(docPages(t), -1)
	if len(names) < 10 {
		t.Errorf("only %d tests are named", len(names))
	}
	for _, name := range names {
		if !bytes.Contains(sources, append([]byte("func "), append(name[1], '(')...)) {
			t.Errorf("there is no %s", name[1])
		}
	}
}

package cli

import (
	"os"
	"path/filepath"
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

package cli

import (
	"fmt"
	"os"
	"strings"
)

// flagOrFile returns a secret that is given as a flag or as the file that its twin with -file names. White space at the ends of
// the file does not count. Errors name the flag, and quote neither the flag nor the content.
func flagOrFile(flag, value, file string) (string, error) {
	switch {
	case file == "":
		return value, nil
	case value != "":
		return "", fmt.Errorf("%s and %s-file: only one of them may be given", flag, flag)
	}
	content, err := os.ReadFile(file) //nolint:gosec // the operator's choice
	if err != nil {
		return "", fmt.Errorf("%s-file: %w", flag, err)
	}
	text := strings.TrimSpace(string(content))
	if text == "" {
		return "", fmt.Errorf("%s-file: %s is empty", flag, file)
	}
	return text, nil
}

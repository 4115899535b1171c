package main

import (
	"strings"

	"google.golang.org/protobuf/compiler/protogen"
)

// paragraphs returns the paragraphs of a comment, each on one line.
func paragraphs(c protogen.Comments) []string {
	var found []string
	for text := range strings.SplitSeq(string(c), "\n\n") {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			found = append(found, text)
		}
	}
	return found
}

func description(c protogen.Comments) string { return strings.Join(paragraphs(c), "\n\n") }

// required reports whether a field's comment ends with "Required.".
func required(f *protogen.Field) bool {
	return strings.HasSuffix(description(f.Comments.Leading), " Required.")
}

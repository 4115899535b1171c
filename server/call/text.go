package call

import "strings"

// IsPrintable reports whether a text is printable ASCII, as values of gRPC's headers are.
func IsPrintable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// CutText shortens a text to n bytes at most, between characters.
func CutText(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && text[n]&0xc0 == 0x80 {
		n--
	}
	return text[:n]
}

// plainSpaces undoes the no-break spaces that the protobuf library puts into its errors at random.
func plainSpaces(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }

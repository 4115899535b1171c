package call

import (
	"encoding/base64"
	"strings"
)

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// decodeBase64 reads standard base64, padded or not, with the errors of Rust's base64 crate.
func decodeBase64(text string) ([]byte, error) {
	if n := len(text); n%4 == 1 {
		if last := text[n-1]; last != '=' && !isBase64(last) {
			return nil, invalidByte(text, n-1)
		}
		return nil, wording("Encoded text cannot have a 6-bit remainder.")
	}
	digits := strings.TrimRight(text, "=")
	for i := range len(digits) {
		if !isBase64(digits[i]) {
			return nil, invalidByte(text, i)
		}
	}
	padding, rest := len(text)-len(digits), len(digits)%4
	if padding > 0 && (rest < 2 || rest+padding > 4) {
		return nil, invalidByte(text, len(digits))
	}
	decoded, err := base64.RawStdEncoding.Strict().DecodeString(digits)
	if err != nil {
		last := len(digits) - 1
		return nil, wording("Invalid last symbol %d, offset %d.", digits[last], last)
	}
	return decoded, nil
}

func isBase64(c byte) bool { return strings.IndexByte(base64Alphabet, c) >= 0 }

func invalidByte(text string, at int) error {
	return wording("Invalid byte %d, offset %d.", text[at], at)
}

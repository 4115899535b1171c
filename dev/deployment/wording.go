package deployment

import (
	"fmt"
	"strings"
)

// wording is an error in Convex's own words, which clients and people look for.
func wording(format string, args ...any) error { return fmt.Errorf(format, args...) }

// mebibytes writes a size as error texts have it: `1.50 MiB`.
func mebibytes(size int) string {
	return strings.TrimSuffix(fmt.Sprintf("%.2f", float64(size)/(1<<20)), ".00") + " MiB"
}

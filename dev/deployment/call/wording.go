package call

import "fmt"

// wording makes an error with a text of Convex's, which clients and people search for.
func wording(format string, args ...any) error { return fmt.Errorf(format, args...) }

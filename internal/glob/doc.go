// Package glob matches texts with patterns in which * matches any text.
package glob

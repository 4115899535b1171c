package model

import (
	"strconv"
	"strings"
	"unicode"
)

// words splits a name of Convex's into words in small letters: _creationTime has creation and time. What is no letter or digit
// separates words.
func words(name string) (split []string) {
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			split = append(split, word.String())
			word.Reset()
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case r >= unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			end()
		}
		word.WriteRune(unicode.ToLower(r))
	}
	end()
	return split
}

// snake returns a name in lower_snake, for a thing that is called as other says if nothing is left of the name.
func snake(name, other string) string {
	s := strings.Join(words(name), "_")
	switch {
	case s == "":
		return other
	case s[0] >= '0' && s[0] <= '9':
		return other + "_" + s
	}
	return s
}

// camel returns a name in UpperCamel, as snake does.
func camel(name, other string) string {
	var b strings.Builder
	for _, word := range words(snake(name, other)) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// DefaultJSON returns the JSON name that a field has by its name alone.
func DefaultJSON(name string) string {
	var b strings.Builder
	upper := false
	for _, r := range name {
		switch {
		case r == '_':
			upper = true
		case upper:
			upper = false
			b.WriteRune(unicode.ToUpper(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// names are those of one scope that are taken.
type names map[string]bool

// free returns the first of name, name2, name3 … that is free; separator is before the number.
func (n names) free(name, separator string, isFree func(string) bool) string {
	for candidate, i := name, 2; ; i++ {
		if !n[candidate] && (isFree == nil || isFree(candidate)) {
			return candidate
		}
		candidate = name + separator + strconv.Itoa(i)
	}
}

// fieldNames are those of a message. Two collide if their default JSON names do, and if one is the JSON name of a field that is there.
type fieldNames struct{ taken names }

// take takes the name of a field that is there.
func (n fieldNames) take(f *Field) {
	n.add(f.Name)
	n.taken["json "+f.JSON] = true
}

func (n fieldNames) add(name string) { n.taken[name], n.taken["json "+DefaultJSON(name)] = true, true }

// allocate takes a name for a new field.
func (n fieldNames) allocate(name string) string {
	free := n.taken.free(name, "_", func(candidate string) bool {
		return !n.taken["json "+candidate] && !n.taken["json "+DefaultJSON(candidate)]
	})
	n.add(free)
	return free
}

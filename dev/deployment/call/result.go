package call

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"convexgateway/dev/deployment/serde"
)

// CheckResult checks the values that a function returns: the rules of package convex, with the deployment's texts. thrown is the
// message of an error that the function throws while its result is written.
func CheckResult(value any) (thrown string, err error) {
	c := resultChecker{}
	_, err = c.check(value)
	return c.thrown, err
}

type resultChecker struct{ thrown string }

func (c *resultChecker) check(value any) (nesting int, err error) {
	switch value := value.(type) {
	case nil, bool, int64, float64, string, []byte:
		return 0, nil
	case []any:
		for _, element := range value {
			inner, err := c.check(element)
			if err != nil {
				return 0, err
			}
			nesting = max(nesting, inner)
		}
		if len(value) > maxArray {
			return 0, wording("Array length is too long (%d > maximum length %d)", len(value), maxArray)
		}
		return nesting + 1, checkNesting(nesting + 1)
	case map[string]any:
		return c.checkObject(value)
	default:
		return 0, fmt.Errorf("%T is not a Convex value", value)
	}
}

func (c *resultChecker) checkObject(object map[string]any) (nesting int, err error) {
	for name, field := range object {
		if c.thrown == "" {
			c.thrown = thrownForName(name)
		}
		inner, err := c.check(field)
		if err != nil {
			return 0, err
		}
		nesting = max(nesting, inner)
	}
	if len(object) > maxFields {
		return 0, wording("Object has too many fields (%d > maximum number %d)", len(object), maxFields)
	}
	return nesting + 1, checkNesting(nesting + 1)
}

// thrownForName is the error of JavaScript for a field's name: get-convex/convex-js src/values/value.ts.
func thrownForName(name string) string {
	err := CheckFieldName(name)
	switch {
	case err == nil:
		return ""
	case len(name) > maxFieldName:
		return fmt.Sprintf("Field name %s exceeds maximum field name length %d.", name, maxFieldName)
	case name[0] == '$':
		return fmt.Sprintf("Field name %s starts with a '$', which is reserved.", name)
	default:
		return err.Error()
	}
}

// CheckText returns the error of reading a result that is a text with a lone surrogate: in Go, three bytes that are not UTF-8.
func CheckText(result any) error {
	text, ok := result.(string)
	if !ok || utf8.ValidString(text) {
		return nil
	}
	var written strings.Builder
	for text != "" {
		r, n := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && n == 1 && len(text) >= 3 {
			fmt.Fprintf(&written, `\u%04x`, rune(text[0]&0x0f)<<12|rune(text[1]&0x3f)<<6|rune(text[2]&0x3f))
			n = 3
		} else {
			char, _ := json.Marshal(text[:n])
			written.Write(char[1 : len(char)-1])
		}
		text = text[n:]
	}
	_, err := serde.Parse([]byte(`"` + written.String() + `"`))
	return err
}

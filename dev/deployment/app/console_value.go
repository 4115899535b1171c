package app

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"convexgateway/convex/jsonscan"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
)

// maxShownDepth is that of containers; deeper ones are shown by their kind.
const maxShownDepth = 4

// inspector shows values as the deployment's console.log does.
type inspector struct{ order call.KeyOrder }

// show writes a value whose container has that depth.
func (i inspector) show(value any, depth int) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case store.Undefined:
		return "undefined"
	case string:
		return quoted(value)
	case int64:
		return strconv.FormatInt(value, 10) + "n"
	case float64:
		return shownNumber(value)
	case []byte:
		return "ArrayBuffer [ArrayBuffer] {}"
	case []any:
		return i.showArray(value, depth)
	case map[string]any:
		return i.showObject(value, depth)
	default:
		return fmt.Sprint(value)
	}
}

func shownNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strings.Replace(strconv.FormatFloat(f, 'f', -1, 64), "Inf", "Infinity", 1), "+")
	case f == 0 && math.Signbit(f):
		return "-0"
	default:
		return string(jsonscan.AppendNumber(nil, f))
	}
}

func (i inspector) showArray(list []any, depth int) string {
	switch {
	case len(list) == 0:
		return "[]"
	case depth > maxShownDepth:
		return "[Array]"
	}
	shown := make([]string, len(list))
	lines := false
	for n, element := range list {
		shown[n] = i.show(element, depth+1)
		lines = lines || strings.Contains(shown[n], "\n")
	}
	if !lines {
		return "[ " + strings.Join(shown, ", ") + " ]"
	}
	return block("[", shown, "]", depth)
}

func (i inspector) showObject(object map[string]any, depth int) string {
	switch {
	case len(object) == 0:
		return "{}"
	case depth > maxShownDepth:
		return "[Object]"
	}
	shown := make([]string, 0, len(object))
	for _, name := range i.order.Keys(object) {
		shown = append(shown, shownName(name)+": "+i.show(object[name], depth+1))
	}
	return block("{", shown, "}", depth)
}

func block(open string, lines []string, end string, depth int) string {
	indent := "\n" + strings.Repeat("  ", depth)
	return open + indent + "  " + strings.Join(lines, ","+indent+"  ") + indent + end
}

var bareName = regexp.MustCompile(`^([A-Za-z_$][A-Za-z0-9_$]*|\d+)$`)

func shownName(name string) string {
	if bareName.MatchString(name) {
		return name
	}
	return quoted(name)
}

func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range text {
		switch {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + string(r))
		case strings.ContainsRune("\b\f\n\r\t", r):
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		case r < ' ':
			fmt.Fprintf(&b, `\x%02X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

package call

import (
	"iter"
	"net/netip"
	"slices"
	"strings"
)

// Lists of addresses in headers are read from their end: what a proxy has appended is then read the same whatever its client has
// sent before, an open quotation mark included.

// backwards returns the hops of a list that may be in several headers, the last first. Empty elements do not count (RFC 9110,
// 5.6.1). A hop that cannot be read is the zero address.
func backwards(values []string, parse func(string) netip.Addr) iter.Seq[netip.Addr] {
	return func(yield func(netip.Addr) bool) {
		for _, value := range slices.Backward(values) {
			for rest, more := value, true; more; {
				var element string
				rest, element, more = cutLast(rest, ',')
				if element = strings.TrimSpace(element); element != "" && !yield(parse(element)) {
					return
				}
			}
		}
	}
}

// isEmpty reports whether a list has no elements.
func isEmpty(values []string) bool {
	return !slices.ContainsFunc(values, func(value string) bool { return strings.Trim(value, ", \t") != "" })
}

// cutLast cuts a text at its last separator outside of quotation marks. Without one, last is the whole text.
func cutLast(text string, separator byte) (before, last string, found bool) {
	quoted := false
	for i := len(text) - 1; i >= 0; i-- {
		switch {
		case text[i] == '"' && !isEscaped(text[:i]):
			quoted = !quoted
		case text[i] == separator && !quoted:
			return text[:i], text[i+1:], true
		}
	}
	return "", text, false
}

// isEscaped reports whether a text ends with a backslash that escapes what follows.
func isEscaped(text string) bool {
	return (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1
}

// parseForwarded returns the address of the parameter for in an element of Forwarded (RFC 7239, 4).
func parseForwarded(element string) (hop netip.Addr) {
	found := false
	for rest, more := element, true; more; {
		var parameter string
		rest, parameter, more = cutLast(rest, ';')
		name, value, _ := strings.Cut(parameter, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "for") {
			continue
		}
		if found {
			return netip.Addr{}
		}
		hop, found = parseHop(strings.TrimSpace(value)), true
	}
	return hop
}

// parseHop parses an address as proxies write it: with a port or without, IPv6 in brackets or without, in quotation marks or
// without.
func parseHop(text string) netip.Addr {
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		text = text[1 : len(text)-1]
	}
	host, port := text, ""
	if inner, bracketed := strings.CutPrefix(text, "["); bracketed {
		host, port, _ = strings.Cut(inner, "]")
	} else if strings.Count(text, ":") == 1 {
		host, port, _ = strings.Cut(text, ":")
		port = ":" + port
	}
	address, err := netip.ParseAddr(host)
	if err != nil || port != "" && port[0] != ':' {
		return netip.Addr{}
	}
	return address.WithZone("").Unmap()
}

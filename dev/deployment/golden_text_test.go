package deployment_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// placeholder is a part of a recorded text, in place of one that differs at each replay; see testdata/golden/README.md.
var placeholder = regexp.MustCompile(`<(repeat:\d+:[^>]*|(?:id|ts|time|uuid|uploadToken|cursor|journal):\d+|token:\w+|rid|serverTs|skew|len|` +
	`number|anyTs|any|issuer|deadIssuer|host|site|adminKey:q|adminKey|adminSecret|stack)>`)

// classes are the texts that placeholders of each kind match.
var classes = map[string]*regexp.Regexp{
	"id":          regexp.MustCompile(`^[0-9a-z]{31,37}`),
	"ts":          regexp.MustCompile(`^[A-Za-z0-9+/]{11}=`),
	"anyTs":       regexp.MustCompile(`^[A-Za-z0-9+/]{11}=`),
	"time":        regexp.MustCompile(`^\d+(?:\.\d+)?`),
	"uuid":        regexp.MustCompile(`^[^"]+`),
	"uploadToken": regexp.MustCompile(`^[^"]+`),
	"cursor":      regexp.MustCompile(`^[^"]+`),
	"journal":     regexp.MustCompile(`^[^"]+`),
	"rid":         regexp.MustCompile(`^[0-9a-f]{16}`),
	"serverTs":    regexp.MustCompile(`^\d+`),
	"skew":        regexp.MustCompile(`^-?\d+`),
	"len":         regexp.MustCompile(`^\d+`),
	"number":      regexp.MustCompile(`^-?\d+(?:\.\d+)?`),
	"any":         regexp.MustCompile(`^[^\]]*`),
	"stack":       regexp.MustCompile(`^(?:    at [^\\]*\\n)+`),
}

// equalTexts are the kinds whose equal numbers are equal texts within a case.
var equalTexts = map[string]bool{"id": true, "ts": true, "time": true, "uuid": true, "uploadToken": true}

// bindings are the texts of placeholders in a case.
type bindings map[string]string

// fill puts in what was bound.
func (b bindings) fill(recorded string) string {
	return placeholder.ReplaceAllStringFunc(recorded, func(name string) string {
		name = name[1 : len(name)-1]
		if text, ok := b.constant(name); ok {
			return text
		}
		return "<unbound " + name + ">"
	})
}

// constant is the text of a placeholder that has only one.
func (b bindings) constant(name string) (string, bool) {
	if repeat, ok := strings.CutPrefix(name, "repeat:"); ok {
		count, unit, _ := strings.Cut(repeat, ":")
		n, _ := strconv.Atoi(count)
		return strings.Repeat(unit, n), true
	}
	if name == "adminKey:q" {
		return url.QueryEscape(b["adminKey"]), true
	}
	text, ok := b[name]
	return text, ok
}

// match fails if the text is not the recorded one with other texts for its placeholders. It binds those that are new.
func (b bindings) match(recorded, text string) error {
	rest, at := text, 0
	for _, found := range placeholder.FindAllStringSubmatchIndex(recorded, -1) {
		var ok bool
		if rest, ok = strings.CutPrefix(rest, recorded[at:found[0]]); !ok {
			return differs(recorded[at:], rest)
		}
		name := recorded[found[2]:found[3]]
		at = found[1]
		matched, ok := b.matchOne(name, rest)
		if !ok {
			return differs(recorded[found[0]:], rest)
		}
		rest = rest[len(matched):]
	}
	if rest != recorded[at:] {
		return differs(recorded[at:], rest)
	}
	return nil
}

// matchOne matches the beginning of a text with one placeholder.
func (b bindings) matchOne(name, text string) (matched string, ok bool) {
	kind, _, numbered := strings.Cut(name, ":")
	constant, isBound := b.constant(name)
	if isBound && (equalTexts[kind] || classes[kind] == nil) {
		return constant, strings.HasPrefix(text, constant)
	}
	matched = classes[kind].FindString(text)
	if numbered && !isBound {
		b[name] = matched
	}
	return matched, matched != ""
}

func differs(recorded, text string) error {
	for recorded != "" && text != "" && recorded[0] == text[0] && recorded[0] != '<' {
		recorded, text = recorded[1:], text[1:]
	}
	return fmt.Errorf("from here on: recorded\n\t%.400s\nreplayed\n\t%.400s", recorded, text)
}

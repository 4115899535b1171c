package main

import (
	"fmt"
	"net/http"
	"strings"
)

// httpRule is the part of a google.api.HttpRule that the gateway uses.
type httpRule struct {
	Selector string     `yaml:"selector"`
	Get      string     `yaml:"get"`
	Post     string     `yaml:"post"`
	Body     string     `yaml:"body"`
	More     []httpRule `yaml:"additional_bindings"`
}

// binding is one way to call an RPC over HTTP.
type binding struct {
	method, path string
	body         bool // the request is the body, not the query
}

// readRules reads the bindings of each RPC, by its full name.
func readRules(path string) (map[string][]binding, error) {
	var service struct {
		HTTP struct {
			Rules []httpRule `yaml:"rules"`
		} `yaml:"http"`
	}
	if err := readYAML(path, &service); err != nil {
		return nil, err
	}
	rules := map[string][]binding{}
	for _, rule := range service.HTTP.Rules {
		for _, r := range append([]httpRule{rule}, rule.More...) {
			b := binding{http.MethodGet, r.Get, false}
			if r.Post != "" {
				b = binding{http.MethodPost, r.Post, r.Body == "*"}
			}
			if b.path == "" || strings.Contains(b.path, "{") || b.body != (b.method == http.MethodPost) {
				return nil, fmt.Errorf("%s: rule of %s: only get, and post with body \"*\", without variables, are supported", path, rule.Selector)
			}
			rules[rule.Selector] = append(rules[rule.Selector], b)
		}
	}
	return rules, nil
}

package openapi

import (
	_ "embed" // the document
	"encoding/json"
	"slices"
	"strings"
)

// Document is OpenAPI 3.1 as JSON.
//
//go:embed openapi.json
var Document []byte

// RPCRoutes returns the HTTP methods of each route of an RPC, by path. The document has them from http.yaml.
func RPCRoutes() (map[string][]string, error) {
	var document struct {
		Paths map[string]map[string]struct {
			Tags []string `json:"tags"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(Document, &document); err != nil {
		return nil, err
	}
	routes := map[string][]string{}
	for path, operations := range document.Paths {
		for method, operation := range operations {
			if !slices.Contains(operation.Tags, "Gateway") {
				routes[path] = append(routes[path], strings.ToUpper(method))
			}
		}
	}
	return routes, nil
}

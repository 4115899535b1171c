package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/types/pluginpb"
)

func main() {
	var flags flag.FlagSet
	rulesPath := flags.String("rules", "", "google.api.Service with the HTTP rules, in YAML")
	overlayPath := flags.String("overlay", "", "what is merged into the generated document, in YAML")
	protogen.Options{ParamFunc: flags.Set}.Run(func(plugin *protogen.Plugin) error {
		plugin.SupportedFeatures = uint64(pluginpb.CodeGeneratorResponse_FEATURE_PROTO3_OPTIONAL)
		rules, err := readRules(*rulesPath)
		if err != nil {
			return err
		}
		var overlay object
		if err := readYAML(*overlayPath, &overlay); err != nil {
			return err
		}
		d := &document{rules: rules, paths: object{}, schemas: object{}}
		if err := d.addRPCs(plugin); err != nil {
			return err
		}
		merged, err := merge(object{"paths": d.paths, "components": object{"schemas": d.schemas}}, overlay, "")
		if err != nil {
			return err
		}
		text, err := encode(merged)
		if err != nil {
			return err
		}
		_, err = plugin.NewGeneratedFile("openapi.json", "").Write(text)
		return err
	})
}

// object is a JSON object.
type object = map[string]any

// merge returns base with overlay merged into it: objects are merged, lists appended, other values replaced.
func merge(base, overlay any, at string) (any, error) {
	switch over := overlay.(type) {
	case object:
		under, ok := base.(object)
		if !ok {
			return nil, fmt.Errorf("overlay: %s is no object", at)
		}
		for name, value := range over {
			if _, found := under[name]; !found {
				under[name] = value
				continue
			}
			merged, err := merge(under[name], value, at+"/"+name)
			if err != nil {
				return nil, err
			}
			under[name] = merged
		}
		return under, nil
	case []any:
		under, ok := base.([]any)
		if !ok {
			return nil, fmt.Errorf("overlay: %s is no list", at)
		}
		return append(under, over...), nil
	}
	return overlay, nil
}

// encode returns the document in readable form: sorted keys, one a line.
func encode(document any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(document)
	return b.Bytes(), err
}

func readYAML(path string, to any) error {
	text, err := os.ReadFile(path) //nolint:gosec // named by buf.gen.yaml
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(text, to); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

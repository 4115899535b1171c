package main

import (
	"fmt"
	"net/http"
	"strings"

	"google.golang.org/protobuf/compiler/protogen"
)

// document is the part of the OpenAPI document that is generated from the protos.
type document struct {
	rules   map[string][]binding
	paths   object
	schemas object
}

// addRPCs adds all RPCs but those whose clients stream, which HTTP cannot. One of the others without an HTTP rule is an error.
func (d *document) addRPCs(plugin *protogen.Plugin) error {
	for _, file := range plugin.Files {
		if !file.Generate {
			continue
		}
		for _, service := range file.Services {
			for _, rpc := range service.Methods {
				if rpc.Desc.IsStreamingClient() {
					continue
				}
				if err := d.addRPC(service, rpc); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (d *document) addRPC(service *protogen.Service, rpc *protogen.Method) error {
	bindings := d.rules[string(rpc.Desc.FullName())]
	if len(bindings) == 0 {
		return fmt.Errorf("%s has no HTTP rule", rpc.Desc.FullName())
	}
	if err := d.addMessage(rpc.Input, true); err != nil {
		return err
	}
	if err := d.addMessage(rpc.Output, false); err != nil {
		return err
	}
	for _, b := range bindings {
		operation, err := d.operation(service, rpc, b)
		if err != nil {
			return err
		}
		methods, ok := d.paths[b.path].(object)
		if !ok {
			methods = object{}
			d.paths[b.path] = methods
		}
		methods[strings.ToLower(b.method)] = operation
	}
	return nil
}

func (d *document) operation(service *protogen.Service, rpc *protogen.Method, b binding) (object, error) {
	id := string(rpc.Desc.Name())
	if b.method == http.MethodGet && len(d.rules[string(rpc.Desc.FullName())]) > 1 {
		id += "ByGet"
	}
	text := paragraphs(rpc.Comments.Leading)
	operation := object{
		"operationId": id, "tags": []any{string(service.Desc.Name())}, "summary": strings.TrimSuffix(text[0], "."),
		"description": strings.Join(text[1:], "\n\n"), "responses": responses(rpc, b),
	}
	parameters := []any{object{"$ref": "#/components/parameters/RequestId"}, object{"$ref": "#/components/parameters/Timeout"}}
	if b.body {
		operation["requestBody"] = object{"required": true, "content": inJSON(reference(string(rpc.Input.Desc.Name())))}
	} else {
		fields, err := d.queryParameters(rpc.Input)
		if err != nil {
			return nil, err
		}
		parameters = append(parameters, fields...)
	}
	operation["parameters"] = parameters
	return operation, nil
}

// queryParameters returns the fields of a request as parameters; objects are in JSON.
func (d *document) queryParameters(m *protogen.Message) (parameters []any, err error) {
	for _, field := range m.Fields {
		if field.Desc.Name() == "refresh_key" { // a secret, which is in no URL
			continue
		}
		schema, err := d.field(field, true)
		if err != nil {
			return nil, err
		}
		parameter := object{"name": field.Desc.JSONName(), "in": "query", "description": schema["description"]}
		delete(schema, "description")
		if isDuration(field) {
			schema["pattern"] = durationInURL
		}
		if required(field) {
			parameter["required"] = true
		}
		if schema["type"] == "object" {
			parameter["content"] = inJSON(schema)
		} else {
			parameter["schema"] = schema
		}
		parameters = append(parameters, parameter)
	}
	return parameters, nil
}

// durationInURL is the pattern of a duration as a parameter, where 0 needs no unit.
const durationInURL = `^(0|-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?s)$`

func isDuration(f *protogen.Field) bool {
	return f.Message != nil && f.Message.Desc.FullName() == "google.protobuf.Duration"
}

// responses returns the responses of an RPC over this binding. Bodies of errors are in the overlay.
func responses(rpc *protogen.Method, b binding) object {
	all := object{"200": success(rpc, b)}
	for status, name := range map[string]string{
		"400": "BadRequest", "401": "Unauthenticated", "403": "PermissionDenied", "429": "TooMany", "500": "Failed",
		"503": "Unavailable", "504": "TooLate",
	} {
		all[status] = response(name)
	}
	if b.body {
		all["408"], all["413"], all["415"] = response("RequestTimeout"), response("TooLarge"), response("UnsupportedMediaType")
	}
	if rpc.Input.Desc.Fields().ByName("path") != nil { // runs a function
		all["404"], all["409"] = response("NotFound"), response("AlreadyExists")
	}
	return all
}

func success(rpc *protogen.Method, b binding) object {
	output := string(rpc.Output.Desc.Name())
	headers := object{"X-Request-Id": object{"$ref": "#/components/headers/RequestId"}}
	if rpc.Desc.IsStreamingServer() {
		return object{"description": strings.TrimSuffix(description(rpc.Output.Comments.Leading), "."), "headers": headers, "content": object{
			"text/event-stream": object{"schema": object{
				"type": "string", "description": "Server-sent events. The data of each but `status` is a " + output + ", that of `status` a Status.",
			}},
			"application/x-ndjson": object{"schema": object{
				"type": "string", "description": "Lines of JSON: `{\"result\": …}` with a " + output + ", or at the end `{\"error\": …}` with a Status.",
			}},
		}}
	}
	if b.method == http.MethodGet {
		headers["ETag"] = object{"$ref": "#/components/headers/ETag"}
	}
	return object{"description": strings.TrimSuffix(description(rpc.Output.Comments.Leading), "."), "headers": headers, "content": inJSON(reference(output))}
}

func response(name string) object { return object{"$ref": "#/components/responses/" + name} }

func inJSON(schema object) object { return object{"application/json": object{"schema": schema}} }

package functions

import (
	"maps"
	"slices"

	"convexgateway/convex"
	"convexgateway/convex/spec"
)

// operations returns the operations of a function's route, by method.
func (d *document) operations(f *spec.Function, module string) object {
	switch f.Kind {
	case convex.Mutation:
		return object{"post": d.post(f, module, "/v1/mutate", "MutateResponse")}
	case convex.Action:
		return object{"post": d.post(f, module, "/v1/action", "ActionResponse")}
	}
	post := d.post(f, module, "/v1/query", "QueryResponse")
	post["parameters"] = d.besideBody()
	d.addEvents(post)
	return object{"post": post, "get": d.get(f, module)}
}

// generic returns a copy of an operation of a generic route, as one of a function.
func (d *document) generic(f *spec.Function, module, route, method, id, response string) object {
	operation := clone(d.base["paths"].(object)[route].(object)[method]).(object)
	operation["operationId"] = d.id(id)
	operation["summary"] = f.Path.String() + ", " + f.Kind.String()
	operation["tags"] = []any{module}
	media := operation["responses"].(object)["200"].(object)["content"].(object)["application/json"].(object)
	delete(media, "examples")
	media["schema"] = d.response(response, f.Returns)
	return operation
}

func (d *document) post(f *spec.Function, module, route, response string) object {
	operation := d.generic(f, module, route, "post", f.Path.Module()+"_"+f.Name(), response)
	operation["requestBody"] = object{
		"content":  object{"application/json": object{"schema": arguments(f.Args)}},
		"required": needsArguments(f.Args),
	}
	return operation
}

// get returns the GET of a query: with its arguments as a parameter, and with those of a stream.
func (d *document) get(f *spec.Function, module string) object {
	operation := d.generic(f, module, "/v1/query", "get", f.Path.Module()+"_"+f.Name()+"_get", "QueryResponse")
	args := object{
		"name": "args", "in": "query", "required": needsArguments(f.Args), "description": "The function's arguments.",
		"content": object{"application/json": object{"schema": arguments(f.Args)}},
	}
	operation["parameters"] = append([]any{args}, d.parameters()...)
	d.addEvents(operation)
	return operation
}

// ownParameters are those of generic routes that a function's own has not, or has in another form.
var ownParameters = []string{"path", "args", "argsJson", "valueFormat"}

// parameters returns those of GET for values and for streams.
func (d *document) parameters() (list []any) {
	seen := map[string]bool{}
	for _, route := range []string{"/v1/query", "/v1/subscribe"} {
		for _, p := range d.base["paths"].(object)[route].(object)["get"].(object)["parameters"].([]any) {
			name, _ := p.(object)["name"].(string)
			if name == "" {
				name, _ = p.(object)["$ref"].(string)
			}
			if seen[name] || slices.Contains(ownParameters, name) {
				continue
			}
			seen[name] = true
			if p = clone(p); route == "/v1/subscribe" && p.(object)["description"] != nil {
				p.(object)["description"] = "Of a stream only. " + p.(object)["description"].(string)
			}
			list = append(list, p)
		}
	}
	return list
}

// besideBody returns the parameters of a query's POST, whose body has no room for them: those of GET for values.
func (d *document) besideBody() (list []any) {
	for _, p := range d.base["paths"].(object)["/v1/query"].(object)["get"].(object)["parameters"].([]any) {
		if name, _ := p.(object)["name"].(string); name != "" && !slices.Contains(ownParameters, name) {
			list = append(list, clone(p))
		}
	}
	return list
}

// addEvents adds the stream that the same operation is with `Accept: text/event-stream`.
func (d *document) addEvents(operation object) {
	const events = "text/event-stream"
	stream := d.base["paths"].(object)["/v1/subscribe"].(object)["post"].(object)
	responses := operation["responses"].(object)
	media := clone(stream["responses"].(object)["200"].(object)["content"].(object)[events]).(object)
	delete(media, "examples")
	responses["200"].(object)["content"].(object)[events] = media
	for status, response := range stream["responses"].(object) {
		if responses[status] == nil {
			responses[status] = clone(response)
		}
	}
	operation["description"] = operation["description"].(string) +
		"\n\nWith `Accept: text/event-stream` the query is followed: its results are events, as of /v1/subscribe."
}

// response returns the schema of a generic response with a function's result as its value.
func (d *document) response(name string, returns spec.Validator) object {
	response := clone(d.base["components"].(object)["schemas"].(object)[name]).(object)
	properties := response["properties"].(object)
	delete(properties, "valueJson")
	properties["value"] = object{"description": "What the function returns. It declares no result."}
	if returns != nil {
		properties["value"] = schema(returns)
	}
	response["required"] = []any{"value"}
	return response
}

// clone returns a deep copy of a JSON value.
func clone(value any) any {
	switch value := value.(type) {
	case object:
		copied := maps.Clone(value)
		for name, member := range copied {
			copied[name] = clone(member)
		}
		return copied
	case []any:
		copied := slices.Clone(value)
		for i, element := range copied {
			copied[i] = clone(element)
		}
		return copied
	}
	return value
}

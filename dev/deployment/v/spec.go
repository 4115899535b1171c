package v

// Spec is a validator as data: a Convex value of the form that Convex's function-spec command prints, whose type names are
// historical: number is Float64, bigint is Int64 (get-convex/convex-backend crates/common/src/schemas/json.rs).
func Spec(validator Validator) map[string]any { return validator.spec() }

func (s scalar) spec() map[string]any { return map[string]any{"type": s.kind} }

func (t id) spec() map[string]any { return map[string]any{"type": "id", "tableName": string(t)} }

func (l literal) spec() map[string]any { return map[string]any{"type": "literal", "value": l.value} }

func (a array) spec() map[string]any {
	return map[string]any{"type": "array", "value": a.element.spec()}
}

func (o object) spec() map[string]any {
	fields := make(map[string]any, len(o))
	for _, f := range o {
		fields[f.name] = map[string]any{"fieldType": f.validator.spec(), "optional": f.optional}
	}
	return map[string]any{"type": "object", "value": fields}
}

func (r record) spec() map[string]any {
	return map[string]any{
		"type": "record", "keys": r.keys.spec(), "values": map[string]any{"fieldType": r.values.spec(), "optional": false},
	}
}

func (u union) spec() map[string]any {
	members := make([]any, len(u))
	for i, member := range u {
		members[i] = member.spec()
	}
	return map[string]any{"type": "union", "value": members}
}

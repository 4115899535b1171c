package jwktest

// Edit changes members of a JSON object; nil removes one.
type Edit map[string]any

// Apply changes m, and returns it.
func (e Edit) Apply(m map[string]any) map[string]any {
	for name, v := range e {
		if v == nil {
			delete(m, name)
		} else {
			m[name] = v
		}
	}
	return m
}

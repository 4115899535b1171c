package spec

import (
	"cmp"
	"iter"
	"slices"

	"convexgateway/convex"
)

// Spec is what an app can be called with. Parse makes it, sorted.
type Spec struct {
	Modules []Module     // by path; each has a function at least
	HTTP    []HTTPAction // by path, then method
}

// Module is one file of functions.
type Module struct {
	Path      string     // without .js, slashes between its segments: admin/users
	Functions []Function // by name
}

// Function is one function of an app.
type Function struct {
	Path       convex.Path
	Kind       convex.Kind
	Visibility Visibility
	Args       Validator // an Object; Any where the function declares none
	Returns    Validator // nil where the function declares none
}

// Name is the export's name: list, default.
func (f *Function) Name() string { return f.Path.Function() }

// Visibility is from where a function can be called.
type Visibility int

// Visibilities of functions.
const (
	Public   Visibility = iota // by every client
	Internal                   // by other functions of the app and by admins
)

func (v Visibility) String() string { return [...]string{"public", "internal"}[v] }

// HTTPAction is a route of the app's HTTP router.
type HTTPAction struct {
	Method string // GET, POST, …
	Path   string // begins with a slash; of a prefix route it ends in *
}

// Public returns a spec of what every client can call: the public functions, and all HTTP actions. Validators are shared.
func (s *Spec) Public() *Spec {
	public := &Spec{HTTP: s.HTTP}
	for _, module := range s.Modules {
		internal := func(f Function) bool { return f.Visibility != Public }
		if functions := slices.DeleteFunc(slices.Clone(module.Functions), internal); len(functions) > 0 {
			public.Modules = append(public.Modules, Module{Path: module.Path, Functions: functions})
		}
	}
	return public
}

// Find returns the function of a path, nil if there is none.
func (s *Spec) Find(path convex.Path) *Function {
	i, found := slices.BinarySearchFunc(s.Modules, path.Module(), func(m Module, path string) int { return cmp.Compare(m.Path, path) })
	if !found {
		return nil
	}
	functions := s.Modules[i].Functions
	i, found = slices.BinarySearchFunc(functions, path.Function(), func(f Function, name string) int { return cmp.Compare(f.Name(), name) })
	if !found {
		return nil
	}
	return &functions[i]
}

// All returns every function, in order. The pointers are into the spec.
func (s *Spec) All() iter.Seq[*Function] {
	return func(yield func(*Function) bool) {
		for _, module := range s.Modules {
			for i := range module.Functions {
				if !yield(&module.Functions[i]) {
					return
				}
			}
		}
	}
}

// newSpec sorts functions into modules. Of two with one path the first stays; warn is called with each other one.
func newSpec(functions []Function, actions []HTTPAction, warn func(Function)) *Spec {
	slices.SortStableFunc(functions, func(a, b Function) int {
		return cmp.Or(cmp.Compare(a.Path.Module(), b.Path.Module()), cmp.Compare(a.Name(), b.Name()))
	})
	s := &Spec{HTTP: actions}
	for i, f := range functions {
		if i > 0 && f.Path == functions[i-1].Path {
			warn(f)
			continue
		}
		if n := len(s.Modules); n == 0 || s.Modules[n-1].Path != f.Path.Module() {
			s.Modules = append(s.Modules, Module{Path: f.Path.Module()})
		}
		module := &s.Modules[len(s.Modules)-1]
		module.Functions = append(module.Functions, f)
	}
	slices.SortFunc(s.HTTP, func(a, b HTTPAction) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	s.HTTP = slices.Compact(s.HTTP)
	return s
}

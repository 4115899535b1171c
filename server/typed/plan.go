package typed

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"convexgateway/convex/jsonscan"
	"convexgateway/server/typed/model"
)

// plan is how the values of a message are in JSON and on the wire.
type plan struct {
	form     model.Form
	fields   []planField // by JSON name
	byName   map[string]int
	byNumber map[protowire.Number]int
	required []uint64 // bits of the fields that JSON must have

	// Of a union.
	byKind        [kinds]int // the member of a kind in JSON; -1: none
	discriminator string
	texts         map[string]int // members that are objects, by literals that are strings
	literals      map[string]int // the same by other literals, canonical
}

// planField is a field of a message.
type planField struct {
	name     string
	number   protowire.Number
	label    model.Label
	kind     model.Kind
	presence model.Presence
	plan     *plan // of a message of the contract
	member   bool
	gone     bool
}

// jsonKind is what kind of a value JSON shows.
type jsonKind int

const (
	nothing jsonKind = iota
	nullKind
	boolKind
	numberKind
	int64Kind
	stringKind
	bytesKind
	arrayKind
	objectKind
	kinds
)

// kindTexts are the names of kinds in errors.
var kindTexts = [kinds]string{"nothing", "null", "a boolean", "a number", "an int64", "a string", "bytes", "an array", "an object"}

// kindsOf are the kinds in JSON of scalars.
var kindsOf = map[model.Kind]jsonKind{
	model.Null: nullKind, model.Bool: boolKind, model.Double: numberKind, model.Int64: int64Kind, model.String: stringKind, model.Bytes: bytesKind,
}

// newPlan compiles the plan of a message. Fields of the gateway's own are left out.
func newPlan(m *model.Message) *plan {
	p := &plan{form: m.Form, byName: map[string]int{}, byNumber: map[protowire.Number]int{}, discriminator: m.Discriminator}
	for i := range p.byKind {
		p.byKind[i] = -1
	}
	fields := slices.Clone(m.Fields)
	slices.SortFunc(fields, func(x, y *model.Field) int { return cmp.Compare(x.JSON, y.JSON) })
	for i, f := range fields {
		p.add(i, f)
	}
	return p
}

func (p *plan) add(i int, f *model.Field) {
	pf := planField{name: f.JSON, number: protowire.Number(f.Number), label: f.Label, kind: f.Kind, presence: f.Presence, member: f.Member, gone: f.Gone}
	if f.Kind == model.OfMessage && !f.Gone {
		pf.plan = newPlan(f.Message)
	}
	p.fields = append(p.fields, pf)
	p.byNumber[pf.number] = i
	if i%64 == 0 {
		p.required = append(p.required, 0)
	}
	if f.Gone {
		return
	}
	p.byName[f.JSON] = i
	if f.Presence != model.Optional {
		p.required[i/64] |= 1 << (i % 64)
	}
	if p.form == model.Union {
		p.addMember(i, f)
	}
}

func (p *plan) addMember(i int, f *model.Field) {
	switch {
	case f.When != nil:
		p.byKind[objectKind] = i // or another one, by the discriminator
		p.addLiterals(i, f.When)
	case f.Kind != model.OfMessage:
		p.byKind[kindsOf[f.Kind]] = i
	case f.Message.Form == model.List:
		p.byKind[arrayKind] = i
	default:
		p.byKind[objectKind] = i
	}
}

func (p *plan) addLiterals(i int, when []string) {
	if p.texts == nil {
		p.texts, p.literals = map[string]int{}, map[string]int{}
	}
	for _, canonical := range when {
		p.literals[canonical] = i
		s := jsonscan.NewScanner([]byte(canonical))
		if text, err := s.Text(); err == nil {
			p.texts[string(text)] = i
		}
	}
}

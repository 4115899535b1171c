package rpc

import (
	"convexgateway/auth"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// watchedQuery is a checked WatchQuery.
type watchedQuery struct {
	target, group uint32
	anonymous     bool // it runs without the caller's identity
	inv           Invocation
	resume        resumeToken // without its journal
	journal       string      // empty: none
	notBefore     uint64      // as State.ReadTime; 0: none
	err           error       // why the target ends at once; nil if it does not
}

// queryParser checks the queries of one stream, in their order.
type queryParser struct {
	caller   *auth.Identity // nil: anonymous
	journals *journals
	format   Format
	check    CallChecker
	allow    func() error // counts a query as a call of the caller, or returns why there are too many
	last     uint32       // target
}

// parse checks a query. An error is one of the stream; what is wrong with the query alone is in the query.
func (p *queryParser) parse(q *gatewayv1.WatchQuery) (*watchedQuery, error) {
	if q.GetTarget() <= p.last {
		return nil, call.InvalidField("target", "must be greater than all before it on the stream, and not 0")
	}
	p.last = q.GetTarget()
	query := &watchedQuery{target: q.GetTarget(), group: q.GetGroup(), anonymous: q.GetAnonymous()}
	query.err = p.parseInto(query, q)
	return query, nil
}

func (p *queryParser) parseInto(query *watchedQuery, q *gatewayv1.WatchQuery) (err error) {
	if query.inv, err = ParseInvocation(formattedQuery{q, p.format}, false); err != nil {
		return err
	}
	query.inv.Format = p.format
	if query.resume, err = parseResumeToken(q.GetResumeToken()); err != nil {
		return err
	}
	if isPage(query.inv.Args) {
		query.inv.journals = p.journals
		query.journal = p.journals.open(query.resume.journal, query.inv)
	}
	query.resume.journal = ""
	if query.notBefore, err = parseTime("min_read_time", q.GetMinReadTime()); err != nil {
		return err
	}
	if err := p.allow(); err != nil {
		return err
	}
	return p.check.of(p.caller, convex.Query, query.inv)
}

// formattedQuery is a query as a [FunctionRequest]: the format is that of its stream.
type formattedQuery struct {
	*gatewayv1.WatchQuery
	format Format
}

func (q formattedQuery) GetValueFormat() gatewayv1.ValueFormat {
	if q.format == JSONFormat {
		return gatewayv1.ValueFormat_VALUE_FORMAT_JSON
	}
	return gatewayv1.ValueFormat_VALUE_FORMAT_STRUCT
}

// watchTarget is a target that has not ended.
type watchTarget struct {
	number uint32
	shown  bool // it has had an outcome
	of     *watchGroup
	inv    Invocation
	query  *watchedQuery // for its first outcome; nil when it has had that
}

// watchGroup is a group with targets, or with checkpoints that are not answered.
type watchGroup struct {
	number    uint32
	made      bool // by newGroup
	anonymous bool // its queries run without the caller's identity
	started   bool // something was sent
	complete  bool // that was sent last
	link      convexlive.LinkState
	read      uint64 // the read time that was sent last; 0: none
	targets   int
	asked     []uint64 // times of its checkpoints; 0 is the latest commit
}

// answered removes the checkpoints that a read time answers: those of times up to it, or, if there are none, the oldest, whose wait is over.
func (g *watchGroup) answered(read uint64) {
	var open []uint64
	for _, at := range g.asked {
		if at > read {
			open = append(open, at)
		}
	}
	if len(open) == len(g.asked) && len(open) > 0 {
		open = open[1:]
	}
	g.asked = open
}

func (g *watchGroup) empty() bool { return g.targets == 0 && len(g.asked) == 0 }

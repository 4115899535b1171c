package live

import (
	"errors"
	"math"
	"slices"

	"convexgateway/convex/live/protocol"
)

// ErrTooManyCheckpoints ends a set that has asked for more than it takes.
var ErrTooManyCheckpoints = errors.New("convex: too many checkpoints that were not taken")

// maxCheckpoints bounds those of a set that were not taken.
const maxCheckpoints = 1_000

// checkpoint is one that a group has not answered.
type checkpoint struct {
	until awaitedTime
	over  bool // it has waited for long enough
}

// newAwaited awaits a time; 0 is the latest commit.
func newAwaited(time uint64) *awaitedTime {
	if time == 0 {
		time = math.MaxUint64 // the deployment is asked for its time, and that is as good
	}
	return &awaitedTime{time: protocol.Timestamp(time)}
}

// checkpoint takes in a checkpoint of a group.
func (s *session) checkpoint(w *Set, number uint32, notBefore uint64) {
	if _, found := s.subscribers.sets[w]; !found {
		return
	}
	tooMany := false
	s.subscribers.updateSet(w, func() {
		w.checkpoints++
		tooMany = w.checkpoints > maxCheckpoints
	})
	if tooMany {
		s.endSet(w, ErrTooManyCheckpoints)
		return
	}
	g := w.group(number)
	if g == nil {
		g = s.newGroup(w, number)
		g.slot.linkIsNew = false
	}
	c := &checkpoint{until: *newAwaited(notBefore)}
	g.checkpoints = append(g.checkpoints, c)
	s.loop.postAfter(w.maxWait, func() {
		c.over = true
		s.subscribers.touch(g)
	})
	s.subscribers.touch(g)
}

// answerCheckpoints has those taken whose time is reached, or over. Where results are held back, those that were given hold at the time that
// was given with them.
func (g *group) answerCheckpoints(back bool) {
	g.checkpoints = slices.DeleteFunc(g.checkpoints, func(c *checkpoint) bool {
		switch reached := !back && g.at != nil && g.at.reached(c.until); {
		case len(g.targets) == 0:
		case !reached && !c.over:
			return false
		case !back:
			g.slot.readTime = uint64(g.at.machine.At())
		}
		g.slot.checkpoints++
		g.note()
		return true
	})
}

// awaited are the times that the group waits for.
func (g *group) awaited(yield func(*awaitedTime) bool) bool {
	if g.behind != nil && !yield(g.behind) {
		return false
	}
	for _, t := range g.targets {
		if t.held && !yield(&t.until) {
			return false
		}
	}
	for _, c := range g.checkpoints {
		if !yield(&c.until) {
			return false
		}
	}
	return true
}

// await notes whether the group waits for a time, and has the deployment asked for it.
func (s *session) await(g *group) {
	switch waits := len(g.targets) > 0 && g.waits(); {
	case waits:
		s.subscribers.awaiting[g] = struct{}{}
		g.awaiting = true
		g.at.askTime()
	case g.awaiting: // seldom: after nearly all events no group waits
		delete(s.subscribers.awaiting, g)
		g.awaiting = false
	}
}

func (g *group) waits() bool {
	none := g.awaited(func(*awaitedTime) bool { return false })
	return !none
}

package live

import (
	"log/slog"

	"convexgateway/internal/outage"
)

// outages are those of a client.
type outages struct {
	unreachable, refused *outage.Log
	unchecked            *outage.Log            // tokens that the deployment could not check
	behind               *outage.Log            // times of the deployment that have gone back
	ended                map[string]*outage.Log // by cause: one of LossCauses
	all                  []*outage.Log
}

func newOutages(logger *slog.Logger) *outages {
	o := &outages{ended: map[string]*outage.Log{}}
	log := func(level slog.Level, message string) *outage.Log {
		o.all = append(o.all, &outage.Log{Logger: logger, Level: level, Message: message})
		return o.all[len(o.all)-1]
	}
	o.unreachable = log(slog.LevelWarn, "cannot reach the deployment")
	o.refused = log(slog.LevelWarn, "the deployment refused a token")
	o.unchecked = log(slog.LevelWarn, "the deployment cannot reach the issuer of a token")
	o.behind = log(slog.LevelWarn, "the deployment's time is behind what it gave out before, as if older data had been put back; its times start over")
	for _, cause := range LossCauses {
		o.ended[cause] = log(slog.LevelInfo, "the socket to the deployment ended")
	}
	return o
}

func (o *outages) close() {
	for _, log := range o.all {
		log.Close()
	}
}

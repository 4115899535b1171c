package deployment

import (
	"time"

	"convexgateway/dev/deployment/call"
)

const Greeting = greeting

func (d *Deployment) Redacts() bool { return d.redacts() }

func (d *Deployment) Delayed() time.Duration { return (*d.faults.delay.Load())(call.Query) }

// DelayBy is Delay with a delay for each kind of function.
func (d *Deployment) DelayBy(kind func(call.Kind) time.Duration) { d.faults.delayBy(kind) }

package deployment

import "time"

const Greeting = greeting

func (d *Deployment) Redacts() bool { return d.redacts() }

func (d *Deployment) Delayed() time.Duration { return time.Duration(d.faults.delay.Load()) }

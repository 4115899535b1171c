package jws

import (
	"encoding/json"
	"errors"
	"math"
	"time"
)

// maxUnixSeconds is the end of the year 9999.
const maxUnixSeconds = 253402300799

// Time reads whole seconds since 1970.
func (o Object) Time(name string) (time.Time, error) {
	seconds, err := o.integer(name)
	if err == nil && (seconds < 0 || seconds > maxUnixSeconds) {
		err = errors.New(name + " is out of range")
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Unix(seconds, 0), nil
}

// NumericDate reads seconds since 1970 in any form of a JSON number, as the deployment does for tokens of OpenID Connect: what is
// no whole number of 64 bits is a float64 (ramosbugs/openidconnect-rs src/helpers.rs).
func (o Object) NumericDate(name string) (time.Time, error) {
	n, isNumber := o[name].(json.Number)
	if _, err := n.Int64(); err == nil || !isNumber {
		return o.Time(name)
	}
	seconds, err := n.Float64()
	if err != nil || seconds < 0 || seconds > maxUnixSeconds {
		return time.Time{}, errors.New(name + " is out of range")
	}
	whole := math.Floor(seconds)
	return time.Unix(int64(whole), int64((seconds-whole)*1e9)), nil
}

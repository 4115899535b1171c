package nats

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	// fingerprintsSubject is the last part of the subject of fingerprints. It is not that of notices, which older replicas read.
	fingerprintsSubject = "keys"
	// fingerprintInterval is how often a replica sends its fingerprints, besides at each connection.
	fingerprintInterval = time.Minute
	fingerprintSize     = 8
	maxFingerprintBytes = 1 << 10
	// maxDifferences bounds the log lines about different keys: anybody on the subject can send fingerprints.
	maxDifferences = 16
)

// fingerprints identify the keys of a replica, from which no key follows. They are sent as plain text, because replicas with
// different keys cannot read each other's notices.
type fingerprints struct {
	requestIDs []byte // of the secret of request ids; nil: there is none
	logged     map[string]bool

	mu      sync.Mutex
	cluster [][]byte // of the keys of notices: the first seals
}

// wireFingerprints is the form on the wire. A replica without a key leaves its fingerprint out.
type wireFingerprints struct {
	Version    int    `json:"v"`
	Cluster    []byte `json:"cluster,omitempty"` // of the key that seals
	RequestIDs []byte `json:"requestIds,omitempty"`
	Ask        bool   `json:"ask,omitempty"` // replicas whose fingerprints differ send them at once
}

func newFingerprints(keys [][]byte, requestIDs []byte) *fingerprints {
	f := &fingerprints{requestIDs: requestIDs, logged: map[string]bool{}}
	f.replace(keys)
	return f
}

// replace has the keys of notices be others.
func (f *fingerprints) replace(keys [][]byte) {
	var cluster [][]byte
	for _, key := range keys {
		hash := sha256.Sum256(append([]byte("convexgateway fingerprint of notices "), key...))
		cluster = append(cluster, hash[:fingerprintSize])
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cluster = cluster
}

// clusterKeys are those of the keys of notices.
func (f *fingerprints) clusterKeys() [][]byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cluster
}

// wire returns what other replicas compare.
func (f *fingerprints) wire() wireFingerprints {
	w := wireFingerprints{Version: version, RequestIDs: f.requestIDs}
	if cluster := f.clusterKeys(); len(cluster) > 0 {
		w.Cluster = cluster[0]
	}
	return w
}

// differences returns the flags whose keys differ from those of another replica.
func (f *fingerprints) differences(w wireFingerprints) (flags []string) {
	cluster := f.clusterKeys()
	opens := slices.ContainsFunc(cluster, func(own []byte) bool { return bytes.Equal(own, w.Cluster) })
	if !opens && len(cluster)+len(w.Cluster) > 0 {
		flags = append(flags, "--cluster-key")
	}
	if !bytes.Equal(f.requestIDs, w.RequestIDs) {
		flags = append(flags, "--request-id-key")
	}
	return flags
}

// isNew reports whether a difference has not been logged yet, and marks it.
func (f *fingerprints) isNew(w wireFingerprints) bool {
	difference := string(w.Cluster) + "/" + string(w.RequestIDs)
	if f.logged[difference] || len(f.logged) == maxDifferences {
		return false
	}
	f.logged[difference] = true
	return true
}

// compare logs a difference between this replica's keys and another's, once. A replica that asks gets this one's fingerprints, so
// that it logs the difference as well.
func (x *Exchange) compare(got *nats.Msg) {
	var w wireFingerprints
	if len(got.Data) > maxFingerprintBytes || json.Unmarshal(got.Data, &w) != nil || w.Version != version {
		return
	}
	flags := x.fingerprints.differences(w)
	if len(flags) > 0 && x.fingerprints.isNew(w) {
		x.logger.Warn("another replica has different keys, so that tickets and notices of one are refused by the other, and a mutation that is "+
			"sent again may run twice: give all replicas the same --cluster-key and --request-id-key", "differ", strings.Join(flags, ", "))
	}
	if len(flags) > 0 && w.Ask {
		select {
		case x.asked <- struct{}{}:
		default:
		}
	}
}

// sendFingerprints sends this replica's fingerprints to all others, and may ask for those that differ.
func (x *Exchange) sendFingerprints(ask bool) {
	w := x.fingerprints.wire()
	w.Ask = ask
	data, err := json.Marshal(w)
	if err == nil {
		err = x.conn.Publish(x.subject+"."+fingerprintsSubject, data)
	}
	if err != nil {
		x.logger.Debug("fingerprints are not sent now", "error", err)
	}
}

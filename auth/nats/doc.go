// Package nats passes notices between the replicas of a gateway over NATS.
//
// NATS core drops a message for which there is no subscriber at that moment. So each replica keeps its recent notices, sent
// and received: after a cut it sends its own again and asks the others for those that it missed, and a replica that starts
// asks for all. A notice is delivered once, however often it is sent.
//
// Glossary:
//
//	notice       a revocation, a refresh or a used ticket (see package lease)
//	message      what goes over NATS: a notice or a recall, with its id and sender
//	recall       a request for the notices since a time
//	cut          a time without a connection to NATS
//	fingerprint  a short hash of a key, by which replicas find out that their keys differ
//	all          the last part of the subject that all replicas subscribe to; each also has one of its own
package nats

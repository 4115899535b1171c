// Package lease keeps the credentials of open streams: a newer token extends the streams that it is meant for, a revocation
// ends the streams of its sign-in, here and on the other replicas.
//
// Glossary:
//
//	lease        the credential of one stream, from Open to Close
//	credential   what the streams of one sign-in and refresh key share: the newest token, its phase and one timer
//	sign-in      a session of Clerk's, or the tokens without a session id of one user
//	phase        live, token needed, silent or ended: what a stream may do at a point of its token's lifetime
//	silent       open, but no data may leave
//	grace        how long a stream stays open, silent, after its token's expiry
//	refresh      a client brings a newer token for the streams with its refresh key
//	refresh key  a client's random secret that its streams and its refreshes share; only its hash is kept
//	renewal      the gateway gets a newer token by itself, from a Minter
//	exchange     carries notices (refreshes, revocations, used tickets) between replicas
package lease

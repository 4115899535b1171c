// Package service gives backends, workers and jobs an identity of their own. A services file names them, by an API key, a certificate, or a
// token of the platform that they run on; the gateway itself signs the tokens with which the deployment sees them.
//
// Glossary:
//
//	service        a caller that is no user: the entry of that name in the services file
//	API key        cgk_ and a random secret; the file has its SHA-256 only
//	workload       a service that proves by a token of its platform what it is (Kubernetes, GitHub, GCP)
//	source         what a service has proved itself by: a key, the names of a certificate, or a workload token
//	grant          what an identity rests on: the source, the entry's rules, and the user that the service acts for
//	minted token   a JWT of at most 5 minutes that the gateway signs, for the deployment and nobody else
//	service issuer the iss of minted tokens; auth.config.ts of the deployment trusts its keys
package service

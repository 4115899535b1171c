// Package generate reads an app's function spec and writes what is made of it, as convexgateway generate does.
//
// Glossary:
//
//	source    where the spec comes from: a file, a gateway, a deployment
//	output    a file, or a folder with a manifest, that a run writes
//	manifest  the file of a folder that lists those which a run has written, so that the next one removes what is stale
package generate

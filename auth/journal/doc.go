// Package journal keeps revocations in a file, so that they survive a restart.
//
// Glossary:
//
//	journal     an exchange that keeps the revocations of this replica and of the others
//	compaction  rewrites the file without what has expired or was replaced
package journal

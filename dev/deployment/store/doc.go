// Package store is the database of a development deployment, in memory: documents in tables with indexes, files, transactions,
// snapshots of the last ten seconds, and the records of mutations already done. Texts of errors that functions see are Convex's.
//
// Glossary:
//
//	commit      the writes of one transaction, visible all at once, with a timestamp of its own
//	generation  the number of restarts; a transaction of an earlier generation cannot commit
//	index key   bytes that sort as Convex orders the values of an index
//	journal     where a query's page ended, so that the query returns the same range when it runs again
//	read set    the ranges of indexes that a transaction has read
//	record      the answer to a mutation, kept for requests that repeat it
//	snapshot    the database at one timestamp
//	timestamp   nanoseconds since 1970 on the commit clock, which never decreases
package store

// Package audit names callers in logs and spans, and writes audit lines: what an operator has to be able to show later of who signed in, who
// was refused, and what was changed. No level and no sampling leaves an audit line out.
//
// Glossary:
//
//	names    how subjects, sessions and actors are written: in full, as keyed hashes, or not at all
//	event    what an audit line is of
//	sign-in  a session of Clerk's, or the tokens without a session id of one user
//	actor    who acts for the user: the impersonating user or agent of a token
package audit

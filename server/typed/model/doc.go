// Package model is the shape of an app's typed gRPC contract: which packages, services, messages and fields the functions of a spec
// have, with their names and numbers. A lock, which is the contract's files as they are checked in, keeps those: see Build.
//
// Glossary:
//
//	place     where in a function a value is; messages are named by it: SendReplyTo, ListItem
//	slot      how the values of a validator are at a place: a type, a label, and what absence is
//	lock      names and numbers that are in use
//	gone      what is in the lock, and not in the app any more: it keeps its name and number
//	twin      the streaming method of a query
package model

// Package kotlin writes the Kotlin of an app's functions: an object Api of modules, whose functions make calls of clients/kotlin without a
// client, and the types of their arguments and results.
//
// Glossary:
//
//	module   an object, in a file of its own: its functions, and the types that are nested in it
//	place    where a value is: what its type is named by, and what the lock has there
//	codec    the expression that reads and writes values of a type: a com.convexgateway.client.types.ConvexType
//	lock     the contract's messages, whose numbers give the order of parameters and the literal field that decides on a union's members
//	wide     of an object: too many fields for the parameters of a constructor
//
// Names of types are those of Kotlin in full, and the one name that expressions need, Types, is imported under one that the app does not use:
// so whatever an app's functions and fields are named, nothing is shadowed.
package kotlin

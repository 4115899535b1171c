// Package contract holds an app's typed contract as the folder of --api has it: its functions, their kinds, and the validators of
// their arguments, by which calls are checked before they reach the deployment. The folder is read again when it changes.
//
// Glossary:
//
//	contract  the files of an app, and what they say at the moment
//	API       what one reading of the files has found; it does not change
//	strict    functions that the files do not have are no functions
package contract

// Package jwktest makes the JSON objects of tests of keys and tokens: keys as their issuers publish them, and changes of members.
package jwktest

package com.convexgateway.testing

/** A call that the test has given no answer to; the message names it. It is an error, so that no code under test handles it. */
public class UnansweredCall internal constructor(message: String) : AssertionError(message)

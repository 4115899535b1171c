package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class IdentitiesTest {
    @Test
    fun `data of an identity that was left is not shown, until the session is back`() {
        val identities = Identities()
        assertTrue(identities.mayShow("a")) // streams may be ahead
        assertFalse(identities.now("a"))
        assertFalse(identities.now("a"))
        assertTrue(identities.now("b"))
        assertFalse(identities.mayShow("a"))
        assertTrue(identities.mayShow("b"))
        assertTrue(identities.now("a"))
        assertTrue(identities.mayShow("a"))
        assertFalse(identities.mayShow("b"))
    }
}

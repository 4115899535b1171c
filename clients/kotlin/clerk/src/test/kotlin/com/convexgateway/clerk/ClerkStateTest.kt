package com.convexgateway.clerk

import com.convexgateway.clerk.ClerkSession.Status.ACTIVE
import com.convexgateway.clerk.ClerkSession.Status.OVER
import com.convexgateway.clerk.ClerkSession.Status.PENDING
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** Which sessions are signed in. */
class ClerkStateTest {
    private val active = ClerkSession("sess_1", ACTIVE)

    @Test
    fun `an active session is signed in, even if Clerk has not finished starting`() {
        assertEquals(ClerkState.SignedIn(active), ClerkState.of(initialized = true, active))
        assertEquals(ClerkState.SignedIn(active), ClerkState.of(initialized = false, active))
    }

    @Test
    fun `a session that gets no tokens is signed out`() {
        for (status in listOf(PENDING, OVER)) {
            assertEquals(ClerkState.SignedOut, ClerkState.of(initialized = true, ClerkSession("sess_1", status)))
        }
    }

    @Test
    fun `without a session the state is unknown until Clerk has started`() {
        assertEquals(ClerkState.Starting, ClerkState.of(initialized = false, null))
        assertEquals(ClerkState.SignedOut, ClerkState.of(initialized = true, null))
    }

    @Test
    fun `a session with a new token is the same, one with another organization is not`() {
        assertTrue(active.isSameAs(active.copy(lastToken = "fresh")))
        assertFalse(active.isSameAs(active.copy(organizationId = "org_1")))
        assertFalse(active.isSameAs(active.copy(id = "sess_2")))
    }

    @Test
    fun `tokens are not printed`() {
        val state = ClerkState.SignedIn(active.copy(lastToken = "secret"))
        assertFalse("secret" in state.toString(), "$state")
    }
}

package com.convexgateway.clerk

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest

/** When a client is signed in or out, and with which token; in virtual time. */
@OptIn(ExperimentalCoroutinesApi::class)
class ClerkConvexAuthProviderTest {
    private var minted = 0
    private val clerk = TestClerk { "${it.id}/${it.organizationId} ${++minted}" }
    private val received = mutableListOf<String>()

    /** A provider with a client that records the calls to it and the results of sign-ins. */
    private fun TestScope.provider(): ClerkConvexAuthProvider {
        val provider = ClerkConvexAuthProvider(clerk, scope = backgroundScope)
        provider.followClerk(
            signIn = { received += provider.loginFromCache { received += "pushed $it" }.getOrElse { "nobody" } },
            signOut = { received += "out" },
        )
        return provider
    }

    private fun TestScope.expect(vararg calls: String) {
        runCurrent()
        assertEquals(calls.toList(), received)
        received.clear()
    }

    @Test
    fun `a sign-in waits until Clerk has started`() = runTest {
        provider()
        advanceTimeBy(1.hours)
        expect()
        clerk.session("a")
        expect("a/null 1")
    }

    @Test
    fun `without an active session a sign-in fails`() = runTest {
        clerk.nobody()
        val provider = provider()
        expect()
        for (status in listOf(null, ClerkSession.Status.PENDING, ClerkSession.Status.OVER)) {
            if (status != null) clerk.session("a", status = status)
            assertIs<ClerkConvexAuthError.NoActiveSession>(provider.loginFromCache {}.exceptionOrNull())
        }
        assertEquals(0, clerk.asked.get())
    }

    @Test
    fun `offline, a sign-in continues until there is a token`() = runTest {
        clerk.session("a")
        clerk.offline = true
        provider()
        advanceTimeBy(1.hours)
        expect()
        val attempts = clerk.askedForNew.get()
        assertEquals(attempts.coerceIn(160..480), attempts, "attempts in an hour")
        clerk.offline = false
        advanceTimeBy(1.minutes)
        expect("a/null 1")
    }

    @Test
    fun `a session that ends during the sign-in ends it`() = runTest {
        clerk.session("a")
        clerk.offline = true
        provider()
        expect()
        clerk.nobody()
        expect("out", "nobody")
    }

    @Test
    fun `a user or organization that changes during the sign-in is signed in`() = runTest {
        clerk.session("a")
        clerk.offline = true
        val provider = provider()
        val signIn = async { provider.loginFromCache {} }
        runCurrent()
        clerk.session("b")
        runCurrent()
        clerk.session("b", "org_1")
        runCurrent()
        clerk.offline = false
        assertEquals("b/org_1", signIn.await().getOrThrow().substringBefore(' '))
    }

    @Test
    fun `no token is given twice`() = runTest {
        clerk.session("a")
        val provider = provider()
        expect("a/null 1")
        assertEquals("a/null 2", provider.loginFromCache {}.getOrThrow())
        val asked = clerk.askedForNew.get()
        clerk.token(skipCache = true)
        assertEquals("a/null 3", provider.loginFromCache {}.getOrThrow(), "a token that another caller has got meanwhile")
        assertEquals(asked + 1, clerk.askedForNew.get())
    }

    @Test
    fun `a cached token is used, also offline`() = runTest {
        clerk.session("a")
        clerk.refresh()
        clerk.offline = true
        provider()
        expect("a/null 1")
    }

    @Test
    fun `a user who signs in, switches or signs out at Clerk does so here`() = runTest {
        provider()
        expect()
        clerk.session("a")
        expect("a/null 1")
        clerk.session("a", "org_1")
        expect("a/org_1 2")
        clerk.session("b")
        expect("b/null 3")
        clerk.session("b", status = ClerkSession.Status.PENDING)
        expect("out")
        clerk.nobody()
        expect()
        clerk.session("b")
        expect("b/null 4")
    }

    @Test
    fun `a sign-in while Clerk starts ends with Clerk's first state`() = runTest {
        provider()
        clerk.nobody()
        expect("nobody")
        clerk.session("a")
        expect("a/null 1")
    }

    @Test
    fun `the token after a sign-out is a new one`() = runTest {
        clerk.session("a")
        provider()
        expect("a/null 1")
        clerk.token(skipCache = true) // not given to the client, and refused by the gateway as well
        clerk.nobody()
        expect("out")
        clerk.session("a")
        expect("a/null 3")
    }

    @Test
    fun `a restart of Clerk signs its user out`() = runTest {
        clerk.session("a")
        provider()
        expect("a/null 1")
        clerk.reset()
        expect("out")
        clerk.session("a")
        expect("a/null 2")
    }

    @Test
    fun `new tokens of Clerk are pushed, each once`() = runTest {
        clerk.session("a")
        provider()
        expect("a/null 1")
        clerk.refresh()
        expect("pushed a/null 2")
        clerk.session("a")
        expect()
    }

    @Test
    fun `the result of a sign-in is the token`() = runTest { assertEquals("jwt", provider().extractIdToken("jwt")) }
}

package com.convexgateway.clerk

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.time.Duration.Companion.hours
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest

/** Which token a sign-in gets, and when; in virtual time. */
@OptIn(ExperimentalCoroutinesApi::class)
class ClerkConvexAuthProviderTest {
    private var minted = 0
    private val clerk = TestClerk { "${it.id}/${it.organizationId} ${++minted}" }
    private val provider = ClerkConvexAuthProvider(clerk)

    private fun TestScope.signingIn() = async { provider.loginFromCache {} }.also { runCurrent() }

    private fun assertNoSession(result: Result<String>) =
        assertIs<ClerkConvexAuthError.NoActiveSession>(result.exceptionOrNull())

    @Test
    fun `a sign-in waits until Clerk has started`() = runTest {
        val signIn = signingIn()
        advanceTimeBy(1.hours)
        assertFalse(signIn.isCompleted)
        clerk.session("a")
        assertEquals(Result.success("a/null 1"), signIn.await())
    }

    @Test
    fun `without an active session nobody signs in`() = runTest {
        val early = signingIn()
        clerk.nobody()
        assertNoSession(early.await())
        assertNoSession(signingIn().await())
        clerk.session("a", status = ClerkSession.Status.PENDING)
        assertNoSession(signingIn().await())
        clerk.session("a", status = ClerkSession.Status.OVER)
        assertNoSession(signingIn().await())
        assertEquals(0, clerk.asked.get())
    }

    @Test
    fun `offline, a sign-in goes on until there is a token`() = runTest {
        clerk.session("a")
        clerk.offline = true
        val signIn = signingIn()
        advanceTimeBy(1.hours)
        assertFalse(signIn.isCompleted)
        val attempts = clerk.askedForNew.get()
        assertEquals(attempts.coerceIn(160..480), attempts, "attempts in an hour")
        clerk.offline = false
        assertEquals(Result.success("a/null 1"), signIn.await())
    }

    @Test
    fun `a session that ends meanwhile ends the sign-in`() = runTest {
        clerk.session("a")
        clerk.offline = true
        val signIn = signingIn()
        clerk.nobody()
        assertNoSession(signIn.await())
    }

    @Test
    fun `a user or organization that changes meanwhile is the one that signs in`() = runTest {
        clerk.session("a")
        clerk.offline = true
        val signIn = signingIn()
        clerk.session("b")
        runCurrent()
        clerk.session("b", "org_1")
        runCurrent()
        clerk.offline = false
        assertEquals(Result.success("b/org_1 1"), signIn.await())
    }

    @Test
    fun `no token is given twice`() = runTest {
        clerk.session("a")
        assertEquals("a/null 1", provider.loginFromCache {}.getOrThrow())
        assertEquals("a/null 2", provider.loginFromCache {}.getOrThrow())
        clerk.refresh()
        val asked = clerk.askedForNew.get()
        assertEquals("a/null 3", provider.loginFromCache {}.getOrThrow(), "what Clerk got by itself")
        assertEquals(asked, clerk.askedForNew.get())
    }

    @Test
    fun `a cached token will do, even offline`() = runTest {
        clerk.session("a")
        clerk.refresh()
        clerk.offline = true
        assertEquals("a/null 1", provider.loginFromCache {}.getOrThrow())
    }

    @Test
    fun `what is given is the token`() = assertEquals("jwt", provider.extractIdToken("jwt"))
}

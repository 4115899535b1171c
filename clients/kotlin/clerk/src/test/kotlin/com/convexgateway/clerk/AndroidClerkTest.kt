package com.convexgateway.clerk

import android.app.Activity
import android.app.Application
import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import com.clerk.api.Clerk
import com.clerk.api.network.model.token.TokenResource
import com.clerk.api.network.serialization.ClerkResult
import com.clerk.api.session.GetTokenOptions
import com.clerk.api.session.Session
import com.clerk.api.session.Session.SessionStatus
import com.convexgateway.client.AuthState
import com.convexgateway.client.DevGateway
import com.convexgateway.client.Me
import com.convexgateway.client.TcpProxy
import com.convexgateway.client.WebSocketState
import com.convexgateway.client.events
import com.convexgateway.client.eventually
import com.convexgateway.client.test
import java.io.IOException
import java.lang.ref.WeakReference
import java.util.UUID
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.parallel.Execution
import org.junit.jupiter.api.parallel.ExecutionMode

/** The bridge's source for Android, run on declarations of the SDKs. Clerk's is one object, so tests run one at a time. */
@Execution(ExecutionMode.SAME_THREAD)
class AndroidClerkTest {
    private val dev = DevGateway.shared
    private val ada = "ada" + UUID.randomUUID().toString().filter { it.isLetterOrDigit() }

    @AfterTest
    fun reset() {
        Clerk.isInitialized.value = false
        Clerk.sessionFlow.value = null
        Clerk.auth.tokens = { ClerkResult.Failure(null) }
        Clerk.auth.signingOut = { ClerkResult.Success(Unit) }
    }

    @Test
    fun `the state is the session's, once Clerk has started`() {
        assertEquals(ClerkState.Starting, AndroidClerk.state)
        Clerk.isInitialized.value = true
        assertEquals(ClerkState.SignedOut, AndroidClerk.state)
        for (status in SessionStatus.entries) {
            Clerk.sessionFlow.value = Session("sess_1", status, "org_1", TokenResource("jwt"))
            val active = ClerkSession("sess_1", ClerkSession.Status.ACTIVE, "org_1", "jwt")
            assertEquals(if (status == SessionStatus.ACTIVE) ClerkState.SignedIn(active) else ClerkState.SignedOut, AndroidClerk.state, "$status")
        }
    }

    @Test
    fun `a token is Clerk's, or null if Clerk has none`() = test {
        val asked = mutableListOf<GetTokenOptions>()
        Clerk.auth.tokens = {
            asked += it
            if (it.skipCache) ClerkResult.Failure(null, IOException("offline")) else ClerkResult.Success("jwt")
        }
        assertEquals("jwt", AndroidClerk.token(skipCache = false))
        assertNull(AndroidClerk.token(skipCache = true))
        assertEquals(listOf(GetTokenOptions(null, false, 20), GetTokenOptions(null, true, 20)), asked)
    }

    @Test
    fun `a token request that is cancelled with another one returns no token`() = test {
        Clerk.auth.tokens = { throw CancellationException("the first request") }
        assertNull(AndroidClerk.token(skipCache = false))
        Clerk.auth.tokens = { awaitCancellation() }
        val call = async { AndroidClerk.token(skipCache = false) }
        call.cancel()
        assertFailsWith<CancellationException> { call.await() }
    }

    @Test
    fun `a failed sign-out has a cause`() = test {
        assertTrue(AndroidClerk.signOut().isSuccess)
        Clerk.auth.signingOut = { ClerkResult.Failure(null, IOException("offline")) }
        assertEquals("offline", AndroidClerk.signOut().exceptionOrNull()?.message)
        Clerk.auth.signingOut = { ClerkResult.Failure(null) }
        assertNotNull(AndroidClerk.signOut().exceptionOrNull())
    }

    @Test
    fun `a client is made of a URL and a context`() = test {
        Clerk.auth.tokens = { ClerkResult.Success(dev.token(ada)) }
        val connectivity = ConnectivityManager(activeNetwork = Network())
        val clerk = ClerkConvexClient(deploymentUrl = dev.target, context = Application(connectivity))
        clerk.use {
            assertIs<AuthState.AuthLoading<String>>(clerk.convex.authState.value)
            Clerk.sessionFlow.value = Session(ada, SessionStatus.ACTIVE)
            Clerk.isInitialized.value = true
            assertEquals("user_$ada", clerk.convex.subscribe<Me>("users:me").first().subject)
            Clerk.sessionFlow.value = null
            clerk.convex.authState.first { it is AuthState.Unauthenticated }
            eventually { connectivity.callback != null }
        }
        eventually { connectivity.callback == null }
    }

    @Test
    fun `an Activity is not kept alive`() = test {
        val connectivity = ConnectivityManager(activeNetwork = Network())
        val app = Application(connectivity)
        var activity: Context? = Context(application = app)
        val gone = WeakReference(activity)
        ClerkConvexClient(dev.target, activity!!).use {
            eventually { connectivity.callback != null } // the app's, not the Activity's
            activity = null
            eventually {
                System.gc()
                gone.get() == null
            }
        }
    }

    @Test
    fun `an app in the background has no connection`() = test {
        Clerk.isInitialized.value = true
        val app = Application()
        val activity = Activity()
        TcpProxy(dev.grpc).use { proxy ->
            createClerkConvexClient(proxy.target, app).use { client ->
                val seen = client.subscribe<Me?>("users:me").events(this)
                assertNull(seen.receive().getOrThrow())
                app.callbacks.single().onActivityStopped(activity)
                eventually { proxy.open == 0 }
                app.callbacks.single().onActivityStarted(activity)
                eventually { proxy.open == 1 && client.connectionState.value == WebSocketState.CONNECTED }
            }
            eventually { app.callbacks.isEmpty() }
        }
    }

    @Test
    fun `a client of the official type is made likewise, and uses a new network`() = test {
        Clerk.isInitialized.value = true
        val connectivity = ConnectivityManager(activeNetwork = Network())
        TcpProxy(dev.grpc).use { proxy ->
            createClerkConvexClient(deploymentUrl = proxy.target, context = Application(connectivity)).use { client ->
                assertNull(client.query<Me?>("users:me"))
                eventually { connectivity.callback != null }
                val other = Network()
                connectivity.callback!!.onLost(connectivity.activeNetwork!!)
                connectivity.change(other, validated = false) // a captive portal
                connectivity.change(other, validated = true, blocked = true)
                assertNull(client.query<Me?>("users:me"))
                assertEquals(1, proxy.connections, "the network is of no use yet")
                connectivity.callback!!.onBlockedStatusChanged(other, false)
                eventually { proxy.connections == 2 }
                connectivity.change(other)
                assertNull(client.query<Me?>("users:me"))
                assertEquals(2, proxy.connections, "the same network again makes no connection")
            }
            eventually { connectivity.callback == null }
        }
    }
}

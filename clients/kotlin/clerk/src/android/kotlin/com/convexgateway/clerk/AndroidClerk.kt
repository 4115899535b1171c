package com.convexgateway.clerk

import android.content.Context
import android.net.ConnectivityManager
import android.net.ConnectivityManager.NetworkCallback
import android.net.Network
import com.clerk.api.Clerk
import com.clerk.api.network.serialization.ClerkResult
import com.clerk.api.session.GetTokenOptions
import com.clerk.api.session.Session
import com.clerk.api.session.Session.SessionStatus
import com.convexgateway.client.ConvexClientWithAuth
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.merge

/**
 * A client that follows the session of Clerk's SDK. Call `Clerk.initialize` before.
 *
 * @param deploymentUrl of the gateway in front of the deployment
 */
fun ClerkConvexClient(deploymentUrl: String, context: Context): ClerkConvexClient =
    ClerkConvexClient(deploymentUrl, context.applicationContext, AndroidClerk, networks(context))

/** As [ClerkConvexClient], with the official client's type: its subscriptions are flows of results. */
fun createClerkConvexClient(deploymentUrl: String, context: Context): ConvexClientWithAuth<String> =
    createClerkConvexClient(deploymentUrl, context.applicationContext, AndroidClerk, networks(context))

/** Clerk's SDK for Android, as in clerk/clerk-android 1.1.3, `source/api/src/main/kotlin/com/clerk/api/`. */
object AndroidClerk : ClerkSessions {
    /** How long a cached token must still be valid, in seconds. The SDK's default is 10. */
    private const val MIN_VALIDITY = 20L

    override val state: ClerkState
        get() {
            val initialized = Clerk.isInitialized.value // read before the session, because it is set after it
            return ClerkState.of(initialized, Clerk.sessionFlow.value?.toClerkSession())
        }

    override val changes: Flow<Any?> = merge(Clerk.isInitialized, Clerk.sessionFlow)

    override suspend fun token(skipCache: Boolean): String? = try {
        val options = GetTokenOptions(skipCache = skipCache, expirationBuffer = MIN_VALIDITY)
        (Clerk.auth.getToken(options) as? ClerkResult.Success)?.value
    } catch (_: CancellationException) {
        // Concurrent calls share one request, and are cancelled with the first of them (`SessionTokenFetcher.kt`).
        currentCoroutineContext().ensureActive()
        null
    }

    override suspend fun signOut(): Result<Unit> = when (val result = Clerk.auth.signOut()) {
        is ClerkResult.Success -> Result.success(Unit)
        is ClerkResult.Failure -> Result.failure(result.throwable ?: IllegalStateException("Clerk could not sign out"))
    }

    private fun Session.toClerkSession() = ClerkSession(
        id = id,
        status = when (status) {
            SessionStatus.ACTIVE -> ClerkSession.Status.ACTIVE
            SessionStatus.PENDING -> ClerkSession.Status.PENDING
            else -> ClerkSession.Status.OVER
        },
        organizationId = lastActiveOrganizationId,
        lastToken = lastActiveToken?.jwt,
    )
}

/** The networks that the device changes to. Needs the permission ACCESS_NETWORK_STATE, which Clerk's SDK declares. */
private fun networks(context: Context): Flow<Network> = callbackFlow {
    val manager = context.getSystemService(ConnectivityManager::class.java)
    val callback = object : NetworkCallback() {
        private var current: Network? = manager.activeNetwork // onAvailable is called with it first

        override fun onAvailable(network: Network) {
            if (network != current) trySend(network)
            current = network
        }

        override fun onLost(network: Network) {
            current = null
        }
    }
    manager.registerDefaultNetworkCallback(callback)
    awaitClose { manager.unregisterNetworkCallback(callback) }
}

package com.convexgateway.clerk

import android.content.Context
import com.clerk.api.Clerk
import com.clerk.api.network.serialization.ClerkResult
import com.clerk.api.session.GetTokenOptions
import com.clerk.api.session.Session
import com.clerk.api.session.Session.SessionStatus
import com.convexgateway.android.foreground
import com.convexgateway.android.networks
import com.convexgateway.android.of
import com.convexgateway.client.ClientOptions
import com.convexgateway.client.ConvexClientWithAuth
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.merge

/**
 * A client that follows the session of Clerk's SDK. Call `Clerk.initialize` before.
 *
 * @param deploymentUrl of the gateway in front of the deployment
 */
fun ClerkConvexClient(deploymentUrl: String, context: Context, options: ClientOptions = ClientOptions()): ClerkConvexClient {
    val app = context.applicationContext // not an Activity, which would live as long as the client
    return ClerkConvexClient(deploymentUrl, app, AndroidClerk, networks(app), options.of(app), foreground(app))
}

/** As [ClerkConvexClient], with the official client's type: its subscriptions are flows of results. */
fun createClerkConvexClient(
    deploymentUrl: String,
    context: Context,
    options: ClientOptions = ClientOptions(),
): ConvexClientWithAuth<String> {
    val app = context.applicationContext
    return createClerkConvexClient(deploymentUrl, app, AndroidClerk, networks(app), options.of(app), foreground(app))
}

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

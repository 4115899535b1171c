package com.convexgateway.clerk

import android.content.Context
import android.net.ConnectivityManager
import android.net.ConnectivityManager.NetworkCallback
import android.net.Network
import android.net.NetworkCapabilities
import android.os.Build
import androidx.lifecycle.DefaultLifecycleObserver
import androidx.lifecycle.LifecycleOwner
import androidx.lifecycle.ProcessLifecycleOwner
import com.clerk.api.Clerk
import com.clerk.api.network.serialization.ClerkResult
import com.clerk.api.session.GetTokenOptions
import com.clerk.api.session.Session
import com.clerk.api.session.Session.SessionStatus
import com.convexgateway.client.ClientOptions
import com.convexgateway.client.ConvexClientWithAuth
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.merge

/**
 * A client that follows the session of Clerk's SDK. Call `Clerk.initialize` before.
 *
 * @param deploymentUrl of the gateway in front of the deployment
 */
fun ClerkConvexClient(deploymentUrl: String, context: Context, options: ClientOptions = ClientOptions()): ClerkConvexClient {
    val app = context.applicationContext // not an Activity, which would live as long as the client
    return ClerkConvexClient(deploymentUrl, app, AndroidClerk, networks(app), options.of(app), foreground())
}

/** As [ClerkConvexClient], with the official client's type: its subscriptions are flows of results. */
fun createClerkConvexClient(
    deploymentUrl: String,
    context: Context,
    options: ClientOptions = ClientOptions(),
): ConvexClientWithAuth<String> {
    val app = context.applicationContext
    return createClerkConvexClient(deploymentUrl, app, AndroidClerk, networks(app), options.of(app), foreground())
}

/** The options with the app's id and version, unless it has set others. */
private fun ClientOptions.of(app: Context): ClientOptions {
    val version = app.packageManager.getPackageInfo(app.packageName, 0).versionName?.filter { it in '!'..'~' }.orEmpty()
    return if (this.app != null) this else copy(app = "${app.packageName}/$version")
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

/**
 * The networks that the device changes to, once they reach the internet (a captive portal does not) and are not blocked for the
 * app. Needs the permission ACCESS_NETWORK_STATE, which Clerk's SDK declares.
 */
private fun networks(app: Context): Flow<Network> = callbackFlow {
    val manager = app.getSystemService(ConnectivityManager::class.java)
    val first = manager.activeNetwork?.takeIf { manager.getNetworkCapabilities(it)?.isValidated == true } // is used already
    val callback = UsableNetworks(first) { trySend(it) }
    manager.registerDefaultNetworkCallback(callback)
    awaitClose { manager.unregisterNetworkCallback(callback) }
}

private val NetworkCapabilities.isValidated get() = hasCapability(NetworkCapabilities.NET_CAPABILITY_VALIDATED)

/** Passes on the default network whenever it becomes usable. */
private class UsableNetworks(private var used: Network?, private val emit: (Network) -> Unit) : NetworkCallback() {
    private var validated: Boolean? = null // null: not reported yet
    private var blocked: Boolean? = null

    override fun onAvailable(network: Network) {
        validated = null
        blocked = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) null else false // older versions do not report it
    }

    override fun onCapabilitiesChanged(network: Network, networkCapabilities: NetworkCapabilities) {
        validated = networkCapabilities.isValidated
        update(network)
    }

    override fun onBlockedStatusChanged(network: Network, blocked: Boolean) {
        this.blocked = blocked
        update(network)
    }

    override fun onLost(network: Network) {
        used = null
    }

    private fun update(network: Network) {
        val usable = (validated ?: return) && !(blocked ?: return)
        if (usable && network != used) emit(network)
        used = network.takeIf { usable }
    }
}

/** Whether the app is in the foreground. Observers of a lifecycle are added and removed in the main thread. */
private fun foreground(): Flow<Boolean> = callbackFlow {
    val lifecycle = ProcessLifecycleOwner.get().lifecycle
    val observer = object : DefaultLifecycleObserver {
        override fun onStart(owner: LifecycleOwner) {
            trySend(true)
        }

        override fun onStop(owner: LifecycleOwner) {
            trySend(false)
        }
    }
    lifecycle.addObserver(observer)
    awaitClose { lifecycle.removeObserver(observer) }
}.flowOn(Dispatchers.Main)

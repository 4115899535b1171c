package com.convexgateway.clerk

import com.convexgateway.client.AuthProvider
import com.convexgateway.client.Context
import com.convexgateway.client.ConvexClientWithAuth
import java.io.Closeable
import kotlin.random.Random
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.flow.transformLatest
import kotlinx.coroutines.launch

/**
 * Signs the user of Clerk's session in at Convex, and follows the session: a user who signs in, switches or signs out at Clerk
 * does the same here. `login` need not be called. A provider serves one client, see [createConvexClientWithAuth].
 *
 * While Clerk has an active session, only the gateway's refusal of its tokens signs the user out: while no token is available,
 * a sign-in continues. After [close] the provider follows the session no longer; the client is not changed.
 *
 * @param networks emits when the device has a network, or another one
 * @param scope of the coroutines that follow Clerk's session
 * @param foreground emits whether the app is in the foreground; the client is paused while it is not
 */
public class ClerkConvexAuthProvider(
    private val clerk: ClerkSessions,
    private val networks: Flow<Any?> = emptyFlow(),
    private val scope: CoroutineScope = CoroutineScope(SupervisorJob() + Dispatchers.Default),
    private val foreground: Flow<Boolean> = emptyFlow(),
) : AuthProvider<String>, Closeable {
    private val followed = MutableStateFlow<ClerkState?>(null) // the state that the client has, or is changing to

    @Volatile
    private var given: String? = null // the last token that was given to the client

    @Volatile
    private var cacheIsRefused = false // the gateway refuses all tokens from before a sign-out

    @Volatile
    private var onIdToken: (String?) -> Unit = {}

    /** The same as [loginFromCache]: sign-in screens are Clerk's. */
    override suspend fun login(context: Context, onIdToken: (String?) -> Unit): Result<String> = loginFromCache(onIdToken)

    /**
     * Waits until Clerk has started, and then for a token that was not given to the client before.
     *
     * A failure is a [ClerkConvexAuthError].
     */
    @OptIn(ExperimentalCoroutinesApi::class)
    override suspend fun loginFromCache(onIdToken: (String?) -> Unit): Result<String> {
        this.onIdToken = onIdToken
        return followed.filterNotNull().transformLatest { state ->
            when (state) {
                ClerkState.Starting -> Unit
                ClerkState.SignedOut -> emit(Result.failure(ClerkConvexAuthError.NoActiveSession()))
                is ClerkState.SignedIn -> emit(Result.success(awaitToken()))
            }
        }.first()
    }

    /** Ends Clerk's session, if there is an active one. */
    override suspend fun logout(context: Context): Result<Void?> =
        if (followed.value is ClerkState.SignedIn) clerk.signOut().map { null } else Result.success(null)

    override fun extractIdToken(authResult: String): String = authResult

    override fun close(): Unit = scope.cancel()

    /** Makes [client] follow Clerk's session. When it returns, following has begun. */
    internal fun bind(client: ConvexClientWithAuth<String>, context: Context) {
        followClerk(signIn = { client.loginFromCache() }, signOut = { client.logout(context) })
        launchNow { networks.collect { client.onNetworkAvailable() } }
        launchNow { foreground.collect { if (it) client.resume() else client.pause() } }
    }

    internal fun followClerk(signIn: suspend () -> Unit, signOut: suspend () -> Unit) = launchNow {
        clerk.changes.onStart { emit(Unit) }.map { clerk.state }.distinctUntilChanged().collect { follow(it, signIn, signOut) }
    }

    private fun follow(state: ClerkState, signIn: suspend () -> Unit, signOut: suspend () -> Unit) {
        val before = followed.value
        val now = if (state == ClerkState.Starting && before != null) ClerkState.SignedOut else state // Clerk has restarted
        followed.value = now
        when {
            before == ClerkState.Starting -> Unit // a sign-in already waits for the state
            before !is ClerkState.SignedIn -> if (now != ClerkState.SignedOut) launchNow(signIn)
            now !is ClerkState.SignedIn -> {
                cacheIsRefused = true
                launchNow(signOut)
            }
            now.session.isSameAs(before.session) -> launchNow(::pushFresh)
            else -> launchNow(signIn)
        }
    }

    private suspend fun pushFresh() {
        val token = clerk.token(skipCache = false)
        if (token != null && token != given) give(token).let(onIdToken)
    }

    /** Runs [block] at once up to its first suspension, so that several run in the order of the calls. */
    private fun launchNow(block: suspend () -> Unit) {
        scope.launch(start = CoroutineStart.UNDISPATCHED) { block() }
    }

    private suspend fun awaitToken(): String {
        var wait = FIRST_WAIT
        while (true) {
            nextToken()?.let { return give(it) }
            delay(wait * Random.nextDouble(0.5, 1.5))
            wait = minOf(wait * 1.5, LONGEST_WAIT)
        }
    }

    private suspend fun nextToken(): String? {
        val cached = if (cacheIsRefused) null else clerk.token(skipCache = false)
        return cached.takeIf { it != given } ?: clerk.token(skipCache = true)
    }

    private fun give(token: String): String {
        given = token
        cacheIsRefused = false
        return token
    }

    private companion object {
        val FIRST_WAIT = 1.seconds

        /** Short, because the wait does not end when there is a new network. */
        val LONGEST_WAIT = 15.seconds
    }
}

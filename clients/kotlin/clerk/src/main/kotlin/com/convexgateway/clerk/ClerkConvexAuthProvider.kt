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
 * Signs the user of Clerk's session in at Convex, and keeps it so: whoever signs in, switches or signs out at Clerk does
 * the same here. Nobody has to call `login`. It serves one client, see [createConvexClientWithAuth].
 *
 * As long as Clerk has an active session, only the gateway's refusal of its tokens signs the user out: while there are none
 * to be had, a sign-in goes on. [close] ends the following, and leaves the client as it is.
 *
 * @param networks emits when the device has a network, or another one
 * @param scope where Clerk's session is followed
 */
class ClerkConvexAuthProvider(
    private val clerk: ClerkSessions,
    private val networks: Flow<Any?> = emptyFlow(),
    private val scope: CoroutineScope = CoroutineScope(SupervisorJob() + Dispatchers.Default),
) : AuthProvider<String>, Closeable {
    private val followed = MutableStateFlow<ClerkState?>(null) // what the client does, or is about to do

    @Volatile
    private var given: String? = null // the token that the client got last

    @Volatile
    private var cacheIsRefused = false // at the gateway, which refuses all tokens of before a sign-out

    @Volatile
    private var onIdToken: (String?) -> Unit = {}

    /** The same as [loginFromCache]: the screens to sign in at are Clerk's. */
    override suspend fun login(context: Context, onIdToken: (String?) -> Unit): Result<String> = loginFromCache(onIdToken)

    /**
     * Waits until Clerk has started, and then for a token that the client has not had yet.
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

    override fun extractIdToken(authResult: String) = authResult

    override fun close() = scope.cancel()

    /** Makes [client] follow Clerk's session. It begins with that before this returns. */
    internal fun bind(client: ConvexClientWithAuth<String>, context: Context) {
        followClerk(signIn = { client.loginFromCache() }, signOut = { client.logout(context) })
        launchNow { networks.collect { client.onNetworkAvailable() } }
    }

    internal fun followClerk(signIn: suspend () -> Unit, signOut: suspend () -> Unit) = launchNow {
        clerk.changes.onStart { emit(Unit) }.map { clerk.state }.distinctUntilChanged().collect { follow(it, signIn, signOut) }
    }

    private fun follow(state: ClerkState, signIn: suspend () -> Unit, signOut: suspend () -> Unit) {
        val before = followed.value
        val now = if (state == ClerkState.Starting && before != null) ClerkState.SignedOut else state // Clerk was reset
        followed.value = now
        when {
            before == ClerkState.Starting -> Unit // the sign-in of then waits for this
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

    /** Runs it in the order of the calls as far as it does not wait, so that the last one decides. */
    private fun launchNow(what: suspend () -> Unit) {
        scope.launch(start = CoroutineStart.UNDISPATCHED) { what() }
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

        /** Short, since a new network is no reason to try again; what Clerk tells then is. */
        val LONGEST_WAIT = 15.seconds
    }
}

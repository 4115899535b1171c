package com.convexgateway.client

import kotlin.coroutines.EmptyCoroutineContext
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.plus
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeoutOrNull

/**
 * A [ConvexClient] whose calls and subscriptions are made for the user whom [authProvider] signs in.
 *
 * While a user is signed in, the client extends the session: it gets new tokens from the provider in time and sends them to
 * the gateway, so that subscriptions continue without being opened again. The provider may also push: a new token of the same
 * session, a token of another session (an account switch: the client then calls [AuthProvider.loginFromCache]), or null, which
 * ends the session.
 *
 * @param coroutineScope of the coroutines that follow the session; cancelling it, or [close], ends them
 */
public class ConvexClientWithAuth<T>(
    target: String,
    private val authProvider: AuthProvider<T>,
    coroutineScope: CoroutineScope = OwnScope(),
    private val options: ClientOptions = ClientOptions(),
) : ConvexClient(target, options), ConvexWithAuth<T> {
    // Made when they are used, as in ConvexClient.
    private val job by lazy { SupervisorJob(coroutineScope.coroutineContext[Job]) }
    private val scope by lazy {
        coroutineScope + job + if (options.scheduler == null) EmptyCoroutineContext else transport.link.dispatcher
    }
    private val logouts by lazy { Mutex() } // held during a sign-out
    private val pushes by lazy { Channel<Push>(Channel.CONFLATED) }
    private val pushHandler by lazy { scope.launch { handlePushes() } }
    private val _authState by lazy {
        MutableStateFlow(if (startsUndecided) AuthState.AuthLoading<T>() else AuthState.Unauthenticated())
    }

    private val lock = Any() // guards the fields below, and the order of changes to authState and callers
    private var signIns = 0
    private var nulls = 0 // that the provider has pushed
    private var acceptsPushes = false // from a sign-in until a logout
    private var session: Session? = null
    private var previous: Session? = null // the last one that has ended
    private var sessionJob: Job? = null

    init {
        if (coroutineScope !is OwnScope) job // the scope's owner may wait for its children
    }

    /** Whether a user is signed in, and which. */
    override val authState: StateFlow<AuthState<T>> by lazy { _authState.asStateFlow() }

    /**
     * Signs in by [AuthProvider.login]. [authState] is AuthLoading meanwhile; the call returns when the gateway has accepted
     * or refused the token. If the gateway cannot be reached, it succeeds after [ClientOptions.confirmationTimeout] with the
     * provider's token alone. After a failure no user is signed in.
     */
    override suspend fun login(context: Context): Result<T> = signIn(callsWait = false) { authProvider.login(context, ::onIdToken) }

    /**
     * Signs in by [AuthProvider.loginFromCache], as [login] does. Calls and subscriptions wait meanwhile.
     *
     * @throws NotImplementedError if the provider cannot
     */
    override suspend fun loginFromCache(): Result<T> = signIn(callsWait = true) { authProvider.loginFromCache(::onIdToken) }

    /** Signs out by [AuthProvider.logout]; if that fails, the user stays signed in. */
    override suspend fun logout(context: Context): Result<Void?> = logouts.withLock {
        val (before, ended) = synchronized(lock) { signIns to session }
        authProvider.logout(context).onSuccess {
            val cleared = synchronized(lock) { if (signIns == before) endSignIns() else null } // else a newer sign-in waits for this sign-out
            // With a token without a session id, all of the user's sessions would be ended.
            if (ended?.hasId == true) scope.launch { runCatching { transport.signOut(ended.token) } }
            cleared?.join()
        }
    }

    /** The job ends when the user's last values are cleared. */
    private fun endSignIns(): Job? {
        signIns++
        acceptsPushes = false
        return becomeAnonymous()
    }

    override fun close() {
        job.cancel()
        synchronized(lock) {
            signIns++ // so that a running sign-in has no effect
            dropSession()
            super.close()
        }
    }

    /** Starts a sign-in from the cache; calls wait from now on. */
    internal fun startFromCache() {
        startsUndecided = true
        inBackground {
            val begins = synchronized(lock) { (signIns == 0).also { if (it) begin(callsWait = true) } } // else closed, or another
            if (begins) scope.launch { switch() }
        }
    }

    /** A null ends the session at once, whatever follows it. A token without any meaning is ignored. */
    private fun onIdToken(token: String?) {
        val clean = token?.let { runCatching { Jwt.clean(it) }.getOrNull() ?: return warn(it) }
        synchronized(lock) {
            if (clean != null) {
                pushes.trySend(Push(clean, nulls))
            } else {
                nulls++
                if (session != null) becomeAnonymous()
            }
        }
    }

    /** A pushed token, and how many nulls were pushed before. */
    private data class Push(val token: String, val nulls: Int)

    private fun warn(token: String) =
        options.log(ClientLogger.Level.WARN) { "the provider has pushed ${token.length} characters that are no token" }

    private suspend fun signIn(callsWait: Boolean, attempt: suspend () -> Result<T>): Result<T> {
        val number = begin(callsWait)
        try {
            withTimeoutOrNull(LOGOUT_TIMEOUT) { logouts.withLock { } }
            val result = attempt()
            val user = result.getOrElse { return result.also { abandon(number) } }
            return establish(number, user, tokenOf(user))
        } catch (e: Throwable) {
            abandon(number)
            throw e
        }
    }

    /** Begins a sign-in, which ends the current session. Anonymous calls continue during a sign-in on a screen. */
    private fun begin(callsWait: Boolean): Int = synchronized(lock) {
        check(callers.value != Caller.Closed) { "the client is closed" }
        acceptsPushes = true
        pushHandler.start()
        val wait = callsWait || session != null
        dropSession()
        if (wait) callers.value = Caller.Undecided
        _authState.value = AuthState.AuthLoading()
        ++signIns
    }

    private fun tokenOf(user: T) = Jwt.clean(authProvider.extractIdToken(user))

    private fun abandon(number: Int) = synchronized(lock) { if (signIns == number) becomeAnonymous() }

    /** Starts the session, and waits for its status. */
    private suspend fun establish(number: Int, user: T, token: String): Result<T> {
        val started = Session(token, transport, ::requestToken)
        synchronized(lock) {
            if (signIns != number) return Result.failure(replaced())
            previous?.takeUnless { it.isUserOf(started) }?.let(lastValues::clear)
            session = started
            callers.value = started
            sessionJob = scope.launch {
                launch { started.run() }
                started.status.collect { publish(started, user, it) }
            }
        }
        transport.link.duringCall {
            withTimeoutOrNull(options.confirmationTimeout) { started.status.first { it != Session.Status.Pending } }
        } ?: started.assumeAccepted()
        val status = started.status.value
        publish(started, user, status) // now, so that authState is current when the sign-in returns
        return if (status is Session.Status.Ended) Result.failure(status.cause) else Result.success(user)
    }

    private fun replaced() = IllegalStateException("replaced by another sign-in, or a sign-out")

    private fun publish(from: Session, user: T, status: Session.Status): Unit = synchronized(lock) {
        if (session !== from) return
        when (status) {
            Session.Status.Pending -> _authState.value = AuthState.AuthLoading()
            Session.Status.Accepted -> _authState.value = AuthState.Authenticated(user)
            is Session.Status.Ended -> if (status.cause.isOfOtherUser) {
                begin(callsWait = true)
                scope.launch { switch() }
            } else {
                becomeAnonymous()
            }
        }
    }

    /** Ends the session without another one, and clears the user's last values. */
    private fun becomeAnonymous(): Job? {
        val user = session
        dropSession()
        if (callers.value != Caller.Closed) callers.value = Caller.Anonymous
        _authState.value = AuthState.Unauthenticated()
        return user?.let(lastValues::clear)
    }

    private fun dropSession() {
        sessionJob?.cancel()
        sessionJob = null
        session?.drop(replaced())
        previous = session ?: previous
        session = null
    }

    private suspend fun requestToken(): Result<String>? = try {
        val user = if (authProvider is SuppliedTokens) authProvider.renew(::onIdToken) else authProvider.loginFromCache(::onIdToken)
        @Suppress("UNCHECKED_CAST") // the user of SuppliedTokens is its token
        (user as Result<T>).mapCatching(::tokenOf)
    } catch (e: Throwable) {
        currentCoroutineContext().ensureActive() // else the provider's own coroutine was cancelled
        if (e is NotImplementedError && authProvider !is SuppliedTokens) null else Result.failure(e)
    }

    private suspend fun handlePushes() {
        val backoff = Backoff()
        var offer: Job? = null
        for ((token, before) in pushes) {
            offer?.cancel() // it may wait for the network, and this token is newer
            val (current, isLatest) = synchronized(lock) { session to (nulls == before) }
            when {
                !isLatest -> Unit // the session has ended since
                current != null && current.owns(token) -> offer = scope.launch { current.offer(token) }
                current != null || isSignedOut() -> if (!switch()) delay(backoff.failed())
            }
        }
    }

    private fun isSignedOut() = synchronized(lock) { acceptsPushes && _authState.value is AuthState.Unauthenticated }

    private val Throwable.isOfOtherUser get() = (this as? GatewayError)?.reason == "USER_MISMATCH"

    /** Signs in the provider's new user. Returns whether that succeeded. */
    private suspend fun switch(): Boolean = try {
        loginFromCache().isSuccess
    } catch (e: Throwable) { // NotImplementedError is no Exception
        currentCoroutineContext().ensureActive()
        if (e !is NotImplementedError) options.log(ClientLogger.Level.WARN, e) { "the provider has failed" }
        false
    }

    private companion object {
        /** How long a sign-in waits for the end of a sign-out. */
        val LOGOUT_TIMEOUT = 10.seconds
    }
}

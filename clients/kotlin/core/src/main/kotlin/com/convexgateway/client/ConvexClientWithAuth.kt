package com.convexgateway.client

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.plus
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
class ConvexClientWithAuth<T>(
    target: String,
    private val authProvider: AuthProvider<T>,
    coroutineScope: CoroutineScope = CoroutineScope(SupervisorJob()),
    private val options: ClientOptions = ClientOptions(),
) : ConvexClient(target, options) {
    private val job = SupervisorJob(coroutineScope.coroutineContext[Job])
    private val scope = coroutineScope + job
    private val pushes = Channel<String?>(Channel.CONFLATED)
    private val _authState = MutableStateFlow<AuthState<T>>(AuthState.Unauthenticated())

    private val lock = Any() // guards the fields below, and the order of changes to authState and callers
    private var signIns = 0
    private var acceptsPushes = false // from a sign-in until a logout
    private var session: Session? = null
    private var sessionJob: Job? = null

    init {
        scope.launch { handlePushes() }
    }

    /** Whether a user is signed in, and which. */
    val authState: StateFlow<AuthState<T>> = _authState.asStateFlow()

    /**
     * Signs in by [AuthProvider.login]. [authState] is AuthLoading meanwhile; the call returns when the gateway has accepted
     * or refused the token. If the gateway cannot be reached, it succeeds after [ClientOptions.confirmationTimeout] with the
     * provider's token alone. After a failure no user is signed in.
     */
    suspend fun login(context: Context): Result<T> = signIn(callsWait = false) { authProvider.login(context, ::onIdToken) }

    /**
     * Signs in by [AuthProvider.loginFromCache], as [login] does. Calls and subscriptions wait meanwhile.
     *
     * @throws NotImplementedError if the provider cannot
     */
    suspend fun loginFromCache(): Result<T> = signIn(callsWait = true) { authProvider.loginFromCache(::onIdToken) }

    /** Signs out by [AuthProvider.logout]; if that fails, the user stays signed in. */
    suspend fun logout(context: Context): Result<Void?> = authProvider.logout(context).onSuccess {
        val ended = synchronized(lock) {
            signIns++
            acceptsPushes = false
            session.also { becomeAnonymous() }
        }
        // With a token without a session id, all of the user's sessions would be ended.
        if (ended?.hasId == true) scope.launch { runCatching { transport.signOut(ended.token) } }
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
        begin(callsWait = true)
        scope.launch { loginFromCache() }
    }

    private fun onIdToken(token: String?) {
        pushes.trySend(token)
    }

    private suspend fun signIn(callsWait: Boolean, attempt: suspend () -> Result<T>): Result<T> {
        val number = begin(callsWait)
        try {
            val result = attempt()
            val user = result.getOrElse { return result.also { abandon(number) } }
            return establish(number, user, authProvider.extractIdToken(user))
        } catch (e: Throwable) {
            abandon(number)
            throw e
        }
    }

    /** Begins a sign-in, which ends the current session. Anonymous calls continue during a sign-in on a screen. */
    private fun begin(callsWait: Boolean): Int = synchronized(lock) {
        check(callers.value != Caller.Closed) { "the client is closed" }
        acceptsPushes = true
        val wait = callsWait || session != null
        dropSession()
        if (wait) callers.value = Caller.Undecided
        _authState.value = AuthState.AuthLoading()
        ++signIns
    }

    private fun abandon(number: Int) = synchronized(lock) { if (signIns == number) becomeAnonymous() }

    /** Starts the session, and waits for its status. */
    private suspend fun establish(number: Int, user: T, token: String): Result<T> {
        val started = Session(token, transport, ::requestToken)
        synchronized(lock) {
            if (signIns != number) return Result.failure(IllegalStateException("replaced by another sign-in, or a sign-out"))
            session = started
            callers.value = started
            sessionJob = scope.launch {
                launch { started.run() }
                started.status.collect { publish(started, user, it) }
            }
        }
        val status = withTimeoutOrNull(options.confirmationTimeout) {
            started.status.first { it != Session.Status.Pending }
        }
        if (status == null) started.assumeAccepted()
        publish(started, user, started.status.value) // now, so that authState is current when the sign-in returns
        return if (status is Session.Status.Ended) Result.failure(status.cause) else Result.success(user)
    }

    private fun publish(from: Session, user: T, status: Session.Status): Unit = synchronized(lock) {
        if (session !== from) return
        when (status) {
            Session.Status.Pending -> _authState.value = AuthState.AuthLoading()
            Session.Status.Accepted -> _authState.value = AuthState.Authenticated(user)
            is Session.Status.Ended -> {
                becomeAnonymous()
                if (status.cause.isOfOtherUser) scope.launch { switch() }
            }
        }
    }

    /** Ends the session without another one. */
    private fun becomeAnonymous() {
        dropSession()
        if (callers.value != Caller.Closed) callers.value = Caller.Anonymous
        _authState.value = AuthState.Unauthenticated()
    }

    private fun dropSession() {
        sessionJob?.cancel()
        sessionJob = null
        session = null
    }

    private suspend fun requestToken(): Result<String>? = try {
        authProvider.loginFromCache(::onIdToken).mapCatching(authProvider::extractIdToken)
    } catch (_: NotImplementedError) {
        null
    } catch (e: CancellationException) {
        throw e
    } catch (e: Exception) {
        Result.failure(e)
    }

    private suspend fun handlePushes() {
        val backoff = Backoff()
        var offer: Job? = null
        for (token in pushes) {
            offer?.cancel() // it may wait for the network, and this token is newer
            val current = synchronized(lock) { session }
            when {
                token == null -> synchronized(lock) { if (session === current && current != null) becomeAnonymous() }
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
    } catch (e: CancellationException) {
        throw e
    } catch (_: Throwable) { // NotImplementedError is no Exception
        false
    }
}

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
 * A [ConvexClient] whose calls and subscriptions are those of the user whom [authProvider] signs in.
 *
 * While a user is signed in, the client keeps the session going: it asks the provider for fresh tokens in time and hands
 * them to the gateway, so that subscriptions go on without a new start. What the provider pushes is taken as well: a fresh
 * token of the same session, a token of another session (an account switch: the provider is asked who it is, by
 * [AuthProvider.loginFromCache]), or null, the end.
 *
 * @param coroutineScope where the client watches the session; cancelling it, or [close], ends that
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

    private val lock = Any() // guards what follows, and the order of changes to authState and callers
    private var signIns = 0
    private var listening = false // to pushed tokens: since a sign-in, until a logout
    private var session: Session? = null
    private var sessionJob: Job? = null

    init {
        scope.launch { takePushes() }
    }

    /** Who is signed in. */
    val authState: StateFlow<AuthState<T>> = _authState.asStateFlow()

    /**
     * Signs in by [AuthProvider.login]. [authState] is AuthLoading meanwhile; the call returns when the gateway has accepted
     * or refused the token. If the gateway cannot be reached, the provider's word counts after
     * [ClientOptions.confirmationTimeout]. A failure leaves nobody signed in.
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
            listening = false
            session.also { nobody() }
        }
        // A token without a session id stands for all of the user's sessions, which are not to be ended here.
        if (ended?.hasId == true) scope.launch { runCatching { transport.signOut(ended.token) } }
    }

    override fun close() {
        job.cancel()
        synchronized(lock) {
            signIns++ // none that is under way comes to anything
            dropSession()
            super.close()
        }
    }

    /** For sign-ins that start by themselves: calls wait from now on. */
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
            val user = result.getOrElse { return result.also { giveUp(number) } }
            return settle(number, user, authProvider.extractIdToken(user))
        } catch (e: Throwable) {
            giveUp(number)
            throw e
        }
    }

    /** The user who was signed in is so no longer; calls of nobody may go on while there is a screen to sign in at. */
    private fun begin(callsWait: Boolean): Int = synchronized(lock) {
        check(callers.value != Caller.Closed) { "the client is closed" }
        listening = true
        val wait = callsWait || session != null
        dropSession()
        if (wait) callers.value = Caller.Undecided
        _authState.value = AuthState.AuthLoading()
        ++signIns
    }

    private fun giveUp(number: Int) = synchronized(lock) { if (signIns == number) nobody() }

    /** Starts the session, and waits for its standing. */
    private suspend fun settle(number: Int, user: T, token: String): Result<T> {
        val started = Session(token, transport, ::askProvider)
        synchronized(lock) {
            if (signIns != number) return Result.failure(IllegalStateException("overtaken by another sign-in, or a sign-out"))
            session = started
            callers.value = started
            sessionJob = scope.launch {
                launch { started.run() }
                started.standing.collect { show(started, user, it) }
            }
        }
        val standing = withTimeoutOrNull(options.confirmationTimeout) {
            started.standing.first { it != Session.Standing.Waiting }
        }
        if (standing == null) started.presume()
        show(started, user, started.standing.value) // now, so that it is seen when the sign-in returns
        return if (standing is Session.Standing.Over) Result.failure(standing.why) else Result.success(user)
    }

    private fun show(from: Session, user: T, standing: Session.Standing): Unit = synchronized(lock) {
        if (session !== from) return
        when (standing) {
            Session.Standing.Waiting -> _authState.value = AuthState.AuthLoading()
            Session.Standing.Accepted -> _authState.value = AuthState.Authenticated(user)
            is Session.Standing.Over -> {
                nobody()
                if (standing.why.isOfOtherUser) scope.launch { switch() }
            }
        }
    }

    /** Nobody is signed in. */
    private fun nobody() {
        dropSession()
        if (callers.value != Caller.Closed) callers.value = Caller.Anonymous
        _authState.value = AuthState.Unauthenticated()
    }

    private fun dropSession() {
        sessionJob?.cancel()
        sessionJob = null
        session = null
    }

    private suspend fun askProvider(): Result<String>? = try {
        authProvider.loginFromCache(::onIdToken).mapCatching(authProvider::extractIdToken)
    } catch (_: NotImplementedError) {
        null
    } catch (e: CancellationException) {
        throw e
    } catch (e: Exception) {
        Result.failure(e)
    }

    private suspend fun takePushes() {
        val backoff = Backoff()
        var offer: Job? = null
        for (token in pushes) {
            offer?.cancel() // it may be waiting for the network, and this one is newer
            val current = synchronized(lock) { session }
            when {
                token == null -> synchronized(lock) { if (session === current && current != null) nobody() }
                current != null && current.owns(token) -> offer = scope.launch { current.offer(token) }
                current != null || isOut() -> if (!switch()) delay(backoff.failed())
            }
        }
    }

    private fun isOut() = synchronized(lock) { listening && _authState.value is AuthState.Unauthenticated }

    private val Throwable.isOfOtherUser get() = (this as? GatewayError)?.reason == "USER_MISMATCH"

    /** Somebody else has signed in at the provider, or somebody again; reports whether that worked. */
    private suspend fun switch(): Boolean = try {
        loginFromCache().isSuccess
    } catch (e: CancellationException) {
        throw e
    } catch (_: Throwable) { // NotImplementedError is no Exception
        false
    }
}

package com.convexgateway.client

import com.convexgateway.v1.AuthStateResponse
import com.convexgateway.v1.AuthStateResponse.State
import com.convexgateway.v1.RefreshAuthResponse
import io.grpc.Status.Code
import java.io.IOException
import java.security.SecureRandom
import java.util.concurrent.TimeoutException
import kotlin.io.encoding.Base64
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeoutOrNull

/**
 * The client session: one sign-in of one user, from the first token to the end. Follows the state that the gateway reports, and
 * sends newer tokens when they are needed.
 *
 * @param requestToken gets a new token from the provider; returns null if the provider only pushes tokens
 */
internal class Session(
    firstToken: String,
    private val transport: Transport,
    private val requestToken: suspend () -> Result<String>?,
) : Caller.User {
    /** State of the session at the gateway. */
    sealed interface Status {
        /** Not confirmed yet. */
        object Pending : Status

        /** Confirmed. */
        object Accepted : Status

        /** Ended, for instance refused. */
        class Ended(val cause: Throwable) : Status
    }

    private val claims = TokenClaims.of(firstToken)
    override val firstStableClaims = StableClaims.of(firstToken)

    @Volatile
    override var stableClaims = firstStableClaims
        private set

    private val tokens = MutableStateFlow(firstToken)
    private val stale = Channel<String>(Channel.CONFLATED) // a token that has to be replaced
    private val outdated = Channel<Unit>(Channel.CONFLATED) // a stream began with an older token
    private val refreshing = Mutex() // held while a newer token is sent
    private val ended = CompletableDeferred<Throwable>()
    private val _status = MutableStateFlow<Status>(Status.Pending)
    override val identities = Identities()

    @Volatile
    private var refusal: Failure? = null // of the present token

    private var refusals = 0 // of tokens, since the last one that was accepted; used by followAuthState only

    private var request: Deferred<Answer>? = null // the last one; used by replace only

    @Volatile
    private var onlyPushed = false // the provider only pushes tokens

    val status: StateFlow<Status> = _status.asStateFlow()

    override val token: String get() = tokens.value
    override val refreshKey: String = ByteArray(32).also(SecureRandom()::nextBytes).let(Base64.UrlSafe::encode)

    /** Whether the session can be ended at the gateway without the user's other sessions. */
    val hasId: Boolean get() = claims?.sid != null

    /** Whether a token belongs to this session; true if its claims cannot be read. */
    fun owns(token: String): Boolean {
        val other = TokenClaims.of(token)
        return claims == null || other == null || claims == other
    }

    /** Extends the session until it ends, while the client does not rest. */
    suspend fun run() = coroutineScope {
        launch { transport.link.wanted.collectLatest { if (it) extend() } }
        _status.value = Status.Ended(ended.await())
        coroutineContext.cancelChildren()
    }

    private suspend fun extend() = coroutineScope {
        launch { for (token in stale) replace(token) }
        launch { for (signal in outdated) refresh(token) }
        launch { ended.complete(followAuthState()) }
    }

    /** Ends the session here, because another one takes its place, or none. */
    fun drop(why: Throwable) {
        _status.update { it as? Status.Ended ?: Status.Ended(why) }
    }

    /** Makes a pending session accepted: the gateway cannot be reached. */
    fun assumeAccepted() {
        _status.compareAndSet(Status.Pending, Status.Accepted)
    }

    override fun isUserOf(other: Caller): Boolean {
        val its = (other as? Session)?.claims
        return other === this || (claims?.sub != null && its != null && claims.copy(sid = null) == its.copy(sid = null))
    }

    override suspend fun tokenAfter(refused: String): String {
        if (token == refused) stale.trySend(refused)
        return tokens.first { it != refused }
    }

    override fun opened(with: String) {
        if (with != token) outdated.trySend(Unit)
    }

    override val newTokens: Flow<String> get() = tokens

    override fun needsToken() {
        stale.trySend(token)
    }

    override fun <E : Any> present(events: Flow<E>, tagOf: (E) -> String): Flow<E> =
        identities.present(events.onEach { settled(tagOf(it)) }, tagOf)

    /** Waits for a running refresh. */
    override suspend fun settled(identityTag: String) {
        val known = identities.current
        if (known.isEmpty() || identityTag.isEmpty() || identityTag == known) return
        withTimeoutOrNull(REFRESH_TIMEOUT) { refreshing.withLock { } }
    }

    /**
     * Sends a newer token and uses it if the gateway accepts it. Returns whether it does. While the client rests, the token is
     * only kept. Another user's ends the session.
     */
    suspend fun offer(newer: String): Boolean = refreshing.withLock {
        if (newer == token) return true
        if (!owns(newer)) {
            ended.complete(otherUser())
            return false
        }
        if (StableClaims.of(newer) != stableClaims) stableClaims = null
        val accepted = (claims != null && !transport.link.wanted.value) || refresh(newer)
        if (accepted) tokens.value = newer
        return accepted
    }

    /** Whether the gateway's [response] to a token is about this session: where no stream was extended, it has compared nothing. */
    private fun isOwn(token: String, response: RefreshAuthResponse): Boolean {
        val tag = response.identityTag
        val known = identities.current
        val sameUser = claims != null && claims == TokenClaims.of(token) // perhaps with another organisation
        return tag.isEmpty() || known.isEmpty() || tag == known || sameUser || response.adoptedStreams > 0
    }

    private fun otherUser() =
        GatewayError("the provider's token is another user's", USER_MISMATCH, Code.PERMISSION_DENIED.name)

    /** Sends a token for the session's streams, again until there is a response. Returns whether it was accepted. */
    private suspend fun refresh(token: String): Boolean {
        val backoff = Backoff()
        while (true) {
            var response = RefreshAuthResponse.getDefaultInstance()
            val failure = failureOf { response = transport.refreshAuth(refreshKey, token) }
            if (failure == null) return isOwn(token, response).also { if (!it) ended.complete(otherUser()) }
            if (failure.reason == USER_MISMATCH) ended.complete(failure.toException())
            if (failure.refusesCredential || failure.forbidsCaller) return false
            pause(backoff, failure)
        }
    }

    /** Requests tokens until the gateway has accepted one, or a pushed one. */
    private suspend fun replace(old: String) {
        val backoff = Backoff()
        var failures = 0
        val begun = TimeSource.Monotonic.markNow()
        while (token == old) {
            val pushed = tokens.filter { it != old }.map { Result.success(it) }
            val answer = merge<Result<String>?>(flow { emit(requestInTime()) }, pushed).first()
            onlyPushed = answer == null
            if (answer == null) return
            val fresh = answer.getOrNull()
            if (fresh != null && fresh != old && offer(fresh)) return
            val why = answer.exceptionOrNull()
            if (why is TimeoutException) noToken(begun)
            else if (why?.isOfNetwork() != true) failures++
            val isLasting = why == null || begun.elapsedNow() >= LASTING // a refused token is not mended by time
            if (failures >= MAX_REFUSALS && isLasting) refusal?.let { ended.complete(why ?: it.toException()) }
            withTimeoutOrNull(backoff.failed()) { tokens.first { it != old } }
        }
    }

    /** Requests a token. A request that takes too long is cancelled, and no other one is made as long as it does not end. */
    private suspend fun requestInTime(): Result<String>? {
        val running = request?.takeUnless { it.isCompleted }
            ?: CoroutineScope(Dispatchers.IO).async { Answer(requestToken()) }.also { request = it }
        try {
            val answer = withTimeoutOrNull(TOKEN_TIMEOUT) { running.await() }
            if (answer != null) return answer.token
        } catch (e: CancellationException) {
            currentCoroutineContext().ensureActive() // else the request was cancelled
        } finally {
            running.cancel()
        }
        return Result.failure(TimeoutException("the provider has not returned a token within $TOKEN_TIMEOUT"))
    }

    private class Answer(val token: Result<String>?)

    /** The session is pending while its token is refused and the provider does not answer. */
    private fun noToken(since: TimeMark) {
        if (refusal != null && since.elapsedNow() >= LASTING) _status.compareAndSet(Status.Accepted, Status.Pending)
    }

    /** Follows the AuthState stream until the session ends. Returns the error that has ended it. */
    private suspend fun followAuthState(): Exception {
        val backoff = Backoff()
        while (true) {
            val used = token
            val network = transport.link.network
            var begun = false
            val failure = failureOf {
                transport.authState(refreshKey, used).collect {
                    if (!begun) opened(used)
                    begun = true
                    backoff.healthy()
                    handle(it)
                }
            }
            when {
                failure != null && failure.endsSession -> return failure.toException()
                failure != null && failure.refusesCredential -> if (!replaced(used, failure)) return failure.toException()
                network != transport.link.network -> backoff.reset()
                else -> pause(backoff, failure)
            }
        }
    }

    private suspend fun handle(event: AuthStateResponse) {
        settled(event.identityTag)
        when (event.state) {
            State.STATE_AUTHENTICATED -> {
                identities.now(event.identityTag)
                refusals = 0
                refusal = null
                _status.value = Status.Accepted
            }
            State.STATE_LOADING -> if (identities.now(event.identityTag)) _status.value = Status.Pending
            else -> Unit // a status with the same reason follows
        }
        if (event.hasTokenNeededBy() || event.refreshing) needsToken()
    }

    /** Waits for another token than the refused one. Returns whether there is one. */
    private suspend fun replaced(refused: String, why: Failure): Boolean {
        if (token != refused) return true
        if (++refusals > MAX_REFUSALS) return false
        refusal = why
        stale.trySend(refused)
        if (withTimeoutOrNull(PUSH_TIMEOUT) { tokens.first { it != refused } } != null) return true
        if (onlyPushed) return false
        tokens.first { it != refused } // cancelled when the session ends, because the provider has none
        return true
    }

    private val Failure.endsSession get() = forbidsCaller || reason == SIGNED_OUT

    private suspend fun pause(backoff: Backoff, failure: Failure?) {
        val atLeast = failure?.details?.retryAfterMillis?.milliseconds ?: Duration.ZERO
        if (transport.link.pause(backoff.failed(atLeast))) backoff.reset()
    }

    private fun Throwable.isOfNetwork(): Boolean = generateSequence(this) { it.cause }.any { it is IOException }

    private companion object {
        const val USER_MISMATCH = "USER_MISMATCH"
        const val SIGNED_OUT = "SIGNED_OUT"

        /** How many new tokens may be refused by the gateway, or requests by the provider, in a row. */
        const val MAX_REFUSALS = 2

        /** How long the provider may take for a token. */
        val TOKEN_TIMEOUT = 30.seconds

        /** How long a provider has to fail before the user is signed out. */
        val LASTING = 60.seconds

        /** How long events of another identity wait for a running refresh. */
        val REFRESH_TIMEOUT = 10.seconds

        /** How long to wait for a provider that only pushes tokens. */
        val PUSH_TIMEOUT = 10.seconds
    }
}

package com.convexgateway.client

import com.convexgateway.v1.AuthStateResponse
import com.convexgateway.v1.AuthStateResponse.State
import java.io.IOException
import java.security.SecureRandom
import kotlin.io.encoding.Base64
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeoutOrNull

/**
 * One sign-in of one user, from the first token to the end: follows what the gateway says of it, and brings newer tokens
 * when they are needed.
 *
 * @param ask gets a fresh token from the provider; null if the provider only pushes tokens
 */
internal class Session(
    firstToken: String,
    private val transport: Transport,
    private val ask: suspend () -> Result<String>?,
) : Caller.User {
    /** What the gateway says of the session. */
    sealed interface Standing {
        /** Nothing yet. */
        object Waiting : Standing

        /** It is good. */
        object Accepted : Standing

        /** It is over. */
        class Over(val why: Throwable) : Standing
    }

    private val claims = TokenClaims.of(firstToken)
    private val tokens = MutableStateFlow(firstToken)
    private val stale = Channel<String>(Channel.CONFLATED) // a token that has to be replaced
    private val late = Channel<Unit>(Channel.CONFLATED) // a stream began with an older token
    private val handingIn = Mutex()
    private val over = CompletableDeferred<Throwable>()
    private val _standing = MutableStateFlow<Standing>(Standing.Waiting)
    private val identities = Identities()

    @Volatile
    private var refusal: Failure? = null // of the present token

    private var refusals = 0 // of tokens, since the last one that was taken; watch's own

    @Volatile
    private var onlyPushed = false // the provider cannot be asked

    val standing: StateFlow<Standing> = _standing.asStateFlow()

    override val token: String get() = tokens.value
    override val refreshKey: String = ByteArray(32).also(SecureRandom()::nextBytes).let(Base64.UrlSafe::encode)

    /** Whether the session is good at the gateway by itself, apart from the user's others. */
    val hasId: Boolean get() = claims?.sid != null

    /** Whether a token belongs to this session, as far as its claims can be read. */
    fun owns(token: String): Boolean {
        val other = TokenClaims.of(token)
        return claims == null || other == null || claims == other
    }

    /** Keeps the session going until it is over. */
    suspend fun run() = coroutineScope {
        launch { for (token in stale) replace(token) }
        launch { for (signal in late) handIn(token) }
        launch { over.complete(watch()) }
        _standing.value = Standing.Over(over.await())
        coroutineContext.cancelChildren()
    }

    /** Takes the provider's word for the session, if the gateway has not said anything. */
    fun presume() {
        _standing.compareAndSet(Standing.Waiting, Standing.Accepted)
    }

    override suspend fun tokenAfter(refused: String): String {
        if (token == refused) stale.trySend(refused)
        return tokens.first { it != refused }
    }

    override fun opened(with: String) {
        if (with != token) late.trySend(Unit)
    }

    override fun <E : Any> present(events: Flow<E>, tagOf: (E) -> String): Flow<E> =
        identities.present(events.onEach { letCallsFollow(tagOf(it)) }, tagOf)

    /** What another identity brings is told once calls are made with its token, too: after the hand-in that is under way. */
    private suspend fun letCallsFollow(identityTag: String) {
        val known = identities.current
        if (known.isEmpty() || identityTag.isEmpty() || identityTag == known) return
        withTimeoutOrNull(HAND_IN_PATIENCE) { handingIn.withLock { } }
    }

    /** Takes a newer token, once the gateway has; reports whether it has. */
    suspend fun offer(newer: String): Boolean = handingIn.withLock {
        if (newer == token) return true
        handIn(newer).also { if (it) tokens.value = newer }
    }

    /** Gives the session's streams a token. A refused one changes nothing. */
    private suspend fun handIn(token: String): Boolean {
        val backoff = Backoff()
        while (true) {
            val failure = failureOf { transport.refreshAuth(refreshKey, token) } ?: return true
            if (failure.reason == USER_MISMATCH) over.complete(failure.toException())
            if (failure.refusesCredential || failure.forbidsCaller) return false
            pause(backoff, failure)
        }
    }

    /** Asks for tokens until the gateway has taken one, or one that was pushed. */
    private suspend fun replace(old: String) {
        val backoff = Backoff()
        var failures = 0
        while (token == old) {
            val pushed = tokens.filter { it != old }.map { Result.success(it) }
            val answer = merge<Result<String>?>(flow { emit(ask()) }, pushed).first()
            onlyPushed = answer == null
            if (answer == null) return
            val fresh = answer.getOrNull()
            if (fresh != null && fresh != old && offer(fresh)) return
            val why = answer.exceptionOrNull()
            if (why?.isOfNetwork() != true) failures++
            if (failures >= PATIENCE) refusal?.let { over.complete(why ?: it.toException()) }
            withTimeoutOrNull(backoff.failed()) { tokens.first { it != old } }
        }
    }

    /** Follows the AuthState stream until the session is over; returns why. */
    private suspend fun watch(): Exception {
        val backoff = Backoff()
        while (true) {
            val used = token
            val network = transport.link.network
            var begun = false
            val failure = failureOf {
                transport.link.onThisNetwork(transport.authState(refreshKey, used)).collect {
                    if (!begun) opened(used)
                    begun = true
                    backoff.healthy()
                    take(it)
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

    private suspend fun take(event: AuthStateResponse) {
        letCallsFollow(event.identityTag)
        when (event.state) {
            State.STATE_AUTHENTICATED -> {
                identities.now(event.identityTag)
                refusals = 0
                refusal = null
                _standing.value = Standing.Accepted
            }
            State.STATE_LOADING -> if (identities.now(event.identityTag)) _standing.value = Standing.Waiting
            else -> Unit // a status with the same reason follows
        }
        if (event.hasTokenNeededBy() || event.refreshing) stale.trySend(token)
    }

    /** Waits for another token than the refused one; reports whether one came. */
    private suspend fun replaced(refused: String, why: Failure): Boolean {
        if (token != refused) return true
        if (++refusals > PATIENCE) return false
        refusal = why
        stale.trySend(refused)
        if (withTimeoutOrNull(PUSH_PATIENCE) { tokens.first { it != refused } } != null) return true
        if (onlyPushed) return false
        tokens.first { it != refused } // or the session is over, if the provider has none
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

        /** How many fresh tokens may be refused, or refused to be given, in a row. */
        const val PATIENCE = 2

        /** How long to wait for the answer to a token that the gateway has taken. */
        val HAND_IN_PATIENCE = 10.seconds

        /** How long to wait for a provider that only pushes tokens. */
        val PUSH_PATIENCE = 10.seconds
    }
}

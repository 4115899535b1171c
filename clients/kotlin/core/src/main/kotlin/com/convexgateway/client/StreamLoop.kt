package com.convexgateway.client

import io.grpc.Status
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.awaitCancellation

/** Opens streams for one caller, one after the other, until another one would be of no use. */
internal abstract class StreamLoop(private val caller: Caller, private val transport: Transport) {
    protected val user = caller as? Caller.User
    private val backoff = Backoff()
    private var lastFailure: String? = null // reason of the last failure published, which is not repeated
    private var refusals = 0 // of the credential in a row

    /** Set when the last stream was ended because another one is needed at once. */
    protected var isOutdated = false

    /** Runs one stream to its end. Returns its failure, or null if it has none. */
    protected abstract suspend fun stream(token: String?): Failure?

    /** Publishes a failure that another stream may not mend. */
    protected abstract fun publish(error: ConvexException)

    /** Notes whether the gateway is cut off from the deployment. */
    protected abstract fun setCutOff(cutOff: Boolean)

    /** Forgets kept resume tokens, which may be why a request is wrong. Returns whether there were any. */
    protected abstract fun forgetKept(): Boolean

    /** Opens streams. Returns after a failure that would be that of each stream. */
    protected suspend fun loop() {
        while (true) {
            val token = caller.credential
            val network = transport.link.network
            val failure = stream(token)
            when {
                isOutdated -> isOutdated = false
                failure?.code == Status.Code.INVALID_ARGUMENT && forgetKept() -> Unit
                failure != null && failure.isFinal -> return fail(failure)
                failure != null && failure.isOfCredential -> renew(failure, token)
                network != transport.link.network -> backoff.reset()
                else -> wait(failure)
            }
        }
    }

    /** The present stream, which was opened with a token, has had its first event. */
    protected open fun begin(token: String?) {
        backoff.healthy()
        lastFailure = null
        refusals = 0
        if (token != null) user?.opened(token)
    }

    private val Failure.isFinal get() = code == Status.Code.INVALID_ARGUMENT || details.reason == PAGE_RESTART
    private val Failure.isOfCredential get() = refusesCredential || forbidsCaller

    /** Waits for another token. Without one, waits until another caller replaces this one. */
    private suspend fun renew(failure: Failure, token: String?) {
        if (token == null || failure.forbidsCaller) fail(failure)
        if (user == null || token == null) awaitCancellation()
        user.tokenAfter(token)
        if (refusals++ > 0) transport.link.pause(backoff.failed())
    }

    private suspend fun wait(failure: Failure?) {
        if (failure != null && !failure.isOfConnection) fail(failure)
        if (failure?.reason == DEPLOYMENT_UNAVAILABLE) setCutOff(true)
        val atLeast = failure?.details?.retryAfterMillis?.milliseconds ?: Duration.ZERO
        if (transport.link.pause(backoff.failed(atLeast))) backoff.reset()
    }

    private fun fail(failure: Failure) {
        if (lastFailure == failure.reason) return
        lastFailure = failure.reason
        publish(failure.toException())
    }

    private companion object {
        const val DEPLOYMENT_UNAVAILABLE = "DEPLOYMENT_UNAVAILABLE"
    }
}

/** The reason of a page whose cursor or journal the deployment refuses. */
internal const val PAGE_RESTART = "PAGE_RESTART"

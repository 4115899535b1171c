package com.convexgateway.client

import com.convexgateway.v1.ActionRequest
import com.convexgateway.v1.AuthStateRequest
import com.convexgateway.v1.AuthStateResponse
import com.convexgateway.v1.MutateRequest
import com.convexgateway.v1.QueryRequest
import com.convexgateway.v1.RefreshAuthRequest
import com.convexgateway.v1.RefreshAuthResponse
import com.convexgateway.v1.SignOutRequest
import com.convexgateway.v1.SubscribeRequest
import com.convexgateway.v1.SubscribeResponse
import com.convexgateway.v1.ValueFormat
import com.convexgateway.v1.WatchRequest
import com.convexgateway.v1.WatchResponse
import com.google.protobuf.ByteString
import io.grpc.Metadata
import io.grpc.Status
import io.grpc.StatusException
import io.grpc.okhttp.OkHttpChannelBuilder
import io.grpc.stub.AbstractStub
import java.io.Closeable
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.withTimeoutOrNull

/**
 * What a mutation has returned.
 *
 * @property commitTime as in [nanos]; null if the gateway does not say it
 */
internal class Written(val json: ByteString, val commitTime: Long?)

/**
 * The calls over the [link]. Calls wait until there is a connection, and are made over another one if they were not sent.
 *
 * gRPC's own retries are off: when a connection is lost, the OkHttp transport reports every call on it as never received by the
 * server (grpc/grpc-java, `OkHttpClientTransport.startGoAway`), and the channel would repeat mutations that have run.
 */
internal class Transport(private val target: Target, private val options: ClientOptions) : Closeable {
    private val headers by lazy { Headers(options) }

    /** Of the streams of results that are open. */
    val intakes: MutableSet<Intake> = ConcurrentHashMap.newKeySet()

    /** The connection and its state. */
    val link = Link(::connect, TargetCheck(target), options)

    private fun connect(): GatewayConnection {
        val sockets = Sockets()
        val channel = OkHttpChannelBuilder.forAddress(target.host, target.port)
            .apply { if (target.tls) useTransportSecurity() else usePlaintext() }
            .apply { options.sslSocketFactory?.let(::sslSocketFactory) }
            .apply { options.scheduler?.let(::scheduledExecutorService) }
            .socketFactory(sockets)
            .keepAliveTime(options.keepAliveTime.inWholeMilliseconds, TimeUnit.MILLISECONDS)
            .keepAliveTimeout(options.keepAliveTimeout.inWholeMilliseconds, TimeUnit.MILLISECONDS)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .userAgent(listOfNotNull(options.app, "convexgateway-kotlin/$VERSION").joinToString(" "))
            .disableServiceConfigLookUp()
            .disableRetry()
            .build()
        return GatewayConnection(channel, sockets)
    }

    suspend fun query(path: String, args: ByteString, anonymous: Boolean, token: String?): ByteString {
        val request = QueryRequest.newBuilder().setPath(path).setArgsJson(args).setValueFormat(JSON).setAnonymous(anonymous).build()
        val response = call(options.queryTimeout, Repeats.SOME, { token }) { connection, sent, left, metadata ->
            connection.functions.with(sent, left).query(request, metadata)
        }
        options.logLines(path, response.logLinesList)
        return response.valueJson
    }

    /** Makes a mutation: with a request id again until [end], as long as there is no answer. */
    suspend fun mutate(path: String, args: ByteString, requestId: String?, end: TimeMark, sent: Sent, token: () -> String?): Written {
        val request = MutateRequest.newBuilder().setPath(path).setArgsJson(args).setValueFormat(JSON)
            .apply { requestId?.let(::setRequestId) }.build()
        val repeats = if (requestId != null) Repeats.ALL else Repeats.NONE
        val response = call(options.mutationTimeout, repeats, token, sent, end) { connection, sending, left, metadata ->
            connection.functions.with(sending, left).mutate(request, metadata)
        }
        options.logLines(path, response.logLinesList)
        return Written(response.valueJson, if (response.hasCommitTime()) response.commitTime.nanos() else null)
    }

    suspend fun action(path: String, args: ByteString, token: String?): ByteString {
        val request = ActionRequest.newBuilder().setPath(path).setArgsJson(args).setValueFormat(JSON).build()
        val response = call(options.actionTimeout, Repeats.NONE, { token }) { connection, sent, left, metadata ->
            connection.functions.with(sent, left).action(request, metadata)
        }
        options.logLines(path, response.logLinesList)
        return response.valueJson
    }

    /** One Subscribe stream, in the JSON lane. */
    fun subscribe(request: SubscribeRequest.Builder, token: String?): Flow<SubscribeResponse> = link.stream { connection, sent ->
        val message = request.setValueFormat(JSON).build()
        val metadata = headers.of(token)
        counted { connection.functions.withInterceptors(sent, it).subscribe(message, metadata) }
    }

    /** One Watch stream of [commands], which begin with the options. */
    fun watch(commands: Flow<WatchRequest>, token: String?): Flow<WatchResponse> = link.stream { connection, sent ->
        val metadata = headers.of(token)
        counted { connection.functions.withInterceptors(sent, it).watch(commands, metadata) }
    }

    private fun <E> counted(stream: (Intake) -> Flow<E>): Flow<E> = flow {
        val intake = Intake()
        intakes += intake
        try {
            emitAll(stream(intake))
        } finally {
            intakes -= intake
            intake.end()
        }
    }

    /** Waits until the results that have arrived by now were taken by those who follow queries. */
    suspend fun resultsTaken() = intakes.forEach { it.taken() }

    /** One AuthState stream. */
    fun authState(refreshKey: String, token: String): Flow<AuthStateResponse> = link.stream { connection, sent ->
        val request = AuthStateRequest.newBuilder().setRefreshKey(refreshKey).build()
        connection.auth.withInterceptors(sent).authState(request, headers.of(token))
    }

    /**
     * Extends the streams with the key, over the next connection. Not repeated here: the caller does, as long as the token is
     * the newest.
     */
    suspend fun refreshAuth(refreshKey: String, token: String): RefreshAuthResponse {
        val request = RefreshAuthRequest.newBuilder().setRefreshKey(refreshKey).build()
        return link.stream { connection, sent ->
            flow { emit(connection.auth.with(sent, AUTH_TIMEOUT).refreshAuth(request, headers.of(token))) }
        }.onlyOrLeft()
    }

    /** Ends the token's session at the gateway. */
    suspend fun signOut(token: String) {
        call(AUTH_TIMEOUT, Repeats.SOME, { token }) { connection, sent, left, metadata ->
            connection.auth.with(sent, left).signOut(SignOutRequest.getDefaultInstance(), metadata)
        }
    }

    /** Logs what the function [path] has logged. */
    fun log(path: String, lines: List<String>) = options.logLines(path, lines)

    override fun close() = link.close()

    private fun <S : AbstractStub<S>> S.with(sent: Sent, left: Duration): S =
        withInterceptors(sent).withDeadlineAfter(left.inWholeMilliseconds, TimeUnit.MILLISECONDS)

    /**
     * Makes a call over the present connection or the next one; over another one if it was not sent.
     *
     * @param repeats whether it may also be made again if its response was lost
     * @param token to call with, asked before each attempt
     */
    private suspend fun <R : Any> call(
        timeout: Duration,
        repeats: Repeats,
        token: () -> String?,
        sent: Sent = Sent(),
        end: TimeMark = TimeSource.Monotonic.markNow() + timeout,
        rpc: suspend (GatewayConnection, Sent, left: Duration, Metadata) -> R,
    ): R = link.duringCall {
        var repetitions = 0
        while (true) {
            val metadata = withTimeoutOrNull(-end.elapsedNow()) { headers.of(token()) } ?: throw tooLate(timeout)
            val connection = withTimeoutOrNull(-end.elapsedNow()) { link.connection() } ?: throw tooLate(timeout)
            val left = -end.elapsedNow()
            val call = flow { emit(rpc(connection, sent, left, metadata)) }
            sent.begin()
            val failure = try {
                val response = if (repeats == Repeats.NONE) connection.toItsEnd(sent, call) else connection.untilLeft(sent, call)
                return@duringCall response.onlyOrLeft()
            } catch (e: StatusException) {
                e
            }
            val details = StatusDetails.of(failure.trailers)
            val seen = Failure(failure.status, details, failure)
            if (repeats == Repeats.ALL && sent.happened && seen.leavesOpen) sent.mayHaveRun = true
            val again = if (repeats == Repeats.ALL) seen.asksForRepeat else failure.status.code == Status.Code.UNAVAILABLE
            when {
                !again || end.hasPassedNow() || link.isClosed -> throw if (sent.happened) failure else NotSentException(failure)
                !sent.happened || failure is LeftException -> if (link.isCurrent(connection)) delay(SHORT)
                repetitions++ >= repeats.most -> throw failure
                else -> {
                    val asked = details.retryAfterMillis?.milliseconds ?: Duration.ZERO
                    val wait = maxOf(minOf(SHORT * (1 shl minOf(repetitions - 1, 10)), LONG), asked) * Random.nextDouble(0.8, 1.2)
                    if (wait >= -end.elapsedNow()) throw failure
                    link.pause(wait) // another network is tried at once
                }
            }
        }
        @Suppress("UNREACHABLE_CODE")
        error("unreachable")
    }

    private fun tooLate(timeout: Duration): NotSentException {
        val why = link.lastFailure?.let { ": " + it.explained } ?: ""
        return NotSentException(
            Status.DEADLINE_EXCEEDED.withDescription("there was no connection to the gateway within $timeout$why")
                .withCause(link.lastFailure?.cause),
        )
    }

    /** The only element; a flow without one has ended because its connection was left. */
    private suspend fun <E : Any> Flow<E>.onlyOrLeft(): E {
        var element: E? = null
        collect { element = it }
        return element ?: throw LeftException()
    }

    /** How often a call may be made again whose response was lost. */
    private enum class Repeats(val most: Int) {
        NONE(0),
        SOME(3),

        /** For calls with a request id. */
        ALL(Int.MAX_VALUE),
    }

    private companion object {
        const val VERSION = "0.1.0"

        /** A result of Convex has at most 16 MiB, and more as JSON. */
        const val MAX_MESSAGE_BYTES = 64 shl 20
        val SHORT = 500.milliseconds
        val LONG = 8.seconds
        val AUTH_TIMEOUT = 10.seconds
        val JSON = ValueFormat.VALUE_FORMAT_JSON
    }
}

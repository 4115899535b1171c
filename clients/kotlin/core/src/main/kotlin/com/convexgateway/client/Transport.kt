package com.convexgateway.client

import com.convexgateway.v1.ActionRequest
import com.convexgateway.v1.AuthServiceGrpcKt.AuthServiceCoroutineStub
import com.convexgateway.v1.AuthStateRequest
import com.convexgateway.v1.AuthStateResponse
import com.convexgateway.v1.FunctionServiceGrpcKt.FunctionServiceCoroutineStub
import com.convexgateway.v1.MutateRequest
import com.convexgateway.v1.QueryRequest
import com.convexgateway.v1.RefreshAuthRequest
import com.convexgateway.v1.SignOutRequest
import com.convexgateway.v1.SubscribeRequest
import com.convexgateway.v1.SubscribeResponse
import com.convexgateway.v1.ValueFormat
import com.google.protobuf.ByteString
import io.grpc.ManagedChannel
import io.grpc.Metadata
import io.grpc.Status
import io.grpc.StatusException
import io.grpc.okhttp.OkHttpChannelBuilder
import io.grpc.stub.AbstractStub
import java.io.Closeable
import java.util.concurrent.TimeUnit
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow

/**
 * The connection to the gateway, and the calls over it. Calls wait until there is a connection.
 *
 * gRPC's own retries are off: when a connection is lost, the OkHttp transport reports every call on it as never received by the
 * server (grpc/grpc-java, `OkHttpClientTransport.startGoAway`), and the channel would repeat mutations that have run.
 */
internal class Transport(target: Target, private val options: ClientOptions) : Closeable {
    private val channel: ManagedChannel = OkHttpChannelBuilder.forAddress(target.host, target.port)
        .apply { if (target.tls) useTransportSecurity() else usePlaintext() }
        .apply { options.sslSocketFactory?.let(::sslSocketFactory) }
        .keepAliveTime(options.keepAliveTime.inWholeMilliseconds, TimeUnit.MILLISECONDS)
        .keepAliveTimeout(options.keepAliveTimeout.inWholeMilliseconds, TimeUnit.MILLISECONDS)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .userAgent("convexgateway-kotlin/$VERSION")
        .disableServiceConfigLookUp()
        .disableRetry()
        .build()
    private val functions = FunctionServiceCoroutineStub(channel).withWaitForReady()
    private val auth = AuthServiceCoroutineStub(channel).withWaitForReady()

    /** State of the connection. */
    val link = Link(channel)

    suspend fun query(path: String, args: ByteString, token: String?): ByteString {
        val request = QueryRequest.newBuilder().setPath(path).setArgsJson(args).setValueFormat(JSON).build()
        val stub = functions.within(options.queryTimeout)
        return repeatable { stub.query(request, headers(token)) }.valueJson
    }

    suspend fun mutate(path: String, args: ByteString, token: String?): ByteString {
        val request = MutateRequest.newBuilder().setPath(path).setArgsJson(args).setValueFormat(JSON).build()
        return functions.within(options.mutationTimeout).mutate(request, headers(token)).valueJson
    }

    suspend fun action(path: String, args: ByteString, token: String?): ByteString {
        val request = ActionRequest.newBuilder().setPath(path).setArgsJson(args).setValueFormat(JSON).build()
        return functions.within(options.actionTimeout).action(request, headers(token)).valueJson
    }

    /** One Subscribe stream, in the JSON lane. */
    fun subscribe(request: SubscribeRequest.Builder, token: String?): Flow<SubscribeResponse> =
        functions.subscribe(request.setValueFormat(JSON).build(), headers(token))

    /** One AuthState stream. */
    fun authState(refreshKey: String, token: String): Flow<AuthStateResponse> =
        auth.authState(AuthStateRequest.newBuilder().setRefreshKey(refreshKey).build(), headers(token))

    /** Extends the streams with the key. Not repeated here: the caller does, as long as the token is the newest. */
    suspend fun refreshAuth(refreshKey: String, token: String) {
        auth.within(AUTH_TIMEOUT).refreshAuth(RefreshAuthRequest.newBuilder().setRefreshKey(refreshKey).build(), headers(token))
    }

    /** Ends the token's session at the gateway. */
    suspend fun signOut(token: String) {
        val stub = auth.within(AUTH_TIMEOUT)
        repeatable { stub.signOut(SignOutRequest.getDefaultInstance(), headers(token)) }
    }

    override fun close() {
        link.close()
        channel.shutdownNow()
    }

    private fun <S : AbstractStub<S>> S.within(timeout: Duration): S =
        withDeadlineAfter(timeout.inWholeMilliseconds, TimeUnit.MILLISECONDS)

    /** Makes a call, and up to three times again when the gateway was unavailable. */
    private suspend fun <R> repeatable(call: suspend () -> R): R {
        var wait = 500.milliseconds
        repeat(3) {
            try {
                return call()
            } catch (e: StatusException) {
                if (e.status.code != Status.Code.UNAVAILABLE) throw e
                val asked = StatusDetails.of(e.trailers).retryAfterMillis?.milliseconds ?: Duration.ZERO
                delay(maxOf(wait, asked) * Random.nextDouble(0.8, 1.2))
                wait *= 2
            }
        }
        return call()
    }

    private fun headers(token: String?) = Metadata().apply { if (token != null) put(AUTHORIZATION, "Bearer $token") }

    private companion object {
        const val VERSION = "0.1.0"

        /** A result of Convex has at most 16 MiB, and more as JSON. */
        const val MAX_MESSAGE_BYTES = 64 shl 20
        val AUTH_TIMEOUT = 10.seconds
        val JSON = ValueFormat.VALUE_FORMAT_JSON
        val AUTHORIZATION: Metadata.Key<String> = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)
    }
}

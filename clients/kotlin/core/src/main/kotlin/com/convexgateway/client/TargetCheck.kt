package com.convexgateway.client

import io.grpc.Status
import java.net.ConnectException
import java.net.NoRouteToHostException
import java.net.SocketTimeoutException
import java.net.UnknownHostException
import java.security.cert.CertificateException
import javax.net.ssl.SSLPeerUnverifiedException

/** Finds out whether an attempt to connect has failed because of the target's scheme or certificate: waiting does not help then. */
internal class TargetCheck(private val target: Target) {
    private val probe = Probe(target)

    @Volatile
    private var found: Boolean? = null // by the last probe, for as long as connections are closed in the same way

    /** There is a connection, or another network. */
    fun begin() {
        found = null
    }

    /** Explains a [failure] in one line with the target; returns null if it is the network's, or may pass. */
    suspend fun explain(failure: Status): Status? {
        val causes = generateSequence(failure.cause) { it.cause }.take(MAX_CAUSES).toList()
        return (if (target.tls) ofTls(causes) else ofPlaintext(failure, causes))?.let {
            Status.UNAVAILABLE.withDescription("${target.url}: $it").withCause(failure.cause)
        }
    }

    private suspend fun ofTls(causes: List<Throwable>): String? {
        fun hasOneOf(signs: List<String>) = causes.any { cause -> signs.any { cause.message.orEmpty().contains(it, ignoreCase = true) } }
        return when {
            causes.any { it is CertificateException || it is SSLPeerUnverifiedException } -> "its certificate is not accepted"
            hasOneOf(OTHER_TLS) -> "what answers there does not speak HTTP/2 over TLS as the gateway does"
            hasOneOf(NO_TLS) || finds(causes) { probe.speaksHttp2() } ->
                "what answers there does not speak TLS; without it the target is ${otherwise()}"
            else -> null
        }
    }

    private suspend fun ofPlaintext(failure: Status, causes: List<Throwable>): String? = when {
        finds(causes) { probe.speaksTls() } -> "what answers there speaks TLS; with it the target is ${otherwise()}"
        failure.code == Status.Code.INTERNAL -> "what answers there does not speak HTTP/2, so it is not the gateway's gRPC address"
        else -> null
    }

    /** What a probe finds if the connection was closed without a reason. In a row of such failures there is one probe. */
    private suspend fun finds(causes: List<Throwable>, probe: suspend () -> Boolean): Boolean {
        val isReached = causes.none { cause -> UNREACHABLE.any { it.isInstance(cause) } }
        found = if (isReached) found ?: probe() else null
        return found == true
    }

    private fun otherwise() = target.copy(tls = !target.tls).url

    private companion object {
        const val MAX_CAUSES = 10
        val UNREACHABLE = listOf(
            ConnectException::class, NoRouteToHostException::class, SocketTimeoutException::class, UnknownHostException::class,
        )

        /** In errors where another protocol than TLS is spoken: the JDK's, and two of Android's. */
        val NO_TLS = listOf("unrecognized SSL message", "WRONG_VERSION_NUMBER", "parse TLS packet header")

        /** In errors where no version, cipher suite or protocol is common: alerts, and gRPC's own. */
        val OTHER_TLS = listOf("protocol_version", "handshake_failure", "no_application_protocol", "ALPN negotiation failed")
    }
}

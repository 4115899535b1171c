package com.convexgateway.client

import java.io.IOException
import java.io.InputStream
import java.net.InetSocketAddress
import java.net.Socket
import kotlin.coroutines.resume
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withTimeoutOrNull

/**
 * Finds out whether a server speaks TLS, or HTTP/2 without it, over a connection of its own: a server that gets the wrong one of
 * the two may close the connection without a response, as one that restarts does.
 */
internal class Probe(private val target: Target) {
    /** Whether a TLS server answers: with its part of the handshake, or an alert. */
    suspend fun speaksTls() = answerTo(CLIENT_HELLO).let { it.size >= 2 && it[0] in TLS_RECORDS && it[1] == TLS_MAJOR }

    /** Whether an HTTP/2 server answers: its first frame is a SETTINGS frame. */
    suspend fun speaksHttp2() = answerTo(PREFACE).let { it.size >= 4 && it[0] == ZERO && it[3] == SETTINGS }

    /** The first bytes of the answer; none if there is no connection, no answer, or none in time. */
    private suspend fun answerTo(request: ByteArray): ByteArray = withTimeoutOrNull(TIMEOUT) {
        suspendCancellableCoroutine { continuation ->
            val socket = Socket()
            continuation.invokeOnCancellation { socket.close() }
            Dispatchers.IO.asExecutor().execute {
                continuation.resume(socket.use { exchange(it, request) })
            }
        }
    } ?: ByteArray(0)

    private fun exchange(socket: Socket, request: ByteArray): ByteArray = try {
        socket.connect(InetSocketAddress(target.host, target.port))
        socket.getOutputStream().apply { write(request) }.flush()
        first(socket.getInputStream())
    } catch (_: IOException) {
        ByteArray(0)
    }

    private fun first(input: InputStream): ByteArray {
        val bytes = ByteArray(ENOUGH)
        var size = 0
        while (size < ENOUGH) {
            val more = input.read(bytes, size, ENOUGH - size)
            if (more < 0) break
            size += more
        }
        return bytes.copyOf(size)
    }

    private companion object {
        val TIMEOUT = 5.seconds
        const val ENOUGH = 4

        /** Alerts and handshakes. (RFC 8446 §5.1) */
        val TLS_RECORDS = setOf<Byte>(21, 22)
        const val TLS_MAJOR: Byte = 3

        /** Type of the frame that a server's preface is, and the first byte of its length. (RFC 9113 §3.4) */
        const val SETTINGS: Byte = 4
        const val ZERO: Byte = 0

        /** The client's preface with an empty SETTINGS frame. */
        val PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".toByteArray() + byteArrayOf(0, 0, 0, SETTINGS, 0, 0, 0, 0, 0)

        /** A ClientHello of TLS 1.2 with one cipher suite; a server that does not take it sends an alert. (RFC 5246 §7.4.1.2) */
        val CLIENT_HELLO = byteArrayOf(22, TLS_MAJOR, 1, 0, 45, 1, 0, 0, 41, TLS_MAJOR, 3) + ByteArray(32) +
            byteArrayOf(0, 0, 2, 0xc0.toByte(), 0x2f, 1, 0)
    }
}

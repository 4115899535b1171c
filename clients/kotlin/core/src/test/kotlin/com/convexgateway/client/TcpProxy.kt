package com.convexgateway.client

import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentHashMap

/** Forwards TCP connections, which tests can cut or mute. */
class TcpProxy(target: String) : AutoCloseable {
    private val host = target.substringBeforeLast(':')
    private val port = target.substringAfterLast(':').toInt()
    private val listener = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    private val open = ConcurrentHashMap.newKeySet<Socket>()

    private val answers = ConcurrentHashMap.newKeySet<InputStream>()

    @Volatile
    private var down = false

    /** The address for clients. */
    val target = "http://127.0.0.1:${listener.localPort}"

    /** Number of connections since the start. */
    @Volatile
    var connections = 0
        private set

    /** What clients have sent. */
    private val sent = StringBuffer()

    init {
        daemon {
            while (true) {
                val client = listener.accept()
                if (down) client.close() else pass(client)
            }
        }
    }

    /** Whether responses are dropped. */
    @Volatile
    var mute = false

    /** How often clients have sent a text. Headers are not counted, because HTTP/2 compresses them. */
    fun carried(text: String) = sent.split(text).size - 1

    /** Cuts all connections. */
    fun cut() = open.forEach { it.close() }

    /** Cuts all connections, and accepts none until [up]. */
    fun down() {
        down = true
        cut()
    }

    fun up() {
        down = false
    }

    override fun close() {
        listener.close()
        cut()
    }

    private fun pass(client: Socket) {
        connections++
        val server = Socket(host, port)
        open += listOf(client, server)
        val answer = server.getInputStream()
        answers += answer
        daemon { copy(client.getInputStream(), server.getOutputStream(), client, server) { sent.append(it) } }
        daemon { copy(answer, client.getOutputStream(), client, server) { } }
    }

    private fun copy(from: InputStream, to: OutputStream, vararg ends: Socket, see: (String) -> Unit) = try {
        val buffer = ByteArray(16 shl 10)
        while (true) {
            val size = from.read(buffer)
            if (size < 0) break
            see(String(buffer, 0, size, Charsets.ISO_8859_1))
            if (!mute || from !in answers) to.write(buffer, 0, size)
        }
    } finally {
        ends.forEach { it.close() }
        open -= ends.toSet()
    }

    private fun daemon(run: () -> Unit) = Thread {
        try {
            run()
        } catch (_: IOException) {
            // one of the two is closed
        }
    }.apply { isDaemon = true }.start()
}

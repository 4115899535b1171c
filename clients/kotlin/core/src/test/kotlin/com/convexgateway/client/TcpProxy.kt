package com.convexgateway.client

import java.io.InputStream
import java.io.OutputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentHashMap

/** Passes TCP connections on, until it is told otherwise. */
class TcpProxy(target: String) : AutoCloseable {
    private val host = target.substringBeforeLast(':')
    private val port = target.substringAfterLast(':').toInt()
    private val listener = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    private val open = ConcurrentHashMap.newKeySet<Socket>()

    @Volatile
    private var down = false

    /** Where clients find it. */
    val target = "http://127.0.0.1:${listener.localPort}"

    /** How many connections there have been. */
    @Volatile
    var connections = 0
        private set

    init {
        daemon {
            while (true) {
                val client = listener.accept()
                if (down) client.close() else pass(client)
            }
        }
    }

    /** Cuts all connections. */
    fun cut() = open.forEach { it.close() }

    /** Cuts all connections, and takes none until it is [up]. */
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
        daemon { copy(client.getInputStream(), server.getOutputStream(), client, server) }
        daemon { copy(server.getInputStream(), client.getOutputStream(), client, server) }
    }

    private fun copy(from: InputStream, to: OutputStream, vararg ends: Socket) = try {
        from.transferTo(to)
    } finally {
        ends.forEach { it.close() }
        open -= ends.toSet()
    }

    private fun daemon(run: () -> Unit) = Thread {
        try {
            run()
        } catch (_: java.io.IOException) {
            // one of the two is gone
        }
    }.apply { isDaemon = true }.start()
}

package com.convexgateway.client

import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicLong

/** Forwards TCP connections, which tests can cut, freeze, mute, deafen, refuse, or accept without ever answering. */
class TcpProxy(target: String) : AutoCloseable {
    private class Pair(val client: Socket, val server: Socket) {
        @Volatile
        var frozen = false

        fun close() {
            client.close()
            server.close()
        }
    }

    private val host = target.substringBeforeLast(':')
    private val port = target.substringAfterLast(':').toInt()
    private val listener = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    private val pairs = ConcurrentHashMap.newKeySet<Pair>()
    private val unanswered = ConcurrentHashMap.newKeySet<Socket>()
    private val count = AtomicLong()

    @Volatile
    private var down = false

    /** Address of the listener, `host:port`. */
    val address = "127.0.0.1:${listener.localPort}"

    /** The address for clients. */
    val target = "http://$address"

    /** Number of connections that were forwarded since the start. */
    @Volatile
    var connections = 0
        private set

    /** Number of connections that were accepted since the start, forwarded or not. */
    @Volatile
    var attempts = 0
        private set

    /** Number of connections that are open now. */
    val open: Int get() = pairs.size + unanswered.size

    /** Bytes that were read from either side since the start. */
    val bytes: Long get() = count.get()

    /** What clients have sent. */
    private val sent = StringBuffer()

    init {
        daemon {
            while (true) {
                val client = listener.accept()
                val treat = if (down) Socket::close else if (silent) ::hold else ::pass // before it is counted
                attempts++
                treat(client)
            }
        }
    }

    /** Whether responses are dropped. */
    @Volatile
    var mute = false

    /** Whether requests are dropped. */
    @Volatile
    var deaf = false

    /** Whether new connections are accepted and never answered, as a captive portal does. */
    @Volatile
    var silent = false

    /** How often clients have sent a text. Headers are not counted, because HTTP/2 compresses them. */
    fun carried(text: String) = sent.split(text).size - 1

    /** Cuts all connections; those that are open afterwards are new. */
    fun cut() {
        pairs.forEach {
            it.close()
            pairs -= it
        }
        unanswered.forEach {
            it.close()
            unanswered -= it
        }
    }

    /** Neither side of the present connections gets anything any more, nor their end: the network is gone. */
    fun freeze() = pairs.forEach { it.frozen = true }

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

    private fun hold(client: Socket) {
        unanswered += client
        daemon {
            try {
                while (client.getInputStream().read() >= 0) Unit
            } finally {
                client.close()
                unanswered -= client
            }
        }
    }

    private fun pass(client: Socket) {
        connections++
        val pair = Pair(client, Socket(host, port))
        pairs += pair
        daemon { copy(client.getInputStream(), pair.server.getOutputStream(), pair, { deaf }) { sent.append(it) } }
        daemon { copy(pair.server.getInputStream(), client.getOutputStream(), pair, { mute }) { } }
    }

    private fun copy(from: InputStream, to: OutputStream, pair: Pair, drop: () -> Boolean, see: (String) -> Unit) = try {
        val buffer = ByteArray(16 shl 10)
        while (true) {
            val size = from.read(buffer)
            if (size < 0) break
            count.addAndGet(size.toLong())
            if (pair.frozen) continue
            see(String(buffer, 0, size, Charsets.ISO_8859_1))
            if (!drop()) to.write(buffer, 0, size)
        }
    } finally {
        pair.close()
        pairs -= pair
    }

    private fun daemon(run: () -> Unit) = Thread {
        try {
            run()
        } catch (_: IOException) {
            // one of the two is closed
        }
    }.apply { isDaemon = true }.start()
}

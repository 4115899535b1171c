package com.convexgateway.client

import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.Socket
import java.net.SocketException
import javax.net.SocketFactory

/**
 * Makes the sockets of one connection, and closes them all, whatever they wait for: the OkHttp transport itself cannot end a
 * TCP connect or a TLS handshake that gets no answer.
 */
internal class Sockets : SocketFactory() {
    private val made = ArrayList<Socket>()
    private var closed = false

    override fun createSocket(): Socket = Socket().also {
        synchronized(made) {
            if (closed) throw SocketException("closed")
            made += it
        }
    }

    override fun createSocket(host: String, port: Int): Socket = connected(InetSocketAddress(host, port), null)

    override fun createSocket(address: InetAddress, port: Int): Socket = connected(InetSocketAddress(address, port), null)

    override fun createSocket(host: String, port: Int, localHost: InetAddress, localPort: Int): Socket =
        connected(InetSocketAddress(host, port), InetSocketAddress(localHost, localPort))

    override fun createSocket(address: InetAddress, port: Int, localAddress: InetAddress, localPort: Int): Socket =
        connected(InetSocketAddress(address, port), InetSocketAddress(localAddress, localPort))

    /** Closes the sockets made so far; no others are made. */
    fun close() {
        val all = synchronized(made) {
            closed = true
            made.toList()
        }
        for (socket in all) runCatching { socket.close() }
    }

    private fun connected(to: InetSocketAddress, from: InetSocketAddress?) = createSocket().apply {
        from?.let(::bind)
        connect(to)
    }
}

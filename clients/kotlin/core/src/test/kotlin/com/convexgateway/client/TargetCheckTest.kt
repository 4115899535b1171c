package com.convexgateway.client

import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Targets with a wrong scheme or port, which waiting does not mend. A call waits for a minute if it is not found. */
class TargetCheckTest {
    private val dev = DevGateway.shared

    /** Answers the first bytes of each connection with bytes of its own, and closes it. */
    private class Answering(private val answer: ByteArray) : AutoCloseable {
        private val listener = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
        val address = "127.0.0.1:${listener.localPort}"

        init {
            Thread { serve() }.apply { isDaemon = true }.start()
        }

        private fun serve() {
            while (!listener.isClosed) try {
                listener.accept().use {
                    it.getInputStream().read()
                    it.getOutputStream().write(answer)
                }
            } catch (_: IOException) {
                // the connection, or the listener, is closed
            }
        }

        override fun close() = listener.close()
    }

    private suspend fun errorOf(target: String) = ConvexGatewayClient(target).use { client ->
        val error = assertFailsWith<GatewayError> { client.query<Double>("counter:get", mapOf("name" to "x")) }
        assertEquals("UNAVAILABLE", error.reason)
        error.message!!.also { assertTrue('\n' !in it && "at io." !in it, it) }
    }

    @Test
    fun `https without TLS at the gateway is found at once`() = test(30.seconds) {
        val expected = "https://${dev.grpc}: what answers there does not speak TLS; without it the target is http://${dev.grpc}"
        assertTrue(errorOf("https://${dev.grpc}").startsWith(expected))
        assertTrue(errorOf(dev.grpc).startsWith(expected)) // without a scheme it is https
    }

    @Test
    fun `servers of other protocols are found at once`() = test(30.seconds) {
        Answering("HTTP/1.1 400 Bad Request\r\n\r\n".toByteArray()).use { http ->
            assertTrue("does not speak HTTP/2" in errorOf("http://${http.address}"))
            assertTrue("does not speak TLS" in errorOf("https://${http.address}"))
        }
        Answering(byteArrayOf(21, 3, 1, 0, 2, 2, 70)).use { alert ->
            assertTrue("speaks TLS" in errorOf("http://${alert.address}"))
            assertTrue("HTTP/2 over TLS" in errorOf("https://${alert.address}"))
        }
    }

    @Test
    fun `a call between two attempts fails at once, too, and the app's logger gets one line`() = test(30.seconds) {
        val lines = ConcurrentLinkedQueue<String>()
        val options = ClientOptions(logger = { level, message, _ -> lines += "$level $message" }, connectTimeout = 5.minutes)
        ConvexGatewayClient("https://${dev.grpc}", options).use { client ->
            repeat(30) { assertFailsWith<GatewayError> { client.mutation("messages:send") } } // far more than attempts
            assertTrue(lines.single().startsWith("WARN https://${dev.grpc}: "), "$lines")
        }
    }

    @Test
    fun `a gateway that closes connections, or is not running, is waited for with either scheme`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            proxy.down()
            val nobody = "127.0.0.1:${GatewayProcess.freePort()}"
            for (target in listOf("https://${proxy.address}", "http://${proxy.address}", "https://$nobody", "http://$nobody")) {
                ConvexGatewayClient(target, ClientOptions(queryTimeout = 1500.milliseconds)).use { client ->
                    val error = assertFailsWith<GatewayError> { client.query<Double>("counter:get") }
                    assertEquals("DEADLINE_EXCEEDED", error.reason)
                    assertTrue(error.message!!.startsWith("there was no connection") && '\n' !in error.message!!, error.message)
                }
            }
        }
    }

    @Test
    fun `a probe is made once as long as connections are closed in the same way`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            proxy.down()
            val check = TargetCheck(Target.parse(proxy.target))
            val closed = io.grpc.Status.UNAVAILABLE.withDescription("End of stream")
            repeat(3) { check.explain(closed) }
            assertEquals(1, proxy.attempts)
            check.begin()
            check.explain(closed)
            assertEquals(2, proxy.attempts)
            check.explain(closed.withCause(java.net.ConnectException()))
            check.explain(closed)
            assertEquals(3, proxy.attempts)
        }
    }

    @Test
    fun `a probe finds what a server speaks`() = test {
        Probe(Target.parse("http://${dev.grpc}")).let { assertEquals(true to false, it.speaksHttp2() to it.speaksTls()) }
        TcpProxy(dev.grpc).use { proxy ->
            proxy.silent = true
            val probe = Probe(Target.parse(proxy.target))
            assertEquals(false to false, probe.speaksHttp2() to probe.speaksTls())
            eventually { proxy.open == 0 } // its connections are closed
        }
    }
}

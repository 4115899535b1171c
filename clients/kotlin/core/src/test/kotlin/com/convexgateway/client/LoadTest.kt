package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import org.junit.jupiter.api.parallel.Isolated

/** Isolated, because it measures the memory of the process. */
@Isolated
class LoadTest {
    private val dev = DevGateway.shared

    @Test
    fun `a thousand subscriptions share one connection, and resume over the next`() = test(2.minutes) {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target).use { client ->
                val channel = TestChannel(client)
                val all = List(1000) { channel.messages().events(this) }
                all.forEach { assertEquals(emptyList(), it.receive().bodies()) }
                channel.send("one")
                all.forEach { assertEquals(listOf("one"), it.receive().bodies()) }
                assertEquals(1, proxy.connections)

                proxy.cut()
                eventually { proxy.connections == 2 }
                channel.send("two")
                all.forEach { assertEquals(listOf("one", "two"), it.receive().bodies()) }
            }
        }
    }

    @Test
    fun `memory does not grow over ten thousand subscriptions`() = test(4.minutes) {
        ConvexGatewayClient(dev.target).use { client ->
            val channel = TestChannel(client)
            suspend fun cycles(count: Int) = List(50) {
                async { repeat(count / 50) { channel.messages().first().getOrThrow() } }
            }.awaitAll()
            cycles(2_000) // allocates what is allocated once
            val before = used()
            cycles(10_000)
            val grown = used() - before
            println("10,000 subscriptions made and cancelled: memory grew by $grown bytes, from $before")
            assertTrue(grown < 8 shl 20, "memory grew by $grown bytes")
        }
    }

    @Test
    fun `closed clients leave no threads of their own`() = test(2.minutes) {
        fun connections() = Thread.getAllStackTraces().keys.count { "OkHttpClientTransport" in it.name }
        repeat(20) { n ->
            ConvexGatewayClient(dev.target, TokenSupplier { dev.token("load$n") }).use { client ->
                client.query<Me>("users:me")
                val job = launch { client.subscribe<Me?>("users:me").collect {} }
                client.connectionState.first { it == WebSocketState.CONNECTED }
                assertTrue(connections() > 0)
                job.cancel()
            }
        }
        eventually { connections() == 0 }
    }

    /** Bytes in use, once they no longer shrink by collection. */
    private fun used(): Long {
        val runtime = Runtime.getRuntime()
        return (1..5).minOf {
            System.gc()
            runtime.totalMemory() - runtime.freeMemory()
        }
    }
}

package com.convexgateway.client

import com.convexgateway.client.Connection.State
import io.grpc.okhttp.OkHttpChannelBuilder
import java.time.Clock
import java.time.Duration
import java.time.Instant
import java.time.ZoneOffset
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch

/** What an app can show about its connection. */
class ConnectionTest {
    private val noon: Instant = Instant.parse("2026-01-01T12:00:00Z")

    private fun link(target: String): Link {
        val at = Target.parse(target)
        val connect = {
            val sockets = Sockets()
            val channel = OkHttpChannelBuilder.forAddress(at.host, at.port).usePlaintext().socketFactory(sockets).disableRetry().build()
            GatewayConnection(channel, sockets)
        }
        return Link(connect, TargetCheck(at), ClientOptions(), Clock.fixed(noon, ZoneOffset.UTC)).apply { start() }
    }

    @Test
    fun `after a failed attempt it has the error and the time of the next attempt`() = test {
        link("http://127.0.0.1:${GatewayProcess.freePort()}").use { link ->
            val waiting = link.connectionState.first { it.state == State.WAITING }
            assertEquals(noon, waiting.since)
            val wait = Duration.between(noon, assertNotNull(waiting.nextAttempt)).toMillis()
            assertTrue(wait in 500..1500, "$wait ms")
            val error = assertIs<ConvexException.NotSent>(waiting.lastError)
            assertEquals("UNAVAILABLE", error.code)
        }
    }

    @Test
    fun `a connection has neither, and the time since when it is made`() = test {
        link(DevGateway.shared.target).use { link ->
            assertEquals(Connection(State.CONNECTED, noon), link.connectionState.first { it.state == State.CONNECTED })
        }
    }

    @Test
    fun `it follows the client's life`() = test {
        val port = GatewayProcess.freePort()
        ConvexClient("http://127.0.0.1:$port", ClientOptions(idleAfter = 50.milliseconds)).use { client ->
            val before = Instant.now()
            assertEquals(State.RESTING, client.connection.first { it.state == State.RESTING }.state)
            val reader = launch { client.subscribe<List<Message>>("messages:list").collect {} }
            val waiting = client.connection.first { it.state == State.WAITING }
            assertNotNull(waiting.lastError)
            assertTrue(waiting.since >= before && waiting.nextAttempt!! > waiting.since)
            GatewayProcess.serve(DevGateway.shared.deployment, port).use {
                val connected = client.connection.first { it.state == State.CONNECTED }
                assertNull(connected.lastError)
                assertNull(connected.nextAttempt)
                client.pause()
                assertEquals(State.RESTING, client.connection.first { it.state != State.CONNECTED && it.state != State.CONNECTING }.state)
                reader.cancel()
                client.close()
                assertEquals(State.CLOSED, client.connection.value.state)
            }
        }
    }

    @Test
    fun `a lost deployment is another state than a lost gateway`() = test {
        val port = GatewayProcess.freePort()
        val dev = DevGateway(port)
        GatewayProcess.serve("http://127.0.0.1:$port", GatewayProcess.freePort()).use { gateway ->
            ConvexClient(gateway.target).use { client ->
                val reader = launch { client.subscribe<List<Message>>("messages:list").collect {} }
                client.connection.first { it.state == State.CONNECTED }
                client.subscribe<List<Message>>("messages:list").first().getOrThrow()
                dev.kill()
                assertEquals(State.DEPLOYMENT_LOST, client.connection.first { it.state != State.CONNECTED }.state)
                reader.cancel()
            }
        }
    }
}

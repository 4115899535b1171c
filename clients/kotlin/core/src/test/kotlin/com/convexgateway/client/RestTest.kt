package com.convexgateway.client

import java.util.UUID
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first

/** A client of which nothing is asked does nothing. */
class RestTest {
    private val dev = DevGateway.shared
    private val user = "rest" + UUID.randomUUID().toString().filter { it.isLetterOrDigit() }

    @Test
    fun `180 s of rest of a signed-in client`() = test(2.minutes) {
        TcpProxy(dev.grpc).use { proxy ->
            val minted = AtomicInteger()
            val supplier = TokenSupplier { dev.token(user, "4s").also { minted.incrementAndGet() } }
            val fast = FastScheduler(20)
            val options = ClientOptions(scheduler = fast, connectTimeout = 10.minutes) // a busy machine makes no second attempt
            ConvexGatewayClient(proxy.target, supplier, options).use { client ->
                val mine = client.subscribe<Me>("users:me")
                assertEquals("user_$user", mine.first().getOrThrow().subject)
                eventually { proxy.open == 0 && fast.tasks == 0 } // after 30 s
                val before = Triple(proxy.attempts, proxy.bytes, minted.get())
                repeat(180) {
                    delay(1.seconds / 20)
                    assertEquals(0 to 0, proxy.open to fast.tasks)
                }
                assertEquals(before, Triple(proxy.attempts, proxy.bytes, minted.get()))
                assertIs<AuthState.Authenticated<*>>(client.authState.value)
                val followed = mine.events(this)
                assertEquals("user_$user", followed.receive().getOrThrow().subject) // the token has expired
                assertEquals("user_$user", client.query<Me>("users:me").subject)
                assertEquals(before.first + 1, proxy.attempts)
            }
        }
    }

    @Test
    fun `a client without a user, and one whose gateway is away, rest likewise`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            for (down in listOf(false, true)) {
                if (down) proxy.down()
                val fast = FastScheduler(20)
                ConvexGatewayClient(proxy.target, ClientOptions(scheduler = fast, idleAfter = 80.seconds)).use { client ->
                    eventually { proxy.attempts > 0 }
                    eventually { !client.transport.link.wanted.value && proxy.open == 0 && fast.tasks == 0 }
                    val attempts = proxy.attempts
                    delay(3.seconds)
                    assertEquals(attempts to 0, proxy.attempts to fast.tasks)
                    client.onNetworkAvailable()
                    delay(200)
                    assertEquals(attempts, proxy.attempts, "a network is no need for a connection")
                }
            }
        }
    }

    @Test
    fun `a client that follows something does not rest, and rests while it is paused`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            val options = ClientOptions(idleAfter = 1.seconds)
            ConvexGatewayClient(proxy.target, options).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    val channel = TestChannel(other)
                    val events = channel.messages(client).events(this)
                    events.receive()
                    delay(2.seconds)
                    assertEquals(1, proxy.open)
                    client.pause()
                    eventually { proxy.open == 0 }
                    channel.send("while paused")
                    delay(500)
                    assertTrue(events.tryReceive().isFailure)
                    assertEquals(0.0, client.query<Double>("counter:get", mapOf("name" to channel.name))) // calls are made
                    eventually { proxy.open == 0 }
                    client.resume()
                    assertEquals(listOf("while paused"), events.receive().bodies())
                }
            }
        }
    }
}

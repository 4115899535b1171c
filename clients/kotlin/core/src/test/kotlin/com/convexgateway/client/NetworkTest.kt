package com.convexgateway.client

import java.lang.ref.WeakReference
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.json.JsonElement

/** Networks that do not answer, freeze, lose one direction, refuse, or are replaced by others. */
class NetworkTest {
    private val dev = DevGateway.shared
    private val impatient = ClientOptions(connectTimeout = 1.seconds)

    @Test
    fun `a connection that is accepted and never answered is given up`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            proxy.silent = true
            ConvexGatewayClient(proxy.target, impatient).use { client ->
                val answer = async { client.query<String>("values:echo", mapOf("value" to "well again")) }
                eventually { proxy.attempts >= 2 }
                proxy.silent = false
                assertEquals("well again", withTimeout(20.seconds) { answer.await() })
                eventually { proxy.open == 1 } // what was given up is closed
            }
        }
    }

    @Test
    fun `a TLS handshake that is never answered is given up, and its socket closed`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            proxy.silent = true
            ConvexGatewayClient("https://${proxy.address}", impatient).use { client ->
                eventually { proxy.attempts >= 2 }
                assertEquals(WebSocketState.CONNECTING, client.connectionState.value)
                assertTrue(proxy.open <= 1, "${proxy.open} open")
            }
            eventually { proxy.open == 0 }
        }
    }

    @Test
    fun `a TLS handshake that is cut is no reason to fail calls`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            proxy.down()
            ConvexGatewayClient("https://${proxy.address}", ClientOptions(queryTimeout = 4.seconds)).use { client ->
                val error = assertFailsWith<GatewayError> { client.query<Double>("counter:get", mapOf("name" to "x")) }
                assertEquals("DEADLINE_EXCEEDED", error.reason)
                assertTrue(proxy.attempts >= 2)
            }
        }
    }

    @Test
    fun `a connection whose responses are lost from its beginning is given up`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            proxy.mute = true
            ConvexGatewayClient(proxy.target, impatient).use { client ->
                eventually { proxy.attempts >= 2 }
                proxy.mute = false
                withTimeout(20.seconds) { client.connectionState.first { it == WebSocketState.CONNECTED } }
            }
        }
    }

    @Test
    fun `after a change of networks all streams and queries use the new one`() = test(2.minutes) {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    val channel = TestChannel(other)
                    val all = List(100) { channel.messages(client).events(this) }
                    all.forEach { it.receive() }
                    var sent = emptyList<String>()
                    for (turn in 1..5) {
                        proxy.freeze()
                        val query = async { client.query<Double>("counter:get", mapOf("name" to "network")) }
                        channel.send("$turn")
                        sent = sent + "$turn"
                        client.onNetworkAvailable()
                        val took = measureTime {
                            all.forEach { assertEquals(sent, it.until { result -> result.bodies().size == turn }.bodies()) }
                            query.await()
                        }
                        assertTrue(took < 15.seconds, "turn $turn took $took")
                    }
                    eventually { proxy.open == 1 }
                }
            }
        }
    }

    @Test
    fun `a mutation that was never sent has not an unknown outcome`() = test {
        val nobody = "http://127.0.0.1:${GatewayProcess.freePort()}"
        val options = ClientOptions(mutationTimeout = 500.milliseconds, actionTimeout = 500.milliseconds)
        ConvexGatewayClient(nobody, options).use { client ->
            val error = assertFailsWith<GatewayError> { client.mutation("messages:send") }
            assertEquals("DEADLINE_EXCEEDED", error.reason)
            assertEquals("DEADLINE_EXCEEDED", assertFailsWith<GatewayError> { client.action("actions:sleep") }.reason)
        }
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target, options).use { client ->
                client.connectionState.first { it == WebSocketState.CONNECTED }
                proxy.down()
                client.connectionState.first { it == WebSocketState.CONNECTING } // what is sent before may have arrived
                assertEquals("DEADLINE_EXCEEDED", assertFailsWith<GatewayError> { client.mutation("messages:send") }.reason)
                proxy.up()
                proxy.silent = true
                client.onNetworkAvailable()
                assertEquals("DEADLINE_EXCEEDED", assertFailsWith<GatewayError> { client.mutation("messages:send") }.reason)
            }
        }
    }

    @Test
    fun `an unreachable gateway is tried as often as the backoff says`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            proxy.down()
            val fast = ClientOptions(scheduler = FastScheduler(20), queryTimeout = 400.seconds)
            ConvexGatewayClient(proxy.target, fast).use { client ->
                val followed = client.subscribe<Double>("counter:get", mapOf("name" to "x")).events(this)
                delay(240.seconds / 20)
                assertTrue(proxy.attempts in 6..20, "${proxy.attempts} attempts")
                proxy.up()
                followed.receive()
            }
        }
    }

    @Test
    fun `subscriptions added and removed while disconnected leave the set as it is now, and nothing of the removed`() = test(2.minutes) {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target, ClientOptions(idleAfter = 1.seconds)).use { client ->
                client.connectionState.first { it == WebSocketState.CONNECTED }
                proxy.down()
                client.connectionState.first { it == WebSocketState.CONNECTING }
                val channel = TestChannel(client)
                val removed = ArrayList<WeakReference<Any>>()
                repeat(100) {
                    val added = List(100) {
                        val type = object : DeserializationStrategy<JsonElement> by JsonElement.serializer() {} // is held by all of it
                        removed += WeakReference(type)
                        val flow = client.subscribe("messages:list", mapOf("channel" to channel.name), type)
                        launch(start = CoroutineStart.UNDISPATCHED) { flow.collect {} }
                    }
                    added.forEach { it.cancelAndJoin() }
                }
                eventually {
                    System.gc()
                    removed.all { it.get() == null }
                }
                val arrived = Channel<List<String>>(3)
                val kept = List(3) { launch { channel.messages().collect { arrived.send(it.bodies()) } } }
                proxy.up()
                client.onNetworkAvailable()
                repeat(3) { assertEquals(emptyList(), arrived.receive()) }
                assertEquals(1, proxy.carried(channel.name)) // the three are equal, and share a stream
                kept.forEach { it.cancelAndJoin() }
                eventually { proxy.open == 0 } // at rest: nothing is followed
            }
        }
    }

    @Test
    fun `closed clients leave no connection`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            repeat(300) {
                ConvexGatewayClient(proxy.target).use { client -> client.connectionState.first { it == WebSocketState.CONNECTED } }
            }
            eventually { proxy.open == 0 }
        }
    }

    @Test
    fun `a cancelled coroutine does not cut a mutation that was sent`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    client.connectionState.first { it == WebSocketState.CONNECTED }
                    val channel = TestChannel(other)
                    proxy.mute = true // so that they stay under way
                    val calls = List(20) { async { channel.send("kept $it", by = client) } }
                    eventually { proxy.carried(channel.name) == 20 }
                    delay(1.seconds)
                    val before = proxy.bytes
                    calls.forEach { it.cancelAndJoin() }
                    delay(1.seconds)
                    assertEquals(before, proxy.bytes, "the client has sent something for the cancelled calls")
                    val events = channel.messages(other).events(this)
                    events.until { it.bodies().size == 20 }
                }
            }
        }
    }

    @Test
    fun `a mutation that waits for a connection is not made after its coroutine was cancelled`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            proxy.down()
            ConvexGatewayClient(proxy.target).use { client ->
                val channel = TestChannel(client)
                val waiting = List(5) { async { channel.send("never") } }
                delay(100.milliseconds)
                waiting.forEach { it.cancelAndJoin() }
                proxy.up()
                client.onNetworkAvailable()
                assertEquals(emptyList(), channel.messages().first().bodies())
                delay(300.milliseconds)
                assertEquals(0, proxy.carried("messages:send"))
            }
        }
    }

    @Test
    fun `a caller that changes its arguments after a call changes nothing`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            proxy.down() // so that the call waits
            ConvexGatewayClient(proxy.target).use { client ->
                val bytes = byteArrayOf(1, 2, 3)
                val list = mutableListOf<Any?>(bytes)
                val args = mutableMapOf<String, Any?>("value" to mapOf("list" to list))
                val flow = client.subscribe<JsonElement>("values:echo", args)
                val calls = listOf<suspend () -> JsonElement>({ client.query("values:echo", args) }, { flow.first().getOrThrow() })
                    .map { async(start = CoroutineStart.UNDISPATCHED) { it() } }
                val bytesOnly = client.subscribe<Bytes>("values:echo", argsOf("value" to bytes))
                bytes[0] = 9
                list += "another"
                args["value"] = "other"
                proxy.up()
                client.onNetworkAvailable()
                for (call in calls) assertEquals("""{"list":[{"${'$'}bytes":"AQID"}]}""", call.await().toString())
                assertEquals(listOf<Byte>(1, 2, 3), bytesOnly.first().getOrThrow().toList())
            }
        }
    }
}

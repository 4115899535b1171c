package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first

/** Connections are cut, and gateways and deployments restarted, while queries are followed. */
class ReconnectTest {
    private val dev = DevGateway.shared

    @Test
    fun `a cut connection loses no change and repeats nothing`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    val channel = TestChannel(other)
                    val events = channel.messages(client).events(this)
                    assertEquals(emptyList(), events.receive().bodies())

                    proxy.down()
                    client.connectionState.first { it == WebSocketState.CONNECTING }
                    channel.send("while down")
                    proxy.up()
                    assertEquals(listOf("while down"), events.receive().bodies())

                    val before = proxy.connections
                    proxy.cut()
                    eventually { proxy.connections > before }
                    client.connectionState.first { it == WebSocketState.CONNECTED }
                    channel.send("after the second cut") // `unchanged` before is not emitted
                    assertEquals(listOf("while down", "after the second cut"), events.receive().bodies())
                }
            }
        }
    }

    @Test
    fun `many cuts lose nothing`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    val channel = TestChannel(other)
                    val all = List(20) { channel.messages(client).events(this) }
                    val sent = List(10) { "message $it" }
                    for (body in sent) {
                        proxy.cut()
                        channel.send(body)
                        client.onNetworkAvailable()
                        client.connectionState.first { it == WebSocketState.CONNECTED }
                    }
                    for (events in all) {
                        var last = events.receive().bodies()
                        while (last != sent) {
                            val next = events.receive().bodies()
                            assertTrue(next.size > last.size, "$next after $last") // no step back, no repeat
                            last = next
                        }
                    }
                }
            }
        }
    }

    @Test
    fun `a query waits for the connection`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            proxy.down()
            ConvexGatewayClient(proxy.target).use { client ->
                val answer = async { client.query<String>("values:echo", mapOf("value" to "patience")) }
                client.onNetworkAvailable()
                proxy.up()
                assertEquals("patience", answer.await())
            }
        }
    }

    @Test
    fun `an action whose response is lost is not sent again`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target).use { client ->
                val slow = async { runCatching { client.action("actions:sleep", mapOf("ms" to 30_000.0)) } }
                eventually { proxy.carried("actions:sleep") == 1 }
                proxy.cut()
                val error = assertFailsWith<GatewayError> { slow.await().getOrThrow() }
                assertEquals("ACTION_OUTCOME_UNKNOWN" to "UNKNOWN", error.reason to error.code) // no code that asks for another call
                client.query<Me?>("users:me") // over a new connection
                assertEquals(1, proxy.carried("actions:sleep"))
            }
        }
    }

    @Test
    fun `a query whose response is lost is sent again`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target).use { client ->
                client.connectionState.first { it == WebSocketState.CONNECTED }
                proxy.mute = true
                val answer = async { client.query<String>("values:echo", mapOf("value" to "again")) }
                eventually { proxy.carried("values:echo") == 1 }
                proxy.mute = false
                proxy.cut()
                assertEquals("again", answer.await())
                assertEquals(2, proxy.carried("values:echo"))
            }
        }
    }

    @Test
    fun `another network is used at once`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target).use { client ->
                val channel = TestChannel(client)
                val events = channel.messages().events(this)
                events.receive()
                val before = proxy.connections
                client.onNetworkAvailable()
                eventually { proxy.connections > before }
                channel.send("over the other network")
                assertEquals(listOf("over the other network"), events.receive().bodies())
            }
        }
    }

    @Test
    fun `a dead connection is detected`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            val watchful = ClientOptions(keepAliveTime = 15.seconds, keepAliveTimeout = 1.seconds)
            ConvexGatewayClient(proxy.target, watchful).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    val channel = TestChannel(other)
                    val events = channel.messages(client).events(this)
                    events.receive()
                    proxy.mute = true
                    channel.send("while muted")
                    client.connectionState.first { it == WebSocketState.CONNECTING }
                    proxy.mute = false
                    assertEquals(listOf("while muted"), events.receive().bodies())
                }
            }
        }
    }

    @Test
    fun `a subscription continues after a restart of the gateway`() = test(2.minutes) {
        val port = GatewayProcess.freePort()
        var gateway = GatewayProcess.serve(dev.deployment, port)
        ConvexGatewayClient("http://127.0.0.1:$port").use { client ->
            ConvexGatewayClient(dev.target).use { other ->
                val channel = TestChannel(other)
                val events = channel.messages(client).events(this)
                assertEquals(emptyList(), events.receive().bodies())
                gateway.close() // streams end with DRAINING
                channel.send("one")
                gateway = GatewayProcess.serve(dev.deployment, port)
                assertEquals(listOf("one"), events.receive().bodies())
                gateway.kill()
                client.connectionState.first { it == WebSocketState.CONNECTING }
                gateway = GatewayProcess.serve(dev.deployment, port)
                client.connectionState.first { it == WebSocketState.CONNECTED }
                channel.send("two")
                assertEquals(listOf("one", "two"), events.receive().bodies())
            }
        }
        gateway.close()
    }

    @Test
    fun `a subscription continues after a restart of the deployment, and the connection's state changes`() = test(2.minutes) {
        val deploymentPort = GatewayProcess.freePort()
        var deployment = DevGateway(deploymentPort)
        GatewayProcess.serve(deployment.deployment, GatewayProcess.freePort()).use { gateway ->
            ConvexGatewayClient(gateway.target).use { client ->
                val channel = TestChannel(client)
                val events = channel.messages().events(this)
                assertEquals(emptyList(), events.receive().bodies())
                channel.send("before")
                assertEquals(listOf("before"), events.receive().bodies())

                deployment.kill()
                client.connectionState.first { it == WebSocketState.CONNECTING }
                deployment = DevGateway(deploymentPort) // with an empty database
                assertEquals(emptyList(), events.receive().bodies())
                client.connectionState.first { it == WebSocketState.CONNECTED }
                channel.send("after")
                assertEquals(listOf("after"), events.receive().bodies())
                assertNull(events.tryReceive().getOrNull())
            }
        }
        deployment.close()
    }
}

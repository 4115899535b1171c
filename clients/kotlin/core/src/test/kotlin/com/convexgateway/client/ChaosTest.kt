package com.convexgateway.client

import java.io.IOException
import java.util.UUID
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull

/** Everything that can happen to a connection happens, in any order. */
class ChaosTest {
    private val dev = DevGateway.shared

    /** Ten minutes of the client's time, which runs twenty times as fast, in rounds with an end of each kind. */
    @Test
    fun `after ten minutes of chaos every flow is current`() = test(8.minutes) {
        val seed = System.getProperty("chaos.seed")?.toInt() ?: Random.nextInt()
        println("seed $seed") // -Dchaos.seed=…
        val random = Random(seed)
        val provider = DevProvider(dev, "chaos" + UUID.randomUUID().toString().filter { it.isLetterOrDigit() })
        provider.ttl = "5s"
        TcpProxy(dev.grpc).use { proxy ->
            val options = ClientOptions(scheduler = FastScheduler(20))
            ConvexGatewayClient(proxy.target, provider, options).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    assertEquals(true, client.login(this).isSuccess)
                    val channel = TestChannel(other)
                    val latest = List(20) { MutableStateFlow(emptyList<String>()) }
                    for (flow in latest) launch { channel.messages(client).collect { flow.value = it.bodies() } }
                    val sent = ArrayList<String>()
                    for ((name, end) in ends) {
                        val over = TimeSource.Monotonic.markNow() + 30.seconds / ends.size
                        while (over.hasNotPassedNow()) {
                            disturb(random, proxy, client, provider)
                            if (random.nextInt(4) == 0) sent += "${sent.size}".also { channel.send(it) }
                            delay(random.nextInt(20, 400).milliseconds)
                        }
                        calm(proxy, client, provider)
                        inTime("connection before $name") { proxy.open == 1 && client.connectionState.value == WebSocketState.CONNECTED }
                        end(proxy)
                        sent += name.also { channel.send(it) }
                        calm(proxy, client, provider)
                        inTime("flows after $name") { latest.all { it.value == sent } }
                        inTime("user after $name") { client.authState.value is AuthState.Authenticated }
                        assertEquals("user_${provider.user}", withTimeout(60.seconds) { client.query<Me>("users:me") }.subject)
                    }
                }
            }
        }
    }

    private suspend fun inTime(what: String, check: () -> Boolean) {
        val done = withTimeoutOrNull(60.seconds) { eventually { check() } }
        assertNotNull(done, "$what: not in time")
    }

    /** The last thing that happens before the network is well again: the client has to find it out by itself. */
    private val ends = listOf<Pair<String, suspend (TcpProxy) -> Unit>>(
        "a captive portal" to { proxy -> inNextAttempt(proxy) { silent = true } },
        "responses lost" to { proxy -> inNextAttempt(proxy) { mute = true } },
        "requests lost" to { proxy -> inNextAttempt(proxy) { deaf = true } },
        "a frozen network" to { it.freeze() },
        "refusals" to { proxy ->
            val before = proxy.attempts
            proxy.down()
            eventually { proxy.attempts > before }
        },
    )

    /** Disturbs an attempt, which then stays open without an end. */
    private suspend fun inNextAttempt(proxy: TcpProxy, disturb: TcpProxy.() -> Unit) {
        proxy.disturb()
        proxy.cut()
        eventually { proxy.open == 1 }
    }

    private fun disturb(random: Random, proxy: TcpProxy, client: ConvexClient, provider: DevProvider) {
        when (random.nextInt(12)) {
            0 -> proxy.cut()
            1 -> proxy.freeze()
            2 -> proxy.down()
            3, 4 -> proxy.up()
            5 -> proxy.silent = !proxy.silent
            6 -> proxy.mute = !proxy.mute
            7 -> proxy.deaf = !proxy.deaf
            8 -> client.onNetworkAvailable()
            9 -> provider.failure = if (provider.failure == null) IOException("offline") else null
            10 -> provider.push(provider.token())
            else -> if (random.nextBoolean()) client.pause() else client.resume()
        }
    }

    private fun calm(proxy: TcpProxy, client: ConvexClient, provider: DevProvider) {
        proxy.up()
        proxy.silent = false
        proxy.mute = false
        proxy.deaf = false
        provider.failure = null
        client.resume()
    }
}

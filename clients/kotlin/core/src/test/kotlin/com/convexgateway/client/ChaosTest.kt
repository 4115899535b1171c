package com.convexgateway.client

import java.io.IOException
import java.util.UUID
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout

/** Everything that can happen to a connection happens, in any order. */
class ChaosTest {
    private val dev = DevGateway.shared

    /** Ten minutes of the client's time, which runs twenty times as fast. */
    @Test
    fun `after ten minutes of chaos every flow is current`() = test(4.minutes) {
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
                    val end = TimeSource.Monotonic.markNow() + 30.seconds
                    while (end.hasNotPassedNow()) {
                        disturb(random, proxy, client, provider)
                        if (random.nextInt(4) == 0) sent += "${sent.size}".also { channel.send(it) }
                        delay(random.nextInt(20, 400).milliseconds)
                    }
                    calm(proxy, client, provider)
                    sent += "last".also { channel.send(it) }
                    withTimeout(60.seconds) { eventually { latest.all { it.value == sent } } }
                    val me = withTimeout(60.seconds) { client.query<Me>("users:me") }
                    assertEquals("user_${provider.user}", me.subject)
                    withTimeout(60.seconds) { eventually { client.authState.value is AuthState.Authenticated } }
                    assertIs<AuthState.Authenticated<*>>(client.authState.value)
                }
            }
        }
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
        client.onNetworkAvailable()
    }
}

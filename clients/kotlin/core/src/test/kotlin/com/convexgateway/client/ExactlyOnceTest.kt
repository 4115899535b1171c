package com.convexgateway.client

import com.convexgateway.v1.MutateRequest
import com.convexgateway.v1.MutateResponse
import com.google.protobuf.ByteString
import io.grpc.Metadata
import io.grpc.Status
import io.grpc.StatusException
import java.util.UUID
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.serialization.json.JsonPrimitive

/** Mutations whose answers are lost are sent again, and write once. */
class ExactlyOnceTest {
    private val dev = DevGateway.shared
    private val id = "app-" + UUID.randomUUID()

    private fun fresh(name: String) = name + UUID.randomUUID().toString().filter { it.isLetterOrDigit() }

    /** Sends a message over [client], and returns when it is written and no answer has arrived. */
    private suspend fun CoroutineScope.lose(
        proxy: TcpProxy,
        client: ConvexClient,
        channel: TestChannel,
        requestId: String? = null,
    ): Deferred<Result<String>> {
        client.connectionState.first { it == WebSocketState.CONNECTED }
        proxy.mute = true
        val call = async { runCatching { client.mutation<String>("messages:send", channel.hello(), requestId) } }
        channel.messages().first { it.bodies() == listOf("hello") }
        return call
    }

    private fun TestChannel.hello() = mapOf("body" to "hello", "channel" to name)

    private suspend fun TestChannel.rows() = messages().first().getOrThrow()

    @Test
    fun `a mutation whose answer is lost is sent again, and writes once`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    val channel = TestChannel(other)
                    val call = lose(proxy, client, channel)
                    proxy.mute = false
                    proxy.cut()
                    assertEquals(listOf(call.await().getOrThrow()), channel.rows().map { it.id })
                    assertEquals(2, proxy.carried(channel.name))
                }
            }
        }
    }

    @Test
    fun `in airplane mode between call and answer, it returns its result as soon as there is a network`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    val channel = TestChannel(other)
                    val call = lose(proxy, client, channel)
                    proxy.freeze() // no end of the connection arrives
                    proxy.mute = false
                    val took = measureTime {
                        client.onNetworkAvailable()
                        assertEquals(listOf(call.await().getOrThrow()), channel.rows().map { it.id })
                    }
                    assertTrue(took < 15.seconds, "took $took")
                }
            }
        }
    }

    @Test
    fun `another process with the app's id gets the result of the first`() = test {
        ConvexGatewayClient(dev.target).use { other ->
            val channel = TestChannel(other)
            TcpProxy(dev.grpc).use { proxy ->
                val client = ConvexGatewayClient(proxy.target)
                val call = lose(proxy, client, channel, id)
                client.close()
                assertIs<ConvexException.OutcomeUnknown>(call.await().exceptionOrNull())
            }
            repeat(2) {
                ConvexGatewayClient(dev.target).use { next ->
                    val result = next.mutate(mutation<String>("messages:send", channel.hello()), requestId = id)
                    assertEquals(listOf(result), channel.rows().map { it.id })
                }
            }
            other.mutation("messages:send", channel.hello() + ("body" to "another"), requestId = id)
            other.mutation("messages:send", channel.hello(), requestId = "another-$id")
            other.mutation("messages:send", channel.hello())
            assertEquals(listOf("hello", "another", "hello", "hello"), channel.rows().map { it.body })
        }
    }

    @Test
    fun `a wrong id is refused without a call`() = test {
        val nobody = "http://127.0.0.1:${GatewayProcess.freePort()}"
        ConvexGatewayClient(nobody).use { client ->
            for (wrong in listOf("", "short", "x".repeat(21), "x".repeat(256), "x".repeat(30) + "\n", "\u00e9".repeat(30))) {
                val error = assertFailsWith<ArgumentRefused> { client.mutation("messages:send", requestId = wrong) }
                assertEquals("requestId" to "INVALID_ARGUMENT", error.field to error.code)
                assertFailsWith<ArgumentRefused> { client.mutate(mutation("messages:send"), wrong) }
                assertFailsWith<ArgumentRefused> { mutation("messages:send", requestId = wrong) }
            }
        }
        assertEquals(" ".repeat(22), mutation("f:f", requestId = " ".repeat(22)).requestId)
        assertEquals("~".repeat(255), mutation("f:f").withRequestId("~".repeat(255)).requestId)
        assertEquals(mutation("f:f"), mutation("f:f", requestId = id))
    }

    @Test
    fun `a gateway without a key gets no ids after the first, and a lost answer is an unknown outcome`() = test(2.minutes) {
        val port = GatewayProcess.freePort()
        GatewayProcess.serve(dev.deployment, port).use { keyless ->
            TcpProxy(keyless.grpc).use { proxy ->
                ConvexGatewayClient(proxy.target).use { client ->
                    ConvexGatewayClient(dev.target).use { other ->
                        val first = TestChannel(other)
                        client.mutation("messages:send", first.hello())
                        assertEquals(2, proxy.carried(first.name))
                        assertEquals(1, first.rows().size)

                        val lost = TestChannel(other)
                        val call = lose(proxy, client, lost)
                        proxy.mute = false
                        proxy.cut()
                        val error = assertFailsWith<ConvexException.OutcomeUnknown> { call.await().getOrThrow() }
                        assertEquals("MUTATION_OUTCOME_UNKNOWN" to "UNKNOWN", error.reason to error.code)
                        assertFalse('\n' in error.message!!, error.message)
                        client.query<Double>("counter:get", mapOf("name" to "lost"))
                        assertEquals(1, proxy.carried(lost.name))

                        val own = TestChannel(other)
                        val refused = assertFailsWith<ConvexException.Refused> { client.mutation("messages:send", own.hello(), id) }
                        assertEquals("CLUSTER_KEY_MISSING" to "FAILED_PRECONDITION", refused.reason to refused.code)
                        assertEquals(emptyList(), own.rows())
                    }
                }
            }
        }
    }

    @Test
    fun `a token that expires before the answer is no reason to lose the user's result`() = test(2.minutes) {
        val provider = DevProvider(dev, fresh("ada"))
        provider.nextTtl = "4s"
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target, provider).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    client.login(this)
                    val old = (client.callers.value as Session).token
                    val channel = TestChannel(other)
                    val call = lose(proxy, client, channel)
                    proxy.mute = false
                    proxy.down()
                    eventually {
                        runCatching { other.transport.query("users:me", ByteString.copyFromUtf8("{}"), anonymous = false, old) }.exceptionOrNull() is StatusException
                    }
                    proxy.up()
                    client.onNetworkAvailable()
                    assertEquals(listOf(call.await().getOrThrow()), channel.rows().map { it.id })
                    assertEquals(provider.user, channel.rows().single().author)
                }
            }
        }
    }

    @Test
    fun `after signing out and in again, the user's result arrives`() = test {
        val provider = DevProvider(dev, fresh("ada"))
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target, provider, ClientOptions(confirmationTimeout = 1.seconds)).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    client.login(this)
                    val channel = TestChannel(other)
                    val call = lose(proxy, client, channel)
                    proxy.mute = false
                    proxy.down()
                    client.logout(this)
                    provider.claims = mapOf("sid" to JsonPrimitive(fresh("sess_")))
                    client.login(this)
                    proxy.up()
                    client.onNetworkAvailable()
                    assertEquals(listOf(call.await().getOrThrow()), channel.rows().map { it.id })
                }
            }
        }
    }

    @Test
    fun `a mutation is never sent again for another user, or for none`() = test {
        val provider = DevProvider(dev, fresh("ada"))
        val ada = provider.user
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target, provider, ClientOptions(confirmationTimeout = 1.seconds)).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    for (next in listOf(fresh("bob"), null)) {
                        provider.user = ada
                        provider.claims = mapOf("sid" to JsonPrimitive(fresh("sess_")))
                        client.login(this)
                        val channel = TestChannel(other)
                        val call = lose(proxy, client, channel)
                        proxy.mute = false
                        proxy.down()
                        if (next == null) {
                            client.logout(this)
                        } else {
                            provider.user = next
                            client.login(this)
                        }
                        proxy.up()
                        client.onNetworkAvailable()
                        val result = call.await()
                        if (result.isFailure) assertIs<ConvexException.OutcomeUnknown>(result.exceptionOrNull())
                        assertEquals(ada, channel.rows().single().author)
                    }
                }
            }
        }
    }

    private fun failure(code: Status.Code, reason: String? = null, retryAfterMillis: Long? = null): StatusException {
        val trailers = Metadata()
        fun put(name: String, value: String) = trailers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value)
        if (reason != null) put("error-reason", reason)
        if (retryAfterMillis != null) put("retry-after-ms", "$retryAfterMillis")
        return StatusException(code.toStatus().withDescription("why"), trailers)
    }

    private val done = MutateResponse.newBuilder().setValueJson(ByteString.copyFromUtf8("\"done\"")).build()

    /** Runs a test against a gateway whose answers to mutations are these, one after the other, and the last one without end. */
    private fun answers(
        vararg answers: Any,
        options: ClientOptions = ClientOptions(),
        body: suspend CoroutineScope.(client: ConvexClient, requests: List<MutateRequest>) -> Unit,
    ) = test {
        val requests = CopyOnWriteArrayList<MutateRequest>()
        ScriptedGateway().use { gateway ->
            gateway.mutate = { request, _ ->
                val answer = answers.getOrElse(requests.size) { answers.last() }
                requests += request
                if (answer is StatusException) throw answer
                answer as MutateResponse
            }
            ConvexClient(gateway.target, options).use { body(it, requests) }
        }
    }

    private val unavailable = failure(Status.Code.UNAVAILABLE, "DEPLOYMENT_UNAVAILABLE")
    private val lost = failure(Status.Code.INTERNAL) // of a proxy
    private val calm = failure(Status.Code.RESOURCE_EXHAUSTED) // of a connection that was closed for too many pings

    @Test
    fun `every mutation has a random id, the same in each attempt`() = answers(unavailable, lost, calm, done) { client, requests ->
        assertEquals("done", client.mutation<String>("f:f"))
        assertEquals("done", client.mutation<String>("f:f"))
        assertEquals("done", client.mutation<String>("f:f", requestId = id))
        val ids = requests.map { it.requestId }
        assertEquals(List(4) { ids[0] }, ids.take(4))
        assertNotEquals(ids[0], ids[4])
        assertEquals(listOf(24, 24), listOf(ids[0].length, ids[4].length))
        assertEquals(id, ids[5])
        assertEquals(requests[0], requests[3])
    }

    @Test
    fun `the gateway's delay is kept`() =
        answers(failure(Status.Code.UNAVAILABLE, "DEPLOYMENT_UNAVAILABLE", 3_000), done) { client, _ ->
            val took = measureTime { client.mutation("f:f") }
            assertTrue(took >= 2.4.seconds, "took $took") // less a jitter of a fifth
        }

    @Test
    fun `without an answer until the time limit the outcome is unknown`() =
        answers(unavailable, options = ClientOptions(mutationTimeout = 6.seconds)) { client, requests ->
            val error = assertFailsWith<ConvexException.OutcomeUnknown> { client.mutation("f:f") }
            assertEquals("MUTATION_OUTCOME_UNKNOWN" to "UNKNOWN", error.reason to error.code)
            assertTrue(requests.size in 2..8, "${requests.size} attempts")
        }

    @Test
    fun `a refusal after a lost answer leaves the outcome unknown`() {
        for (refusal in listOf(failure(Status.Code.RESOURCE_EXHAUSTED, "QUEUE_FULL"), failure(Status.Code.UNAUTHENTICATED, "SIGNED_OUT"))) {
            answers(unavailable, refusal) { client, requests ->
                val error = assertFailsWith<ConvexException.OutcomeUnknown> { client.mutation("f:f") }
                assertEquals("MUTATION_OUTCOME_UNKNOWN" to "UNKNOWN", error.reason to error.code)
                assertEquals(2, requests.size)
            }
            answers(refusal) { client, requests ->
                assertFailsWith<ConvexException.Refused> { client.mutation("f:f") }
                assertEquals(1, requests.size)
            }
        }
    }

    @Test
    fun `a mutation that may have run is not made without an id`() =
        answers(unavailable, failure(Status.Code.FAILED_PRECONDITION, "CLUSTER_KEY_MISSING"), done) { client, requests ->
            assertFailsWith<ConvexException.OutcomeUnknown> { client.mutation("f:f") }
            assertEquals(2, requests.size)
            client.mutation("f:f")
            assertEquals("", requests.last().requestId)
        }

    @Test
    fun `a mutation that may have run is sent again although its coroutine was cancelled`() =
        answers(failure(Status.Code.UNAVAILABLE, "DEPLOYMENT_UNAVAILABLE", 300), done) { client, requests ->
            val call = async { client.mutation("f:f") }
            eventually { requests.size == 1 }
            call.cancelAndJoin()
            eventually { requests.size == 2 }
        }

    @Test
    fun `the waits between attempts grow, in the scheduler's time`() = answers(
        unavailable, unavailable, unavailable, unavailable, unavailable, done,
        options = ClientOptions(scheduler = FastScheduler(5), mutationTimeout = 10.minutes),
    ) { client, requests ->
        client.mutation("f:f") // after 0.5, 1, 2, 4 and 8 s
        assertEquals(6, requests.size)
    }
}

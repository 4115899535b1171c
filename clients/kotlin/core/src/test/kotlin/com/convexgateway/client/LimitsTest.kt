package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch

/** Gateways with stricter settings. */
class LimitsTest {
    @Test
    fun `a cancelled subscription ends at the gateway, and another one is accepted`() = test {
        DevGateway(0, "--max-streams-per-caller", "1").use { dev ->
            ConvexGatewayClient(dev.target).use { client ->
                val begun = CompletableDeferred<Unit>()
                val first = launch { client.subscribe<List<Message>>("messages:list").collect { begun.complete(Unit) } }
                begun.await()
                val refused = client.subscribe<Double>("counter:get", mapOf("name" to "x")).first { it.isFailure }
                val error = assertIs<GatewayError>(refused.exceptionOrNull())
                assertEquals("TOO_MANY_STREAMS" to "RESOURCE_EXHAUSTED", error.reason to error.code)

                val patient = client.subscribe<Double>("counter:get", mapOf("name" to "x")).events(this)
                assertTrue(patient.receive().isFailure)
                first.cancel()
                assertEquals(0.0, patient.receive().getOrThrow())
            }
        }
    }

    @Test
    fun `where anonymous calls are refused, subscriptions wait for a user`() = test {
        DevGateway(0, "--require-auth").use { dev ->
            ConvexGatewayClient(dev.target, DevProvider(dev, "ada")).use { client ->
                assertEquals("NO_CREDENTIALS", assertFailsWith<GatewayError> { client.query<Me?>("users:me") }.reason)
                val seen = client.subscribe<Me?>("users:me").events(this)
                assertEquals("NO_CREDENTIALS", assertIs<GatewayError>(seen.receive().exceptionOrNull()).reason)
                assertTrue(client.login(this).isSuccess)
                assertEquals("user_ada", seen.receive().getOrThrow()?.subject)
            }
        }
    }

    @Test
    fun `a keepalive interval below the gateway's limit is refused`() {
        val error = assertFailsWith<IllegalArgumentException> { ClientOptions(keepAliveTime = kotlin.time.Duration.ZERO) }
        assertTrue(error.message!!.startsWith("keepAliveTime"))
    }
}

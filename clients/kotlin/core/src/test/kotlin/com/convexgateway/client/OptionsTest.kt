@file:OptIn(kotlinx.serialization.ExperimentalSerializationApi::class)

package com.convexgateway.client

import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.first
import kotlinx.serialization.EncodeDefault
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject

/** What an app sets: headers, how results are read, a logger. And nulls, which no setting removes from arguments. */
class OptionsTest {
    private val dev = DevGateway.shared

    @Serializable
    data class Page(val items: Int, @EncodeDefault(EncodeDefault.Mode.ALWAYS) val cursor: String? = null, val tag: String? = null)

    @Serializable
    data class Required(val cursor: String?)

    @Serializable
    data class Strict(val a: Double)

    @Test
    fun `a null that is asked for is sent`() {
        assertEquals(mapOf("cursor" to null), argsOf("cursor" to null))
        assertEquals(mapOf("a" to 1, "cursor" to null), argsOf("a" to 1, "cursor" to null))
        assertEquals(mapOf("a" to 1, "b" to 2, "cursor" to null), argsOf("a" to 1, "b" to 2, "cursor" to null))
        assertEquals(JsonNull, argsOf(Required(null))["cursor"])
        val page = argsOf(Page(1))
        assertEquals(JsonNull, page["cursor"])
        assertTrue("tag" !in page)
        assertEquals("""{"cursor":null}""", EncodedJson.fields(mapOf("cursor" to null)).toString())
        assertEquals("""{"opts":{"cursor":null}}""", EncodedJson.fields(argsOf("opts" to mapOf("cursor" to null))).toString())
    }

    @Test
    fun `the app's Json reads results and never writes arguments`() = test {
        val json = Json { explicitNulls = false; coerceInputValues = true }
        ConvexGatewayClient(dev.target, ClientOptions(json = json)).use { client ->
            val echoed = client.query<JsonObject>("values:echo", argsOf("value" to argsOf(Required(null))))
            assertEquals(JsonObject(mapOf("cursor" to JsonNull)), echoed)
            assertEquals(7L, client.query<Long>("values:echo", mapOf("value" to 7L))) // numbers are Convex's all the same
            val more = mapOf("value" to mapOf("a" to 1.5, "b" to 2.0))
            assertFailsWith<InternalError> { client.query<Strict>("values:echo", more) } // this Json knows no other fields
            assertIs<InternalError>(client.subscribe<Strict>("values:echo", more).first().exceptionOrNull())
        }
        ConvexGatewayClient(dev.target).use {
            assertEquals(Strict(1.5), it.query("values:echo", mapOf("value" to mapOf("a" to 1.5, "b" to 2.0))))
        }
    }

    @Test
    fun `headers are those of the app, beside the credential`() = test {
        val headers = Headers(ClientOptions(headers = { mapOf("X-App" to "one") })).of("token")
        assertEquals("one", headers.get(io.grpc.Metadata.Key.of("x-app", io.grpc.Metadata.ASCII_STRING_MARSHALLER)))
        assertEquals(
            "Bearer token", headers.get(io.grpc.Metadata.Key.of("authorization", io.grpc.Metadata.ASCII_STRING_MARSHALLER)),
        )
        val asked = AtomicInteger()
        val counting = ClientOptions(headers = { mapOf("x-n" to "${asked.incrementAndGet()}") })
        ConvexGatewayClient(dev.target, counting).use { client ->
            repeat(3) { client.query<Double>("counter:get", mapOf("name" to "headers")) }
            client.subscribe<Double>("counter:get", mapOf("name" to "headers")).first()
        }
        assertEquals(4, asked.get())
    }

    @Test
    fun `headers that cannot be had, or are none, fail the call and no more`() = test {
        val bad = listOf<suspend () -> Map<String, String>>(
            { throw IllegalStateException("no") }, { TODO() }, { throw java.util.concurrent.CancellationException("its own") },
            { mapOf("authorization" to "Bearer x") }, { mapOf("x" to "a\nb") }, { mapOf("a b" to "c") }, { mapOf("grpc-timeout" to "1S") },
        )
        for (headers in bad) {
            var fails = true
            val options = ClientOptions(headers = { if (fails) headers() else emptyMap() })
            ConvexGatewayClient(dev.target, options).use { client ->
                val error = assertFailsWith<GatewayError> { client.mutation("counter:add", mapOf("name" to "h", "by" to 1.0)) }
                assertEquals("FAILED_PRECONDITION", error.code)
                val flow = client.subscribe<Double>("counter:get", mapOf("name" to "h")).events(this)
                assertIs<GatewayError>(flow.receive().exceptionOrNull())
                fails = false
                assertTrue(flow.receive().isSuccess)
            }
        }
    }

    @Test
    fun `what is logged cannot harm a call`() = test {
        val lines = ConcurrentLinkedQueue<String>()
        val options = ClientOptions(logger = { level, message, _ -> lines += "$level $message" })
        options.logLines("messages:list", listOf("[LOG] one", "[LOG] two"))
        assertEquals(listOf("DEBUG messages:list: [LOG] one", "DEBUG messages:list: [LOG] two"), lines.toList())
        ClientOptions(logger = { _, _, _ -> throw StackOverflowError() }).logLines("a:b", listOf("line"))
        assertNull(ClientOptions().logger)
    }
}

package com.example.app

import com.convexgateway.client.ConvexError
import com.convexgateway.client.ConvexException
import com.convexgateway.client.Mutation
import com.convexgateway.client.argsOf
import com.convexgateway.client.mutation
import com.convexgateway.testing.FakeConvex
import com.sun.net.httpserver.HttpServer
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonPrimitive

class RecipesTest {
    private fun withStorage(code: Int, test: suspend (url: String, requests: List<String>) -> Unit) {
        val requests = mutableListOf<String>()
        val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
        server.createContext("/") {
            requests += "${it.requestMethod} ${it.requestHeaders.getFirst("Content-Type")} ${it.requestBody.readBytes().decodeToString()}"
            val response = "{\"storageId\":\"s1\"}".toByteArray()
            it.sendResponseHeaders(code, response.size.toLong())
            it.responseBody.use { body -> body.write(response) }
        }
        server.start()
        try {
            runBlocking { withTimeout(60_000) { test("http://${server.address.hostString}:${server.address.port}/", requests) } }
        } finally {
            server.stop(0)
        }
    }

    @Test
    fun `an upload to a signed URL`() = withStorage(200) { url, requests ->
        val convex = FakeConvex().mutation("files:uploadUrl") { UploadTarget(url, "k1") }
            .mutation("files:save") { "row of ${it.getValue("key").jsonPrimitive.content}" }
        assertEquals("row of k1", upload(convex, "bytes".toByteArray(), "image/png"))
        assertEquals(listOf("PUT image/png bytes"), requests)
    }

    @Test
    fun `an upload to Convex's storage`() = withStorage(200) { url, requests ->
        val convex = FakeConvex().mutation("files:generateUploadUrl") { url }
            .mutation("files:save") { "row of ${it.getValue("storageId").jsonPrimitive.content}" }
        assertEquals("row of s1", uploadToConvex(convex, "bytes".toByteArray(), "image/png"))
        assertEquals(listOf("POST image/png bytes"), requests)
    }

    @Test
    fun `an upload that is refused saves nothing`() = withStorage(403) { url, _ ->
        val convex = FakeConvex().mutation("files:uploadUrl") { UploadTarget(url, "k1") }
        assertFailsWith<IOException> { upload(convex, ByteArray(0), "image/png") }
        assertEquals(1, convex.calls.size)
    }

    private val write = PendingWrite("messages:send", JsonObject(mapOf("body" to JsonPrimitive("hello"))))

    @Test
    fun `an offline write survives as text, and has its request id each time`() = runTest {
        val again = PendingWrite.of(write.toString())
        assertEquals(write, again)
        var online = false
        val convex = FakeConvex().mutation("messages:send") {
            if (!online) throw ConvexException.OutcomeUnknown("lost", "MUTATION_OUTCOME_UNKNOWN", "UNKNOWN")
            "1"
        }
        assertTrue(convex.send(again))
        online = true
        assertFalse(convex.send(again))
        val expected = mutation("messages:send", argsOf("body" to "hello"))
        assertEquals(listOf(expected, expected), convex.calls)
        assertEquals(listOf(write.requestId, write.requestId), convex.calls.map { (it as Mutation<*>).requestId })
    }

    @Test
    fun `a write that is refused is not made again`() = runTest {
        val convex = FakeConvex().mutation("messages:send") { throw ConvexError("no", "null") }
        assertFailsWith<ConvexError> { convex.send(write) }
        convex.mutation("messages:send") { throw ConvexException.Refused("wait", "RATE_LIMITED", "RESOURCE_EXHAUSTED", 1_000) }
        assertTrue(convex.send(write))
        convex.mutation("messages:send") { throw ConvexException.Refused("no", "TOKEN_EXPIRED", "UNAUTHENTICATED") }
        assertFailsWith<ConvexException.Refused> { convex.send(write) }
    }
}

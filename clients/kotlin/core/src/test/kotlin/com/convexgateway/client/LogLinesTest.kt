package com.convexgateway.client

import com.convexgateway.v1.FunctionError
import com.convexgateway.v1.SubscribeResponse
import com.google.protobuf.ByteString
import com.sun.net.httpserver.HttpServer
import io.grpc.Status
import io.grpc.StatusException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.flow.flow

/** What functions log arrives at the app's logger, at debug, once. */
class LogLinesTest {
    private val lines = ConcurrentLinkedQueue<String>()
    private val options = ClientOptions(
        logger = { level, message, _ -> lines += "$level $message" }, app = "com.example.app/1.2", headers = { mapOf("x-app" to "yes") },
    )

    /** A deployment whose functions log, `bad` ones with an error. */
    private class Deployment : AutoCloseable {
        val agents = ConcurrentLinkedQueue<String>()
        private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
        val url = "http://127.0.0.1:${server.address.port}"

        init {
            for (kind in listOf("query", "mutation", "action")) server.createContext("/api/$kind") { exchange ->
                agents += exchange.requestHeaders.getFirst("User-Agent")
                val isBad = "bad" in exchange.requestBody.readAllBytes().decodeToString()
                val outcome = if (isBad) """"status":"error","errorMessage":"Uncaught Error: no"""" else """"status":"success","value":null"""
                val body = """{$outcome,"logLines":["[LOG] '$kind'","[WARN] 'second'"]}""".toByteArray()
                exchange.sendResponseHeaders(if (isBad) 560 else 200, body.size.toLong())
                exchange.responseBody.use { it.write(body) }
            }
            server.start()
        }

        override fun close() = server.stop(0)
    }

    @Test
    fun `lines of calls and of their errors, and the user agent, over the wire`() = test {
        Deployment().use { deployment ->
            GatewayProcess.serve(deployment.url, GatewayProcess.freePort(), issuer = DevGateway.shared.deployment + "/clerk").use { gateway ->
                ConvexGatewayClient(gateway.target, options).use { client ->
                    val calls = listOf<Pair<String, suspend (String) -> Unit>>(
                        "query" to { client.query<Me?>(it) }, "mutation" to { client.mutation(it) }, "action" to { client.action(it) },
                    )
                    for ((kind, call) in calls) {
                        call("m:good")
                        assertEquals(listOf("DEBUG m:good: [LOG] '$kind'", "DEBUG m:good: [WARN] 'second'"), taken())
                        assertFailsWith<ServerError> { call("m:bad") }
                        assertEquals(listOf("DEBUG m:bad: [LOG] '$kind'", "DEBUG m:bad: [WARN] 'second'"), taken())
                    }
                    val agent = Regex("""com\.example\.app/1\.2 convexgateway-kotlin/\S+( grpc-java-okhttp/\S+)?""")
                    assertEquals(6, deployment.agents.size)
                    for (seen in deployment.agents) assertTrue(agent.matches(seen), seen)
                }
            }
        }
    }

    private fun value(json: String, vararg lines: String) = event(lines).setValueJson(ByteString.copyFromUtf8(json)).build()

    private fun error(data: String, id: Int, vararg lines: String) = event(emptyArray()).setFunctionError(
        FunctionError.newBuilder().setReason("CONVEX_ERROR").setMessage("[Request ID: $id] Server Error")
            .setDataJson(ByteString.copyFromUtf8(data)).addAllLogLines(lines.asList()),
    ).build()

    private fun event(lines: Array<out String>) = SubscribeResponse.newBuilder().addAllLogLines(lines.asList()).setResumeToken("token")

    @Test
    fun `lines that the gateway repeats after a reconnect are logged once`() = test {
        val streams = listOf(
            listOf(value("1", "[LOG] 'one'"), error("1", 1, "[LOG] 'bad'"), error("2", 2, "[LOG] 'bad'")),
            listOf(error("2", 3, "[LOG] 'bad'"), error("2", 4, "[LOG] 'bad'")), // only the first one can be a repetition
            listOf(value("2", "[LOG] 'one'")),
            listOf(value("2", "[LOG] 'one'"), value("3", "[LOG] 'one'")),
            listOf(value("4", "[LOG] 'one'")),
        )
        val opened = AtomicInteger()
        ScriptedGateway().use { gateway ->
            gateway.subscribe = {
                val events = streams.getOrNull(opened.getAndIncrement())
                flow {
                    events?.forEach { emit(it) } ?: awaitCancellation()
                    throw StatusException(Status.UNAVAILABLE)
                }
            }
            ConvexGatewayClient(gateway.target, options.copy(scheduler = FastScheduler(20))).use { client ->
                val results = client.subscribe<Double>("m:f").events(this)
                results.take(streams.sumOf { it.size })
                eventually { opened.get() == streams.size + 1 }
                assertEquals(List(7) { if (it in 1..3) "DEBUG m:f: [LOG] 'bad'" else "DEBUG m:f: [LOG] 'one'" }, taken())
            }
        }
    }

    private suspend fun ReceiveChannel<*>.take(count: Int) = repeat(count) { receive() }

    private fun taken(): List<String> = generateSequence { lines.poll() }.toList()
}

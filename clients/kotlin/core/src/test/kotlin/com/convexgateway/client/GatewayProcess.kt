package com.convexgateway.client

import java.io.File
import java.net.ServerSocket
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlin.random.Random
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** A gateway that runs as a process of its own, built from this repository. */
class GatewayProcess private constructor(private val process: Process, welcome: String) : AutoCloseable {
    /** `host:port` of gRPC. */
    val grpc: String = address(welcome, "gRPC")

    /** The address for clients. */
    val target: String get() = "http://$grpc"

    /** Kills it: connections are reset without a close. */
    fun kill() {
        process.destroyForcibly().waitFor()
    }

    /** Stops it, and waits until it has ended. */
    override fun close() {
        process.destroy()
        if (!process.waitFor(20, TimeUnit.SECONDS)) kill()
    }

    companion object {
        private val repository = generateSequence(File("").absoluteFile) { it.parentFile }.first { File(it, "go.mod").exists() }

        /** The gateway's program. */
        val binary: File by lazy {
            val file = File("target/gateway").absoluteFile
            val build = ProcessBuilder("go", "build", "-o", file.path, ".").directory(repository).inheritIO().start()
            check(build.waitFor() == 0) { "go build failed" }
            file
        }

        /** Runs the gateway with a command line; returns when it is ready. */
        fun start(vararg arguments: String, ready: String): Pair<GatewayProcess, String> {
            val process = ProcessBuilder(binary.path, *arguments).redirectError(ProcessBuilder.Redirect.DISCARD).start()
            Runtime.getRuntime().addShutdownHook(Thread { process.destroyForcibly() })
            val welcome = CompletableFuture<String>()
            Thread { readAll(process, ready, welcome) }.apply { isDaemon = true }.start()
            val text = welcome.get(60, TimeUnit.SECONDS)
            return GatewayProcess(process, text) to text
        }

        /** Completes the welcome once it holds the words, and continues to read, so that the process is never blocked. */
        private fun readAll(process: Process, words: String, welcome: CompletableFuture<String>) {
            val text = StringBuilder()
            process.inputStream.bufferedReader().forEachLine {
                text.appendLine(it)
                if (words in it) welcome.complete(text.toString())
            }
            welcome.completeExceptionally(IllegalStateException("the gateway ended: $text"))
        }

        fun address(welcome: String, name: String): String =
            Regex("""\b$name\s+([^\s,]+)""").find(welcome)?.groupValues?.get(1) ?: error("no address of $name in: $welcome")

        /** Serves in front of a deployment, at a fixed port so that it can be restarted there. */
        fun serve(deployment: String, port: Int, issuer: String = "$deployment/clerk"): GatewayProcess = start(
            "serve", "--convex-url", deployment, "--clerk-issuer", issuer,
            "--grpc-addr", "127.0.0.1:$port", "--http-addr", "127.0.0.1:0", ready = "gRPC",
        ).first

        /** A free port below those that systems give to connections, so that nobody takes it before it is used. */
        fun freePort(): Int = generateSequence { Random.nextInt(10_000, 30_000) }.first { port ->
            runCatching { ServerSocket(port).close() }.isSuccess
        }
    }
}

/** A gateway in front of the development deployment, both in one process. */
class DevGateway(deploymentPort: Int = 0, vararg flags: String) : AutoCloseable {
    private val started = GatewayProcess.start(
        "dev", "--grpc-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0", "--deployment-addr", "127.0.0.1:$deploymentPort",
        *flags, ready = "Stop with Ctrl-C",
    )
    private val process = started.first

    val target: String get() = process.target
    val grpc: String get() = process.grpc

    /** URL of the deployment, which also issues tokens. */
    val deployment: String = GatewayProcess.address(started.second, "deployment")

    /** A token of the development issuer. */
    fun token(user: String, ttl: String = "60s", claims: Map<String, JsonElement> = emptyMap()): String {
        val body = JsonObject(mapOf("user" to JsonPrimitive(user), "ttl" to JsonPrimitive(ttl), "claims" to JsonObject(claims)))
        val request = HttpRequest.newBuilder(URI("$deployment/dev/token"))
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build()
        val answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() == 200) { answer.body() }
        return Json.parseToJsonElement(answer.body()).jsonObject.getValue("token").jsonPrimitive.content
    }

    fun kill() = process.kill()
    override fun close() = process.close()

    companion object {
        /** Shared by tests that do not restart or reconfigure it. */
        val shared by lazy { DevGateway() }
    }
}

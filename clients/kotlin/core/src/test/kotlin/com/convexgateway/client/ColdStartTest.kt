package com.convexgateway.client

import java.io.File
import java.lang.management.ManagementFactory
import kotlin.test.Test
import kotlin.test.assertTrue

/** The first client of a process. */
class ColdStartTest {
    @Test
    fun `the constructor does not load gRPC in the caller's thread`() {
        for (kind in listOf("anonymous", "supplied", "provided")) {
            var millis = start(kind)
            repeat(9) { if (millis > 20) millis = minOf(millis, start(kind)) } // a busy machine takes longer
            println("$kind: $millis ms")
            assertTrue(millis <= 20, "$kind: $millis ms of the caller's thread")
        }
    }

    private fun start(kind: String): Long {
        val process = ProcessBuilder(
            File(System.getProperty("java.home"), "bin/java").path, "-cp",
            System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"), ColdStart::class.java.name, kind,
        ).redirectErrorStream(true).start()
        val output = process.inputStream.bufferedReader().readText()
        check(process.waitFor() == 0) { output }
        return output.trim().lines().last().toLong()
    }
}

/** Makes a client and prints how long that has kept the thread busy: others may have kept the machine. */
object ColdStart {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val threads = ManagementFactory.getThreadMXBean()
        val before = threads.currentThreadCpuTime
        when (arguments[0]) {
            "anonymous" -> ConvexGatewayClient("https://gateway.example.com")
            "supplied" -> ConvexGatewayClient("https://gateway.example.com", NoToken)
            else -> ConvexGatewayClient("https://gateway.example.com", Silent)
        }
        println((threads.currentThreadCpuTime - before) / 1_000_000)
        Runtime.getRuntime().halt(0)
    }

    private object NoToken : TokenSupplier {
        override suspend fun token(forceRefresh: Boolean): String? = null
    }

    private object Silent : AuthProvider<String> {
        override suspend fun login(context: Context, onIdToken: (String?) -> Unit) = Result.success("")
        override suspend fun logout(context: Context): Result<Void?> = Result.success(null)
        override fun extractIdToken(authResult: String) = authResult
    }
}

package com.example.app

import com.convexgateway.client.Connection
import com.convexgateway.client.ConvexError
import com.convexgateway.client.ConvexException
import com.convexgateway.testing.FakeConvex
import java.io.DataInputStream
import java.io.File
import java.time.Instant
import java.util.jar.JarFile
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.test.runTest

class MessagesModelTest {
    private val hello = Message("1", "ada", "hello")

    @Test
    fun `messages are those of the channel`() = runTest {
        val convex = FakeConvex().query("messages:list") { args -> if ("general" in "${args["channel"]}") listOf(hello) else emptyList() }
        val model = MessagesModel(convex, "general", backgroundScope)
        assertEquals(listOf(hello), model.messages.first { it.isNotEmpty() })
    }

    @Test
    fun `what the user sees after a message that was not sent`() = runTest {
        val convex = FakeConvex()
        val model = MessagesModel(convex, "general", backgroundScope)
        convex.mutation("messages:send") { "2" }
        assertEquals(null, model.send("hello"))
        convex.mutation("messages:send") { throw ConvexError("", """{"code":"INVALID_ARGUMENT","message":"a body is needed"}""") }
        assertEquals("a body is needed", model.send(""))
        convex.mutation("messages:send") { throw ConvexException.OutcomeUnknown("", "MUTATION_OUTCOME_UNKNOWN", "UNKNOWN") }
        assertEquals("Look whether it was sent", model.send("hello"))
        convex.mutation("messages:send") { throw ConvexException.NotSent("", "DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED") }
        assertEquals("Try again", model.send("hello"))
    }

    @Test
    fun `a number that Convex encodes, and none`() = runTest {
        val convex = FakeConvex().query("scores:best") { Score(Long.MAX_VALUE, 1) }
        assertEquals(Score(Long.MAX_VALUE, 1), convex.best())
        convex.query("scores:best") { null }
        assertEquals(null, convex.best())
    }

    @Test
    fun `offline is shown`() = runTest {
        val convex = FakeConvex()
        val model = MessagesModel(convex, "general", backgroundScope)
        assertFalse(model.isOffline.first())
        convex.connection.value = Connection(Connection.State.WAITING, Instant.EPOCH)
        assertTrue(model.isOffline.first())
    }

    /** The first 8 bytes of a class file hold the version of Java that it needs: 55 is Java 11. */
    @Test
    fun `nothing that the app ships needs more than Java 11`() {
        val notShipped = Regex("^(junit|opentest4j|apiguardian|jspecify|kotlin-test|kotlinx-coroutines-test|convexgateway-testing|android-all)-?.*")
        val jars = System.getProperty("surefire.test.class.path").split(File.pathSeparator).map(::File)
            .filter { it.isFile && !notShipped.matches(it.name) }
        assertTrue(jars.any { it.name.startsWith("convexgateway-client") } && jars.any { it.name.startsWith("grpc-okhttp") }, "$jars")
        for (jar in jars) JarFile(jar).use { content ->
            for (entry in content.entries().asSequence().filter { it.name.endsWith(".class") && !it.name.startsWith("META-INF/") && it.name != "module-info.class" }) {
                val version = DataInputStream(content.getInputStream(entry)).use { it.readLong() and 0xffff }
                assertTrue(version <= 55, "${jar.name}: ${entry.name} is of version $version")
            }
        }
    }
}

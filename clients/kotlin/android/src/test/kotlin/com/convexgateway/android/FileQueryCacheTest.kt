package com.convexgateway.android

import android.content.Context
import com.convexgateway.client.ClientOptions
import com.convexgateway.client.DevGateway
import com.convexgateway.client.QueryCache
import com.convexgateway.client.QueryState
import com.convexgateway.client.query
import java.io.File
import java.nio.file.Files
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** Last values in files, on Android 8 and 15. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [26, 35], manifest = Config.NONE)
class FileQueryCacheTest {
    private val context: Context = RuntimeEnvironment.getApplication()
    private val folder = Files.createTempDirectory("cache").toFile()
    private val key = QueryCache.Key("owner", "id")

    @After
    fun delete() {
        folder.deleteRecursively()
    }

    private fun test(body: suspend CoroutineScope.() -> Unit) = runBlocking { withTimeout(180_000) { this@runBlocking.body() } }

    private fun file(key: QueryCache.Key) = File(File(folder, key.owner), key.id)

    @Test
    fun `values outlive the process`() = test {
        FileQueryCache(folder).run {
            assertNull(read(key))
            write(key, byteArrayOf(1))
            write(key, byteArrayOf(1, 2))
            write(QueryCache.Key("owner", "other"), byteArrayOf(3))
        }
        FileQueryCache(folder).run {
            assertContentEquals(byteArrayOf(1, 2), read(key))
            remove(key)
            assertNull(read(key))
        }
        FileQueryCache(folder).run {
            assertNull(read(key))
            assertNotNull(read(QueryCache.Key("owner", "other")))
            clear("owner")
        }
        assertEquals(emptyList(), folder.walk().filter { it.isFile }.toList())
    }

    @Test
    fun `clearing is the owner's`() = test {
        val cache = FileQueryCache(folder)
        val other = QueryCache.Key("other", "id")
        cache.write(key, byteArrayOf(1))
        cache.write(other, byteArrayOf(2))
        cache.clear("owner")
        assertNull(cache.read(key))
        assertContentEquals(byteArrayOf(2), cache.read(other))
    }

    @Test
    fun `a file that was not finished is none, and the value before it stays`() = test {
        FileQueryCache(folder).write(key, byteArrayOf(1, 2))
        val unfinished = File(file(key).path + ".new").apply { writeBytes(byteArrayOf(9)) }
        assertContentEquals(byteArrayOf(1, 2), FileQueryCache(folder).read(key))
        assertTrue(!unfinished.exists())
    }

    @Test
    fun `so many bytes are kept, also over a start, and what was used the longest time ago goes first`() = test {
        val keys = List(4) { QueryCache.Key("owner", "$it") }
        FileQueryCache(folder, maxBytes = 12).run {
            for (n in 0..2) write(keys[n], ByteArray(4))
            assertNotNull(read(keys[0]))
            write(keys[3], ByteArray(4))
            assertNull(read(keys[1]))
            assertNotNull(read(keys[0]))
            write(keys[2], ByteArray(13))
            assertNull(read(keys[2]))
        }
        file(keys[3]).setLastModified(1_000)
        file(keys[0]).setLastModified(9_000)
        FileQueryCache(folder, maxBytes = 4).run {
            assertNull(read(keys[3]))
            assertNotNull(read(keys[0]))
        }
    }

    @Test
    fun `files that the system has cleared are none`() = test {
        val cache = FileQueryCache(folder)
        cache.write(key, byteArrayOf(1))
        folder.deleteRecursively()
        assertNull(cache.read(key))
        cache.write(key, byteArrayOf(2))
        assertContentEquals(byteArrayOf(2), cache.read(key))
    }

    @Test
    fun `it may be used by several threads`() = test {
        val cache = FileQueryCache(folder)
        List(4) { n -> async(kotlinx.coroutines.Dispatchers.Default) { repeat(50) { cache.write(key, ByteArray(10_000) { n.toByte() }) } } }.awaitAll()
        assertEquals(1, assertNotNull(cache.read(key)).distinct().size)
    }

    @Test
    fun `an app shows the last value at its next start, also where a file is damaged`() = test {
        val channel = mapOf("channel" to "files-${folder.name}", "body" to "kept")
        val rows = query<List<com.convexgateway.client.Message>>("messages:list", channel - "body")
        suspend fun start() = AndroidConvex(DevGateway.shared.target, context, ClientOptions(cache = FileQueryCache(context))).use { convex ->
            val first = convex.states(rows).first()
            convex.states(rows).first { it is QueryState.Data && !it.cached && it.value.isNotEmpty() }
            while (files().none { "kept" in it.readText() }) yield()
            first
        }
        AndroidConvex(DevGateway.shared.target, context).use { it.mutate(com.convexgateway.client.mutation("messages:send", channel)) }
        assertEquals(QueryState.Loading, start())
        assertTrue(assertIs<QueryState.Data<*>>(start()).cached)
        files().forEach { it.writeBytes(it.readBytes().copyOf(40)) }
        assertEquals(QueryState.Loading, start())
    }

    private fun files() = File(context.cacheDir, "convexgateway").walk().filter { it.isFile }.toList()
}

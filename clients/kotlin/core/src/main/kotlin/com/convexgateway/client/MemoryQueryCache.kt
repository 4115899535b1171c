package com.convexgateway.client

/**
 * Keeps last values in the memory of the process, for several clients one after the other, and for tests. Safe for use by several
 * threads.
 *
 * @param maxBytes how much is kept; what was written or read the longest time ago goes first
 */
public class MemoryQueryCache(private val maxBytes: Long = QueryCache.DEFAULT_MAX_BYTES) : QueryCache {
    private val values = LinkedHashMap<QueryCache.Key, ByteArray>(16, 0.75f, true) // in the order of use
    private var size = 0L

    override suspend fun read(key: QueryCache.Key): ByteArray? = synchronized(values) { values[key]?.copyOf() }

    override suspend fun write(key: QueryCache.Key, bytes: ByteArray): Unit = synchronized(values) {
        drop(key)
        if (bytes.size > maxBytes) return
        values[key] = bytes.copyOf()
        size += bytes.size
        while (size > maxBytes) drop(values.keys.first())
    }

    override suspend fun remove(key: QueryCache.Key): Unit = synchronized(values) { drop(key) }

    override suspend fun clear(owner: String): Unit = synchronized(values) {
        values.keys.filter { it.owner == owner }.forEach(::drop)
    }

    private fun drop(key: QueryCache.Key) {
        size -= values.remove(key)?.size ?: 0
    }
}

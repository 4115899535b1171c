package com.convexgateway.client

/**
 * Keeps the last values of queries over restarts of the app, see [ClientOptions.cache]: a [MemoryQueryCache], or one of the app.
 *
 * A client makes one call at a time for writes, and any number of reads meanwhile. What a call throws is logged as a warning and has no
 * other effect. A damaged value is found by its checksum, and is as none. A subscription waits for its read before it
 * asks the gateway.
 */
public interface QueryCache {
    /**
     * Names a value. Both parts are hashes of 43 characters that file names and URLs take, and contain nothing readable.
     *
     * @property owner the user whose value it is, at one gateway
     * @property id identity, path and arguments
     */
    public data class Key(val owner: String, val id: String)

    /** The bytes that were written last, or null. */
    public suspend fun read(key: Key): ByteArray?

    /** Keeps bytes instead of earlier ones, all or nothing of them. */
    public suspend fun write(key: Key, bytes: ByteArray)

    /** Forgets a value. */
    public suspend fun remove(key: Key)

    /** Forgets all values of a user, who has signed out. */
    public suspend fun clear(owner: String)

    public companion object {
        /** How many bytes an implementation keeps by default. */
        public const val DEFAULT_MAX_BYTES: Long = 8L shl 20
    }
}

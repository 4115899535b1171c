package com.convexgateway.android

import android.content.Context
import com.convexgateway.client.QueryCache
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.StandardCopyOption
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/**
 * Keeps last values in files, one for each, for [com.convexgateway.client.ClientOptions.cache]. They are not encrypted.
 *
 * A file is replaced as a whole. One that is damaged all the same, because the device lost power for instance, is as none for the client.
 * Safe for use by several threads and clients; a folder is for one cache of one process.
 *
 * @param folder is made when it is needed; nothing else may be in it
 * @param maxBytes how much is kept; what was written or read the longest time ago goes first
 */
public class FileQueryCache(private val folder: File, private val maxBytes: Long = QueryCache.DEFAULT_MAX_BYTES) : QueryCache {
    /** Files in the app's folder for caches, which Android clears when space is short, and leaves out of backups. */
    public constructor(context: Context) : this(File(context.cacheDir, "convexgateway"))

    private val mutex = Mutex()
    private val sizes = LinkedHashMap<File, Long>(16, 0.75f, true) // in the order of use
    private var size = 0L
    private var isLoaded = false

    override suspend fun read(key: QueryCache.Key): ByteArray? = withFiles {
        val file = file(key)
        if (sizes[file] == null) return@withFiles null
        file.setLastModified(System.currentTimeMillis()) // for the order after the next start
        if (file.exists()) file.readBytes() else null.also { drop(file) } // Android may have cleared it
    }

    override suspend fun write(key: QueryCache.Key, bytes: ByteArray): Unit = withFiles {
        val file = file(key)
        if (bytes.size > maxBytes) return@withFiles drop(file)
        replace(file, bytes)
        size += bytes.size - (sizes.put(file, bytes.size.toLong()) ?: 0)
        while (size > maxBytes) drop(sizes.keys.first())
    }

    override suspend fun remove(key: QueryCache.Key): Unit = withFiles { drop(file(key)) }

    override suspend fun clear(owner: String): Unit = withFiles {
        val of = File(folder, owner)
        sizes.keys.filter { it.parentFile == of }.forEach(::drop)
        of.deleteRecursively()
    }

    private fun file(key: QueryCache.Key) = File(File(folder, key.owner), key.id)

    private suspend fun <R> withFiles(act: () -> R): R = withContext(Dispatchers.IO) {
        mutex.withLock {
            if (!isLoaded) load()
            isLoaded = true
            act()
        }
    }

    /** Finds the files of earlier processes, and deletes those that were not finished. */
    private fun load() {
        val (unfinished, files) = folder.walk().filter { it.isFile }.partition { it.name.endsWith(UNFINISHED) }
        unfinished.forEach { it.delete() }
        for (file in files.sortedBy { it.lastModified() }) {
            sizes[file] = file.length()
            size += file.length()
        }
        while (size > maxBytes) drop(sizes.keys.first())
    }

    private fun replace(file: File, bytes: ByteArray) {
        val folder = file.parentFile!!
        if (!folder.isDirectory && !folder.mkdirs()) throw IOException("no folder $folder")
        val unfinished = File(folder, file.name + UNFINISHED)
        unfinished.writeBytes(bytes)
        Files.move(unfinished.toPath(), file.toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
    }

    private fun drop(file: File) {
        size -= sizes.remove(file) ?: 0
        file.delete()
    }

    private companion object {
        const val UNFINISHED = ".new"
    }
}

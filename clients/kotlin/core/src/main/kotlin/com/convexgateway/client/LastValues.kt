package com.convexgateway.client

import java.security.MessageDigest
import kotlin.io.encoding.Base64
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/**
 * The last values of queries in the app's cache, each by the identity that it is of: whose token has the same claims is the same
 * identity, so that a value can be shown before the gateway has named the identity. Does nothing without a cache.
 */
internal class LastValues(
    target: Target,
    private val transport: Transport,
    private val callers: StateFlow<Caller>,
    private val options: ClientOptions,
) {
    private val cache = options.cache
    private val gateway = target.url
    private val scope by lazy { CoroutineScope(SupervisorJob() + transport.link.dispatcher) }
    private val writing = Mutex() // held while the cache is changed
    private val pending = LinkedHashMap<QueryCache.Key, LastValue?>() // to write, or null: to remove; guarded by itself

    /** The value of a query that was kept for a caller. */
    suspend fun read(caller: Caller, query: QueryKey): LastValue? {
        val cache = cache ?: return null
        val key = keyOf(caller, query) ?: return null
        synchronized(pending) { if (key in pending) return pending[key] }
        return attempt { cache.read(key) }?.let(LastValue::of)
    }

    /** Keeps a value, soon: of several for one query the newest. */
    fun write(caller: Caller, query: QueryKey, value: LastValue) = put(caller, query, value)

    /** Forgets the value of a query, soon. */
    fun remove(caller: Caller, query: QueryKey) = put(caller, query, null)

    private fun put(caller: Caller, query: QueryKey, value: LastValue?) {
        if (cache == null) return
        val key = keyOf(caller, query) ?: return
        val isNew = synchronized(pending) {
            if (callers.value !== caller) return // perhaps signed out, and cleared
            (key !in pending).also { pending[key] = value }
        }
        if (isNew) scope.launch { writing.withLock { change(cache) } }
    }

    private suspend fun change(cache: QueryCache) {
        val (key, value) = synchronized(pending) {
            val first = pending.entries.firstOrNull() ?: return
            first.toPair().also { pending -= it.first }
        }
        attempt { if (value == null) cache.remove(key) else cache.write(key, value.toBytes()) }
    }

    /** Forgets all values of a user who is no longer the caller. The job ends when that is done. */
    fun clear(user: Caller.User): Job? {
        val cache = cache ?: return null
        val owner = user.firstStableClaims?.let(::ownerOf) ?: return null
        synchronized(pending) { pending.keys.removeAll { it.owner == owner } }
        return scope.launch { writing.withLock { attempt { cache.clear(owner) } } }
    }

    /** Null: nothing is kept. Each page of a list is another query each time. */
    private fun keyOf(caller: Caller, query: QueryKey): QueryCache.Key? = when {
        query.isPage -> null
        caller is Caller.User -> caller.stableClaims?.let {
            val id = if (query.isAnonymous) hash("nobody", query.path, query.args) else hash("user", it.all, query.path, query.args)
            QueryCache.Key(ownerOf(it), id)
        }
        else -> QueryCache.Key(hash("nobody", gateway), hash("nobody", query.path, query.args))
    }

    private fun ownerOf(claims: StableClaims) = hash("user", gateway, claims.user)

    /** Base64 of SHA-256 of the parts, each behind its length. */
    private fun hash(vararg parts: String): String {
        val digest = MessageDigest.getInstance("SHA-256")
        for (part in parts.map { it.toByteArray() }) {
            digest.update("${part.size} ".toByteArray())
            digest.update(part)
        }
        return UNPADDED.encode(digest.digest())
    }

    private suspend fun <R> attempt(call: suspend () -> R): R? = try {
        call()
    } catch (e: Throwable) {
        if (e is CancellationException) currentCoroutineContext().ensureActive() // else the cache's own coroutine was cancelled
        options.log(ClientLogger.Level.WARN, e) { "the cache of last values has failed" }
        null
    }

    private companion object {
        val UNPADDED = Base64.UrlSafe.withPadding(Base64.PaddingOption.ABSENT)
    }
}

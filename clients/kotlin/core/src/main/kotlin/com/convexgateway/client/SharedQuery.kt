package com.convexgateway.client

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch

/**
 * A query that is followed for the current caller, by all subscriptions that are equal. Each has a [Reader], and none waits for
 * another one's.
 */
internal class SharedQuery(private val following: Following) : GroupListener {
    private val lock = Any() // guards the fields below, and what readers have waiting
    private val readers = HashSet<Reader>()
    private var newest: Outcome? = null
    private var version = 0L // of what readers may read
    private var present: Source? = null
    private var isRestored = false // the kept value was published, if there is one
    private var end: Result<Unit>? = null

    /** Follows the query for one caller after the other. Returns when there will be no more results. */
    suspend fun run(): Unit = following.run(this)

    override fun begins(source: Source?) = change {
        present = source
        newest = null
        isRestored = source == null
        for (reader in readers) reader.clear()
    }

    override fun restored() = change { isRestored = true }

    override fun changed() = change { }

    override fun show(outcomes: List<Outcome?>, isComplete: Boolean) = synchronized(lock) {
        val outcome = outcomes.single()
        if (outcome == null || outcome === newest || outcome.from !== present || end != null) return@synchronized
        newest = outcome
        version++
        if (!outcome.isCached) for (reader in readers) reader.add(outcome)
    }

    /** There will be no more results; [cause] is thrown to all readers. */
    fun end(cause: Throwable?) = change {
        if (end == null) end = if (cause == null) Result.success(Unit) else Result.failure(cause)
    }

    fun join(): Reader = synchronized(lock) {
        Reader().also { reader ->
            readers += reader
            newest?.let { if (!it.isCached) reader.add(it) }
        }
    }

    /** Returns whether there is no reader any more. */
    fun leave(reader: Reader): Boolean {
        reader.progress.end()
        return synchronized(lock) {
            readers -= reader
            readers.isEmpty()
        }
    }

    override suspend fun delivered() {
        val (all, now) = synchronized(lock) { readers.toList() to version }
        coroutineScope { for (reader in all) launch { reader.progress.await(now) } }
    }

    /** Readers are woken without the lock: some dispatchers run a collector at once, in this thread. */
    private inline fun change(update: () -> Unit) {
        val awaiting = synchronized(lock) {
            update()
            version++
            readers.toList()
        }
        for (reader in awaiting) reader.changed.trySend(Unit)
    }

    /** The outcomes for one subscription, in their order: all if it keeps up, otherwise the newest. */
    inner class Reader {
        private val waiting = ArrayDeque<Outcome>()
        private var bytes = 0L // of the waiting outcomes
        val changed = Channel<Unit>(Channel.CONFLATED)
        val progress = Progress()

        fun add(outcome: Outcome) {
            if (waiting.size >= MAX_WAITING || bytes + outcome.size > MAX_BYTES) clear()
            waiting.addLast(outcome)
            bytes += outcome.size
        }

        fun clear() {
            waiting.clear()
            bytes = 0
        }

        private fun drop() {
            bytes -= waiting.removeFirst().size
        }

        /** The next outcome that may be shown, which stays until it is taken; null: there will be none. */
        suspend fun next(): Outcome? {
            while (true) {
                val now = synchronized(lock) {
                    while (waiting.size > 1 && !waiting.first().isShown) drop()
                    waiting.firstOrNull()?.takeIf { it.isShown }?.let { return it }
                    end?.let { return it.map { null }.getOrThrow() }
                    version
                }
                awaitChange(now)
            }
        }

        /** Takes the next outcome. Returns false if that is another one now, or may not be shown any more. */
        fun take(outcome: Outcome): Boolean = synchronized(lock) {
            val isNext = waiting.firstOrNull() === outcome && outcome.isShown
            if (isNext) drop()
            isNext
        }

        /** Waits until the newest outcome is there if one was kept. */
        suspend fun restored() {
            while (synchronized(lock) { !isRestored && end == null }) changed.receive()
        }

        /** The newest outcome, also a cached one; null if there is none that may be shown. */
        fun newest(): Outcome? = synchronized(lock) { newest?.takeIf { it.isShown } }

        /** Waits until the newest outcome is another one than [shown]. Returns false when there will be none. */
        suspend fun await(shown: Outcome?): Boolean {
            while (true) {
                val version = synchronized(lock) {
                    val now = newest()
                    if (now != null && now !== shown) return true
                    end?.let { return it.map { false }.getOrThrow() }
                    if (now !== shown) return true
                    version
                }
                awaitChange(version)
            }
        }

        /** Waits for more than there is in a version. */
        private suspend fun awaitChange(version: Long) {
            progress.reached(version)
            changed.receive()
        }
    }

    private companion object {
        /** How many outcomes, and how many bytes of them, wait for a subscription that does not keep up. */
        const val MAX_WAITING = 16
        const val MAX_BYTES = 1L shl 20
    }
}

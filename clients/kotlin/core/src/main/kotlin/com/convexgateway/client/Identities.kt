package com.convexgateway.client

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.getAndUpdate
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** The current and previous identities of a session, by their tags: with another organisation the identity is another one. */
internal class Identities {
    private class Known(val current: String, val previous: Set<String>)

    private val known = MutableStateFlow(Known("", emptySet()))

    /** The tag of the current identity; empty until it is known. */
    val current: String get() = known.value.current

    /** Emits at first, and when an identity becomes the current one. */
    val changes: Flow<Any> get() = known

    /** Whether an outcome is of no previous identity. A cached one has to be of the current identity, if it is of one and that is known. */
    fun show(outcome: Outcome): Boolean = known.value.let {
        if (outcome.isCached) outcome.tag.isEmpty() || it.current.isEmpty() || it.current == outcome.tag else outcome.tag !in it.previous
    }

    /** Sets the current identity. Returns whether the session had another one before. */
    fun now(tag: String): Boolean {
        val before = known.getAndUpdate { if (it.current == tag) it else Known(tag, it.previous + it.current - setOf(tag, "")) }.current
        return before != tag && before.isNotEmpty()
    }

    /**
     * The [events] of one stream without those of a previous identity. The session may be about to change back to that identity,
     * and its streams change in any order: so the last such event is emitted when the session has the identity again, unless
     * another event has followed.
     *
     * @param tagOf returns the identity's tag of an event
     */
    fun <E : Any> present(events: Flow<E>, tagOf: (E) -> String): Flow<E> = orderedFlow { send ->
        val mutex = Mutex()
        var withheld: E? = null
        suspend fun deliver(event: E) {
            withheld = event
            if (tagOf(event) in known.value.previous) return
            withheld = null
            send(event)
        }
        val returns = launch { known.collect { mutex.withLock { withheld?.let { deliver(it) } } } }
        events.collect { mutex.withLock { deliver(it) } }
        returns.cancel()
    }
}

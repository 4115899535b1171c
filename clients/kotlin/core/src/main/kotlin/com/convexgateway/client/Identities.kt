package com.convexgateway.client

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.getAndUpdate
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** Which identity a session has, by its tag, and which ones it has left: with another organisation it is another one. */
internal class Identities {
    private class Known(val current: String, val left: Set<String>)

    private val known = MutableStateFlow(Known("", emptySet()))

    /** Empty until one is known. */
    val current: String get() = known.value.current

    /** The session now has the identity [tag]; reports whether it had another one before. */
    fun now(tag: String): Boolean {
        val before = known.getAndUpdate { if (it.current == tag) it else Known(tag, it.left + it.current - setOf(tag, "")) }.current
        return before != tag && before.isNotEmpty()
    }

    /**
     * The [events] of one stream without those of an identity that was left. The session may be on its way back to it, which
     * its streams say in any order: the last such event is told when it is back, unless another has followed.
     *
     * @param tagOf whose an event is
     */
    fun <E : Any> present(events: Flow<E>, tagOf: (E) -> String): Flow<E> = channelFlow {
        val turn = Mutex()
        var withheld: E? = null
        suspend fun tell(event: E) {
            withheld = event
            if (tagOf(event) in known.value.left) return
            withheld = null
            send(event)
        }
        val returns = launch { known.collect { turn.withLock { withheld?.let { tell(it) } } } }
        events.collect { turn.withLock { tell(it) } }
        returns.cancel()
    }.buffer(0)
}

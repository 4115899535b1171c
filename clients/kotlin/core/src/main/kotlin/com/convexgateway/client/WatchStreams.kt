package com.convexgateway.client

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/** The Watch streams of a client: one for each caller that has groups, from the first group until the last one has gone. */
internal class WatchStreams(private val transport: Transport) {
    private class Running(val stream: WatchStream, var job: Job? = null, var groups: Int = 0)

    private val scope by lazy { CoroutineScope(SupervisorJob() + transport.link.dispatcher) }
    private val lock = Any() // guards the fields below
    private val running = HashMap<Caller, Running>()

    /** Follows a group until there will be no more results. */
    suspend fun follow(group: WatchedGroup, caller: Caller) {
        val of = join(caller)
        of.stream.add(group)
        try {
            group.ended.await()
        } finally {
            of.stream.remove(group)
            leave(caller, of)
        }
    }

    private fun join(caller: Caller): Running = synchronized(lock) {
        val of = running.getOrPut(caller) { Running(WatchStream(caller, transport)) }
        of.groups++
        if (of.job?.isActive != true) of.job = scope.launch { of.stream.run() }
        of
    }

    private fun leave(caller: Caller, of: Running) = synchronized(lock) {
        if (--of.groups > 0) return@synchronized
        running -= caller
        of.job?.cancel()
    }

    /** Asks up to which time a group's results hold; see [Source.ask]. */
    fun ask(group: WatchedGroup, time: Long) {
        synchronized(lock) { running.values.toList() }.forEach { it.stream.ask(group, time) }
    }

    fun close() = scope.cancel()
}

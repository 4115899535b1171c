package com.convexgateway.client

import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.withTimeoutOrNull

/** Which version of what is shown a collector has. */
internal class Progress {
    private data class At(val version: Long, val isEmitting: Boolean)

    private val at = MutableStateFlow(At(0, isEmitting = false))

    /** The collector has what is shown in a version. It is not called under a lock: some dispatchers run what waits in this thread. */
    fun reached(version: Long) = at.update { it.copy(version = version) }

    /** There will be no more for the collector. */
    fun end() = reached(Long.MAX_VALUE)

    /** Runs the collector's own code. */
    suspend fun emitting(emit: suspend () -> Unit) {
        at.update { it.copy(isEmitting = true) }
        try {
            emit()
        } finally {
            at.update { it.copy(isEmitting = false) }
        }
    }

    /** Waits until the collector has what is shown in a version; for code of its own that does not return, [PATIENCE]. */
    suspend fun await(version: Long) {
        while (true) {
            val now = at.first { it.version >= version || it.isEmitting }
            if (now.version >= version) return
            withTimeoutOrNull(PATIENCE) { at.first { !it.isEmitting } } ?: return
        }
    }

    private companion object {
        /** How long a collector is waited for that is busy: it may itself wait for the mutation whose write it would get. */
        val PATIENCE = 50.milliseconds
    }
}

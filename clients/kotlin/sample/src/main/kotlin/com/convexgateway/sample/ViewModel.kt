package com.convexgateway.sample

import java.io.Closeable
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel

/** Replaces `androidx.lifecycle.ViewModel` and its `viewModelScope`, so that the sample runs on any JVM. */
abstract class ViewModel : Closeable {
    protected val viewModelScope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    override fun close() = viewModelScope.cancel()
}

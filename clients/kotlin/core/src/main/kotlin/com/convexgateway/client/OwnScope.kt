package com.convexgateway.client

import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob

/** A scope of its own, made when it is used. */
internal class OwnScope : CoroutineScope {
    override val coroutineContext: CoroutineContext by lazy { SupervisorJob() }
}

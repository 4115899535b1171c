package com.convexgateway.client

import java.util.concurrent.ScheduledFuture
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.TimeUnit

/** A client's scheduler whose time runs [factor] times as fast. */
class FastScheduler(private val factor: Double) : ScheduledThreadPoolExecutor(4, { Thread(it, "fast").apply { isDaemon = true } }) {
    constructor(factor: Int) : this(factor.toDouble())

    init {
        removeOnCancelPolicy = true
    }

    /** Tasks that run, or will. */
    val tasks: Int get() = queue.size + activeCount

    override fun schedule(command: Runnable, delay: Long, unit: TimeUnit): ScheduledFuture<*> =
        super.schedule(command, (unit.toNanos(delay) / factor).toLong(), TimeUnit.NANOSECONDS)
}

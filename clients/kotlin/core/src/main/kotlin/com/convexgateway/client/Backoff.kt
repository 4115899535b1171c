package com.convexgateway.client

import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/**
 * How long to wait before the next attempt: 1 s, half as much more each time, up to 60 s, give or take half of it. The
 * constants are those of Firestore's mobile clients (firebase/firebase-android-sdk, `ExponentialBackoff.java`,
 * `AbstractStream.java`). An attempt that was healthy for 10 s starts over.
 */
internal class Backoff(private val random: Random = Random, private val clock: TimeSource = TimeSource.Monotonic) {
    private var base = FIRST
    private var healthySince: TimeMark? = null

    /** The attempt works. */
    fun healthy() {
        if (healthySince == null) healthySince = clock.markNow()
    }

    /** The attempt has ended; returns how long to wait, [atLeast] what the other side asked for. */
    fun failed(atLeast: Duration = Duration.ZERO): Duration {
        val health = healthySince?.elapsedNow() ?: Duration.ZERO
        if (health >= HEALTHY_AFTER) reset()
        healthySince = null
        val wait = base * random.nextDouble(0.5, 1.5)
        base = minOf(base * 1.5, LONGEST)
        return maxOf(wait, atLeast)
    }

    /** Circumstances are new, so the next wait is short. */
    fun reset() {
        base = FIRST
    }

    private companion object {
        val FIRST = 1.seconds
        val LONGEST = 60.seconds
        val HEALTHY_AFTER = 10.seconds
    }
}

package com.convexgateway.client

import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/**
 * How long to wait before the next attempt: 1 s, then 1.5 times as long each time, up to 60 s, with a jitter of one half. The
 * constants are those of Firestore's mobile clients (firebase/firebase-android-sdk, `ExponentialBackoff.java`,
 * `AbstractStream.java`). An attempt that was healthy for 10 s resets the wait.
 */
internal class Backoff(private val random: Random = Random, private val clock: TimeSource = TimeSource.Monotonic) {
    private var base = FIRST
    private var healthySince: TimeMark? = null

    /** The attempt is successful so far. */
    fun healthy() {
        if (healthySince == null) healthySince = clock.markNow()
    }

    /** The attempt has ended. Returns how long to wait, at least [atLeast]. */
    fun failed(atLeast: Duration = Duration.ZERO): Duration {
        val health = healthySince?.elapsedNow() ?: Duration.ZERO
        if (health >= HEALTHY_AFTER) reset()
        healthySince = null
        val wait = base * random.nextDouble(0.5, 1.5)
        base = minOf(base * 1.5, LONGEST)
        return maxOf(wait, atLeast)
    }

    /** Makes the next wait short. */
    fun reset() {
        base = FIRST
    }

    private companion object {
        val FIRST = 1.seconds
        val LONGEST = 60.seconds
        val HEALTHY_AFTER = 10.seconds
    }
}

package com.convexgateway.android

import android.app.Activity
import android.app.ActivityManager
import android.app.ActivityManager.RunningAppProcessInfo
import android.app.Application
import android.app.Application.ActivityLifecycleCallbacks
import android.content.Context
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import kotlinx.coroutines.channels.ProducerScope
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.distinctUntilChanged

/**
 * Whether the app is in the foreground: one of its activities is started, or was started less than 700 ms ago, since a turned
 * device stops an activity and starts another. The first value is whether Android runs the process as one that the user sees, or
 * for instance for a broadcast, when the flow is collected. It may be collected in any thread.
 */
public fun foreground(context: Context): Flow<Boolean> = callbackFlow {
    val app = context.applicationContext as Application
    val activities = StartedActivities(this)
    app.registerActivityLifecycleCallbacks(activities)
    awaitClose {
        app.unregisterActivityLifecycleCallbacks(activities)
        activities.close()
    }
}.distinctUntilChanged()

/** Counts the activities that are started. Android calls it in the main thread. */
private class StartedActivities(private val flow: ProducerScope<Boolean>) : ActivityLifecycleCallbacks {
    private val main = Handler(Looper.getMainLooper())
    private val stopped = Runnable { flow.trySend(false) }
    private val started = HashSet<Int>()

    init {
        val process = RunningAppProcessInfo()
        ActivityManager.getMyMemoryState(process)
        flow.trySend(process.importance <= RunningAppProcessInfo.IMPORTANCE_VISIBLE) // activities may have started before
    }

    override fun onActivityStarted(activity: Activity) {
        main.removeCallbacks(stopped)
        started += System.identityHashCode(activity)
        flow.trySend(true)
    }

    override fun onActivityStopped(activity: Activity) {
        started -= System.identityHashCode(activity)
        if (started.isEmpty()) main.postDelayed(stopped, STOP_DELAY_MILLIS)
    }

    fun close() = main.removeCallbacks(stopped)

    override fun onActivityCreated(activity: Activity, savedInstanceState: Bundle?) = Unit
    override fun onActivityResumed(activity: Activity) = Unit
    override fun onActivityPaused(activity: Activity) = Unit
    override fun onActivitySaveInstanceState(activity: Activity, outState: Bundle) = Unit
    override fun onActivityDestroyed(activity: Activity) = Unit

    private companion object {
        /** As androidx.lifecycle's ProcessLifecycleOwner. */
        const val STOP_DELAY_MILLIS = 700L
    }
}

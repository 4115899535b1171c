@file:Suppress("PackageDirectoryMismatch", "UNUSED_PARAMETER")

package android.app

import android.content.Context
import android.net.ConnectivityManager
import android.os.Bundle
import java.util.concurrent.CopyOnWriteArrayList

open class Activity

class Application(private val connectivity: ConnectivityManager = ConnectivityManager()) : Context() {
    interface ActivityLifecycleCallbacks {
        fun onActivityCreated(activity: Activity, savedInstanceState: Bundle?)
        fun onActivityStarted(activity: Activity)
        fun onActivityResumed(activity: Activity)
        fun onActivityPaused(activity: Activity)
        fun onActivityStopped(activity: Activity)
        fun onActivitySaveInstanceState(activity: Activity, outState: Bundle)
        fun onActivityDestroyed(activity: Activity)
    }

    val callbacks = CopyOnWriteArrayList<ActivityLifecycleCallbacks>()

    override val applicationContext: Context get() = this
    override fun getSystemService(name: String): Any = connectivity

    fun registerActivityLifecycleCallbacks(callback: ActivityLifecycleCallbacks) {
        callbacks += callback
    }

    fun unregisterActivityLifecycleCallbacks(callback: ActivityLifecycleCallbacks) {
        callbacks -= callback
    }
}

class ActivityManager {
    class RunningAppProcessInfo {
        @JvmField
        var importance: Int = 100 // in the foreground
    }

    companion object {
        @JvmStatic
        fun getMyMemoryState(outState: RunningAppProcessInfo) = Unit
    }
}

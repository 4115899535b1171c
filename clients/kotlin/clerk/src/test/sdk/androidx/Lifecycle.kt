/* The part of androidx.lifecycle that the bridge uses; it is not on Maven Central. Tests start and stop the process. */
@file:Suppress("PackageDirectoryMismatch")

package androidx.lifecycle

import java.util.concurrent.CopyOnWriteArrayList

interface LifecycleOwner {
    val lifecycle: Lifecycle
}

interface LifecycleObserver

interface DefaultLifecycleObserver : LifecycleObserver {
    fun onStart(owner: LifecycleOwner) = Unit
    fun onStop(owner: LifecycleOwner) = Unit
}

class Lifecycle {
    val observers = CopyOnWriteArrayList<LifecycleObserver>()

    fun addObserver(observer: LifecycleObserver) {
        observers += observer
    }

    fun removeObserver(observer: LifecycleObserver) {
        observers -= observer
    }
}

object ProcessLifecycleOwner : LifecycleOwner {
    override val lifecycle = Lifecycle()

    fun get(): LifecycleOwner = this

    fun start() = lifecycle.observers.forEach { (it as DefaultLifecycleObserver).onStart(this) }
    fun stop() = lifecycle.observers.forEach { (it as DefaultLifecycleObserver).onStop(this) }
}

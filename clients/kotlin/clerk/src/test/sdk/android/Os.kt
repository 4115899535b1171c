@file:Suppress("PackageDirectoryMismatch", "UNUSED_PARAMETER")

package android.os

class Bundle

class Looper {
    companion object {
        private val main = Looper()

        @JvmStatic
        fun getMainLooper(): Looper = main
    }
}

/** Runs at once what is posted, whatever the delay. */
class Handler(looper: Looper) {
    fun postDelayed(run: Runnable, delayMillis: Long): Boolean {
        run.run()
        return true
    }

    fun removeCallbacks(run: Runnable) = Unit
}

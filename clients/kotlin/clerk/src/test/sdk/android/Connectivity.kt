@file:Suppress("PackageDirectoryMismatch")

package android.net

class Network

class ConnectivityManager(@Volatile var activeNetwork: Network? = null) {
    open class NetworkCallback {
        open fun onAvailable(network: Network) = Unit
        open fun onLost(network: Network) = Unit
    }

    @Volatile
    var callback: NetworkCallback? = null
        private set

    /** As on a device, the callback is called at once with the active network. */
    fun registerDefaultNetworkCallback(networkCallback: NetworkCallback) {
        callback = networkCallback
        activeNetwork?.let(networkCallback::onAvailable)
    }

    fun unregisterNetworkCallback(networkCallback: NetworkCallback) {
        check(callback === networkCallback)
        callback = null
    }
}

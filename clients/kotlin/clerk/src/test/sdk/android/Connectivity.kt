@file:Suppress("PackageDirectoryMismatch")

package android.net

class Network

class NetworkCapabilities(private val validated: Boolean = true) {
    fun hasCapability(capability: Int): Boolean = validated && capability == NET_CAPABILITY_VALIDATED

    companion object {
        const val NET_CAPABILITY_VALIDATED = 16
    }
}

class ConnectivityManager(@Volatile var activeNetwork: Network? = null) {
    open class NetworkCallback {
        open fun onAvailable(network: Network) = Unit
        open fun onCapabilitiesChanged(network: Network, networkCapabilities: NetworkCapabilities) = Unit
        open fun onBlockedStatusChanged(network: Network, blocked: Boolean) = Unit
        open fun onLost(network: Network) = Unit
    }

    @Volatile
    var callback: NetworkCallback? = null
        private set

    @Suppress("UNUSED_PARAMETER")
    fun getNetworkCapabilities(network: Network?): NetworkCapabilities? = network?.let { NetworkCapabilities() }

    /** As on a device, the callback is called at once with the active network. */
    fun registerDefaultNetworkCallback(networkCallback: NetworkCallback) {
        callback = networkCallback
        activeNetwork?.let { change(it) }
    }

    /** The default network is another one, or the same with other properties. */
    fun change(network: Network, validated: Boolean = true, blocked: Boolean = false) = callback!!.run {
        onAvailable(network)
        onCapabilitiesChanged(network, NetworkCapabilities(validated))
        onBlockedStatusChanged(network, blocked)
    }

    fun unregisterNetworkCallback(networkCallback: NetworkCallback) {
        check(callback === networkCallback)
        callback = null
    }
}

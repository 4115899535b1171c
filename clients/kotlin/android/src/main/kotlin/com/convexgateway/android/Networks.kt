package com.convexgateway.android

import android.content.Context
import android.net.ConnectivityManager
import android.net.ConnectivityManager.NetworkCallback
import android.net.Network
import android.net.NetworkCapabilities
import android.os.Build
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow

/**
 * The networks that the device changes to, once they reach the internet (a captive portal does not) and are not blocked for the
 * app. The network at the beginning is left out if it is validated. Needs the permission ACCESS_NETWORK_STATE, which this
 * library declares.
 */
public fun networks(context: Context): Flow<Network> = callbackFlow {
    val manager = context.getSystemService(Context.CONNECTIVITY_SERVICE) as ConnectivityManager
    val first = manager.activeNetwork?.takeIf { manager.getNetworkCapabilities(it)?.isValidated == true } // is used already
    val callback = UsableNetworks(first) { trySend(it) }
    manager.registerDefaultNetworkCallback(callback)
    awaitClose { manager.unregisterNetworkCallback(callback) }
}

private val NetworkCapabilities.isValidated get() = hasCapability(NetworkCapabilities.NET_CAPABILITY_VALIDATED)

/** Passes on the default network whenever it becomes usable. */
private class UsableNetworks(private var used: Network?, private val emit: (Network) -> Unit) : NetworkCallback() {
    private var validated: Boolean? = null // null: not reported yet
    private var blocked: Boolean? = null

    override fun onAvailable(network: Network) {
        validated = null
        blocked = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) null else false // older versions do not report it
    }

    override fun onCapabilitiesChanged(network: Network, networkCapabilities: NetworkCapabilities) {
        validated = networkCapabilities.isValidated
        update(network)
    }

    override fun onBlockedStatusChanged(network: Network, blocked: Boolean) {
        this.blocked = blocked
        update(network)
    }

    override fun onLost(network: Network) {
        used = null
    }

    private fun update(network: Network) {
        val usable = (validated ?: return) && !(blocked ?: return)
        if (usable && network != used) emit(network)
        used = network.takeIf { usable }
    }
}

/*
 * The part of Android's API that the bridge uses, declared after its documentation, so that the bridge's source for Android
 * is compiled and run in tests. Tests set what it returns.
 */
@file:Suppress("PackageDirectoryMismatch", "UNCHECKED_CAST")

package android.content

import android.net.ConnectivityManager

class Context(private val connectivity: ConnectivityManager = ConnectivityManager()) {
    val applicationContext: Context get() = this

    fun <T> getSystemService(serviceClass: Class<T>): T = connectivity as T
}

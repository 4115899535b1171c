/*
 * The part of Android's API that the bridge uses, declared after its documentation, so that the bridge's source for Android
 * is compiled and run in tests. Tests set what it returns.
 */
@file:Suppress("PackageDirectoryMismatch", "UNCHECKED_CAST")

package android.content

import android.net.ConnectivityManager
import android.content.pm.PackageManager

class Context(private val connectivity: ConnectivityManager = ConnectivityManager(), private val application: Context? = null) {
    val applicationContext: Context get() = application ?: this
    val packageName: String = "com.example.app"
    val packageManager: PackageManager = PackageManager()

    fun <T> getSystemService(serviceClass: Class<T>): T = connectivity as T
}

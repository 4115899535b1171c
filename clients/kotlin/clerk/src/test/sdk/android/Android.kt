/*
 * The part of Android's API that the bridge uses, declared after its documentation, so that the bridge's source for Android
 * is compiled and run in tests. Tests set what it returns.
 */
@file:Suppress("PackageDirectoryMismatch")

package android.content

import android.app.Application
import android.content.pm.PackageManager

open class Context(private val application: Application? = null) {
    open val applicationContext: Context get() = application!!
    val packageName: String = "com.example.app"
    val packageManager: PackageManager = PackageManager()

    open fun getSystemService(name: String): Any = application!!.getSystemService(name)
}

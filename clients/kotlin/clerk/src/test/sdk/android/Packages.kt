@file:Suppress("PackageDirectoryMismatch", "UNUSED_PARAMETER")

package android.content.pm

class PackageInfo(@JvmField val versionName: String?)

class PackageManager {
    fun getPackageInfo(packageName: String, flags: Int): PackageInfo = PackageInfo("1.2")
}

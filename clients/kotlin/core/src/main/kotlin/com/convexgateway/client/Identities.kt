package com.convexgateway.client

/** Which identity a session has, by its tag, and which ones it has left: with another organisation it is another one. */
internal class Identities {
    private var current = ""
    private val left = HashSet<String>()

    /** The session now has the identity [tag]; reports whether it had another one before. */
    @Synchronized
    fun now(tag: String): Boolean {
        if (tag == current) return false
        val had = current.isNotEmpty()
        if (had) left.add(current)
        left.remove(tag)
        current = tag
        return had
    }

    @Synchronized
    fun mayShow(tag: String): Boolean = tag !in left
}

package com.convexgateway.client

import java.net.URI
import java.net.URISyntaxException

/** Address of the gateway. */
internal data class Target(val host: String, val port: Int, val tls: Boolean) {
    /** The address with its scheme and port. */
    val url: String get() = "${if (tls) "https" else "http"}://$host:$port"

    companion object {
        // Clients are made in main threads: the JDK's functions here are loaded already, Kotlin's take 20 ms.

        /** Parses `https://host[:port]`, `http://host[:port]` or `host[:port]`, which means https. */
        fun parse(text: String): Target {
            val url = if ((text as java.lang.String).indexOf("://") >= 0) text else "https://$text"
            val uri = try {
                URI(url)
            } catch (e: URISyntaxException) {
                throw bad(text, e)
            }
            val tls = when (uri.scheme) {
                "https" -> true
                "http" -> false
                else -> throw bad(text)
            }
            if (uri.host == null || (uri.path != "" && uri.path != "/") || uri.query != null || uri.userInfo != null) throw bad(text)
            return Target(uri.host, if (uri.port > 0) uri.port else if (tls) 443 else 80, tls)
        }

        private fun bad(text: String, cause: Throwable? = null) =
            IllegalArgumentException("target: \"$text\" is not https://host[:port], http://host[:port] or host[:port]", cause)
    }
}

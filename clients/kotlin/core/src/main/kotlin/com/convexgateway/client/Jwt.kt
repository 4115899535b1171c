package com.convexgateway.client

/** The form of a token: visible ASCII. gRPC would drop another one, make the call without it, and log it. */
internal object Jwt {
    /**
     * The token without white space around it.
     *
     * @throws IllegalArgumentException if it is no token; the message does not hold it
     */
    fun clean(text: String): String {
        val token = text.trim()
        require(token.isNotEmpty()) { "the provider's token is empty" }
        val at = token.indexOfFirst { it !in '!'..'~' }
        require(at < 0) { "the provider's token is none: character ${at + 1} of ${token.length} is not visible ASCII" }
        return token
    }
}

package com.convexgateway.client

import kotlin.io.encoding.Base64
import kotlinx.serialization.DeserializationStrategy

internal object Jwt {
    private val base64 = Base64.UrlSafe.withPadding(Base64.PaddingOption.PRESENT_OPTIONAL)

    /** The claims, which are decoded and not verified. Null if the token is not a JWT. */
    fun <T> claims(token: String, type: DeserializationStrategy<T>): T? = try {
        convexJson.decodeFromString(type, base64.decode(token.split('.')[1]).decodeToString())
    } catch (_: IllegalArgumentException) { // SerializationException is one
        null
    } catch (_: IndexOutOfBoundsException) {
        null
    }

    /**
     * The token is visible ASCII: gRPC would drop another one, make the call without it, and log it. This is the token without white space around it.
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

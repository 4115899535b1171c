package com.convexgateway.client

import kotlin.io.encoding.Base64
import kotlinx.serialization.Serializable

/** The claims of a JWT that identify its user and session. They are decoded, not verified. */
@Serializable
internal data class TokenClaims(val iss: String? = null, val sub: String? = null, val sid: String? = null) {
    companion object {
        private val base64 = Base64.UrlSafe.withPadding(Base64.PaddingOption.PRESENT_OPTIONAL)

        /** Null if it is not a JWT. */
        fun of(token: String): TokenClaims? = try {
            convexJson.decodeFromString<TokenClaims>(base64.decode(token.split('.')[1]).decodeToString())
        } catch (_: IllegalArgumentException) { // SerializationException is one
            null
        } catch (_: IndexOutOfBoundsException) {
            null
        }
    }
}

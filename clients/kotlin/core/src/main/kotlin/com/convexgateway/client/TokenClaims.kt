package com.convexgateway.client

import kotlinx.serialization.Serializable

/** The claims of a JWT that identify its user and session. They are decoded, not verified. */
@Serializable
internal data class TokenClaims(val iss: String? = null, val sub: String? = null, val sid: String? = null) {
    companion object {
        /** Null if it is not a JWT. */
        fun of(token: String): TokenClaims? = Jwt.claims(token, serializer())
    }
}

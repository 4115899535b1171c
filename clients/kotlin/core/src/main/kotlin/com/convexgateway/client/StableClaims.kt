package com.convexgateway.client

import kotlinx.serialization.json.JsonObject

/**
 * What the tokens of one identity have in common. They are decoded, not verified.
 *
 * @property user issuer and subject, as JSON
 * @property all canonical text of all claims but those that change with each token. The gateway leaves out these, and of some tokens
 *   more: equal texts are one identity
 */
internal data class StableClaims(val user: String, val all: String) {
    companion object {
        private val CHANGING = setOf("exp", "iat", "nbf", "jti", "fva")

        /** Null if the token is not a JWT of a user. */
        fun of(token: String): StableClaims? {
            val claims = Jwt.claims(token, JsonObject.serializer()) ?: return null
            val user = claims.filterKeys { it == "iss" || it == "sub" }
            return if (user.size == 2) StableClaims(JsonObject(user).canonical(), JsonObject(claims - CHANGING).canonical()) else null
        }
    }
}

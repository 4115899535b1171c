@file:Suppress("PackageDirectoryMismatch")

package com.clerk.api.session

import com.clerk.api.network.model.token.TokenResource

data class Session(
    val id: String,
    val status: SessionStatus = SessionStatus.UNKNOWN,
    val lastActiveOrganizationId: String? = null,
    val lastActiveToken: TokenResource? = null,
) {
    enum class SessionStatus { ABANDONED, ACTIVE, ENDED, EXPIRED, REMOVED, REPLACED, REVOKED, UNKNOWN, PENDING }
}

data class GetTokenOptions(val template: String? = null, val skipCache: Boolean = false, val expirationBuffer: Long = 10)

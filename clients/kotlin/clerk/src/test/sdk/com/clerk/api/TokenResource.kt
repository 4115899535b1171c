@file:Suppress("PackageDirectoryMismatch")

package com.clerk.api.network.model.token

data class TokenResource(val jwt: String)

package com.convexgateway.sample

import kotlinx.serialization.Serializable

/** Some fields of a row of `messages:list`. */
@Serializable
data class Message(val id: String, val author: String, val body: String)

package com.convexgateway.sample

import kotlinx.serialization.Serializable

/** A row of `messages:list`, in part. */
@Serializable
data class Message(val id: String, val author: String, val body: String)

package com.convexgateway.client

import java.security.SecureRandom
import kotlin.io.encoding.Base64

/** The request ids that a client makes for its mutations, until a gateway has said that it takes none. */
internal class RequestIds {
    private val random by lazy { SecureRandom() }

    @Volatile
    private var refused = false

    /** A new id of 144 random bits; null if the gateway takes none. */
    fun next(): String? = if (refused) null else Base64.UrlSafe.encode(ByteArray(18).also(random::nextBytes))

    /** Whether [failure] says that the gateway takes no ids. None are made from then on. */
    fun areRefusedBy(failure: Failure): Boolean = (failure.reason == CLUSTER_KEY_MISSING).also { if (it) refused = true }

    companion object {
        const val CLUSTER_KEY_MISSING = "CLUSTER_KEY_MISSING"
        private val LENGTHS = 22..255

        /** The id of a caller, or null for none. */
        fun checked(id: String?): String? {
            if (id == null || (id.length in LENGTHS && id.all { it in ' '..'~' })) return id
            val bounds = "${LENGTHS.first} to ${LENGTHS.last}"
            throw ArgumentRefused("requestId", "requestId: must have $bounds printable ASCII characters, chosen at random", "INVALID_REQUEST")
        }
    }
}

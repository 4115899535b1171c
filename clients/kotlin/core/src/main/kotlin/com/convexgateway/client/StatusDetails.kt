package com.convexgateway.client

import com.convexgateway.v1.FunctionError
import com.google.protobuf.CodedInputStream
import com.google.protobuf.InvalidProtocolBufferException
import com.google.protobuf.WireFormat
import io.grpc.Metadata
import java.io.IOException

/** The details in the trailers of a failed call. */
internal class StatusDetails(
    val reason: String?,
    val retryAfterMillis: Long?,
    val functionError: FunctionError?,
    val refusedField: String? = null,
) {
    companion object {
        private val REASON = Metadata.Key.of("error-reason", Metadata.ASCII_STRING_MARSHALLER)
        private val RETRY_AFTER = Metadata.Key.of("retry-after-ms", Metadata.ASCII_STRING_MARSHALLER)
        private val DETAILS = Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER)
        private const val BAD_REQUEST = "google.rpc.BadRequest"
        private const val FUNCTION_ERROR = "convexgateway.v1.FunctionError"

        fun of(trailers: Metadata?) = StatusDetails(
            trailers?.get(REASON),
            trailers?.get(RETRY_AFTER)?.toLongOrNull()?.takeIf { it >= 0 },
            trailers?.get(DETAILS)?.let(::functionError),
            trailers?.get(DETAILS)?.let(::refusedField),
        )

        /** The FunctionError in an encoded google.rpc.Status. Null if there is none, or if the bytes are damaged. */
        fun functionError(status: ByteArray): FunctionError? = undamaged {
            messages(status, FUNCTION_ERROR).firstOrNull()?.let(FunctionError::parseFrom)
        }

        /**
         * The first field that a google.rpc.BadRequest in an encoded google.rpc.Status names: its field 1 holds the violations,
         * whose field 1 is the name. Null as in [functionError]. (googleapis/googleapis google/rpc/error_details.proto)
         */
        fun refusedField(status: ByteArray): String? = undamaged {
            messages(status, BAD_REQUEST).flatMap { fields(it, 1) }.firstNotNullOfOrNull { fields(it, 1).lastOrNull() }?.decodeToString()
        }

        private fun <D> undamaged(find: () -> D?): D? = try {
            find()
        } catch (_: IOException) {
            null
        }

        /**
         * The details of one type in an encoded google.rpc.Status, whose field 3 holds google.protobuf.Any messages: field 1
         * the type's URL, field 2 the message. (googleapis/googleapis google/rpc/status.proto, protocolbuffers/protobuf any.proto)
         */
        private fun messages(status: ByteArray, type: String): List<ByteArray> = fields(status, 3).mapNotNull { any ->
            val url = fields(any, 1).lastOrNull()?.decodeToString()
            if (url?.substringAfterLast('/') == type) fields(any, 2).lastOrNull() ?: ByteArray(0) else null
        }

        /** The occurrences of a field of strings, bytes or messages. */
        private fun fields(message: ByteArray, number: Int): List<ByteArray> = buildList {
            val input = CodedInputStream.newInstance(message)
            while (true) {
                val tag = input.readTag()
                when {
                    tag == 0 -> return@buildList
                    tag == number shl 3 or WireFormat.WIRETYPE_LENGTH_DELIMITED -> add(input.readByteArray())
                    !input.skipField(tag) -> throw InvalidProtocolBufferException("group end without a group")
                }
            }
        }
    }
}

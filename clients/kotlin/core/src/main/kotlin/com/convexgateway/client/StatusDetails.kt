package com.convexgateway.client

import com.convexgateway.v1.FunctionError
import com.google.protobuf.CodedInputStream
import com.google.protobuf.InvalidProtocolBufferException
import com.google.protobuf.WireFormat
import io.grpc.Metadata
import java.io.IOException

/** The details in the trailers of a failed call. */
internal class StatusDetails(val reason: String?, val retryAfterMillis: Long?, val functionError: FunctionError?) {
    companion object {
        private val REASON = Metadata.Key.of("error-reason", Metadata.ASCII_STRING_MARSHALLER)
        private val RETRY_AFTER = Metadata.Key.of("retry-after-ms", Metadata.ASCII_STRING_MARSHALLER)
        private val DETAILS = Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER)
        private const val FUNCTION_ERROR = "convexgateway.v1.FunctionError"

        fun of(trailers: Metadata?) = StatusDetails(
            trailers?.get(REASON),
            trailers?.get(RETRY_AFTER)?.toLongOrNull()?.takeIf { it >= 0 },
            trailers?.get(DETAILS)?.let(::functionError),
        )

        /**
         * Finds the FunctionError in an encoded google.rpc.Status, whose field 3 holds google.protobuf.Any messages: field 1
         * the type's URL, field 2 the message. Null if there is none, or if the bytes are damaged. (googleapis/googleapis
         * google/rpc/status.proto, protocolbuffers/protobuf any.proto)
         */
        fun functionError(status: ByteArray): FunctionError? = try {
            fields(CodedInputStream.newInstance(status), 3).firstNotNullOfOrNull(::functionErrorIn)
        } catch (_: IOException) {
            null
        }

        private fun functionErrorIn(any: ByteArray): FunctionError? {
            val type = fields(CodedInputStream.newInstance(any), 1).lastOrNull()?.decodeToString() ?: return null
            if (type.substringAfterLast('/') != FUNCTION_ERROR) return null
            return FunctionError.parseFrom(fields(CodedInputStream.newInstance(any), 2).lastOrNull() ?: ByteArray(0))
        }

        /** The occurrences of a field of strings, bytes or messages. */
        private fun fields(input: CodedInputStream, number: Int): List<ByteArray> = buildList {
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

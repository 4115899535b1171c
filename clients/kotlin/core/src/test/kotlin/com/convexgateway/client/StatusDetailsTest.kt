package com.convexgateway.client

import com.convexgateway.v1.FunctionError
import com.google.protobuf.Any
import com.google.protobuf.ByteString
import com.google.protobuf.CodedOutputStream
import io.grpc.Metadata
import java.io.ByteArrayOutputStream
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

class StatusDetailsTest {
    private val error = FunctionError.newBuilder()
        .setMessage("no").setReason("CONVEX_ERROR").setDataJson(ByteString.copyFromUtf8("[1]")).build()

    /** google.rpc.Status: code 1, message 2, details 3. */
    private fun status(vararg details: Pair<String, ByteString>): ByteArray {
        val bytes = ByteArrayOutputStream()
        CodedOutputStream.newInstance(bytes).apply {
            writeInt32(1, 9)
            writeString(2, "failed")
            for ((type, value) in details) writeMessage(3, Any.newBuilder().setTypeUrl(type).setValue(value).build())
            flush()
        }
        return bytes.toByteArray()
    }

    private val info = "type.googleapis.com/google.rpc.ErrorInfo" to ByteString.copyFromUtf8("\n\u0002NO")
    private val ofFunction = "type.googleapis.com/convexgateway.v1.FunctionError" to error.toByteString()

    @Test
    fun `the function's error is found among the details`() {
        assertEquals(error, StatusDetails.functionError(status(info, ofFunction)))
    }

    @Test
    fun `other details are ignored`() {
        assertNull(StatusDetails.functionError(status(info)))
        assertNull(StatusDetails.functionError(status()))
        assertNull(StatusDetails.functionError(ByteArray(0)))
    }

    @Test
    fun `damaged details are ignored, and never throw`() {
        val whole = status(info, ofFunction)
        for (size in whole.indices) StatusDetails.functionError(whole.copyOf(size))
        val random = Random(1)
        repeat(200_000) {
            val damaged = whole.copyOf()
            repeat(1 + random.nextInt(4)) { damaged[random.nextInt(damaged.size)] = random.nextInt().toByte() }
            StatusDetails.functionError(damaged)
            StatusDetails.functionError(random.nextBytes(random.nextInt(64)))
        }
    }

    @Test
    fun `invalid trailers are ignored`() {
        val trailers = Metadata()
        trailers.put(Metadata.Key.of("error-reason", Metadata.ASCII_STRING_MARSHALLER), "DRAINING")
        trailers.put(Metadata.Key.of("retry-after-ms", Metadata.ASCII_STRING_MARSHALLER), "soon")
        val details = StatusDetails.of(trailers)
        assertEquals("DRAINING", details.reason)
        assertNull(details.retryAfterMillis)
        assertNull(StatusDetails.of(null).reason)
    }
}

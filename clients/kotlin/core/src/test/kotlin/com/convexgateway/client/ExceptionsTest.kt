package com.convexgateway.client

import com.convexgateway.v1.FunctionError
import com.google.protobuf.Any
import com.google.protobuf.ByteString
import com.google.protobuf.CodedOutputStream
import io.grpc.Metadata
import io.grpc.Status
import io.grpc.StatusException
import java.io.ByteArrayOutputStream
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.flow.first

/** Which error a failure is, under one sealed class. */
class ExceptionsTest {
    private fun failure(code: Status.Code, reason: String? = null, details: ByteArray? = null): Failure {
        val trailers = Metadata()
        if (reason != null) trailers.put(Metadata.Key.of("error-reason", Metadata.ASCII_STRING_MARSHALLER), reason)
        if (details != null) trailers.put(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER), details)
        val status = code.toStatus().withDescription("why")
        return Failure(status, StatusDetails.of(trailers), StatusException(status, trailers))
    }

    /** Calls that an app may make again, without looking, are those of NotSent and Refused. */
    private fun name(error: ConvexException): String = when (error) {
        is ConvexException.FunctionError -> "FunctionError"
        is InternalError -> "InternalError"
        is ConvexException.NotSent -> "NotSent"
        is ConvexException.OutcomeUnknown -> "OutcomeUnknown"
        is ConvexException.Refused -> "Refused"
        is GatewayError -> "GatewayError"
    }

    @Test
    fun `what a failure of a mutation says about its execution`() {
        val lost = "MUTATION_OUTCOME_UNKNOWN"
        fun of(code: Status.Code, reason: String? = null) = name(failure(code, reason).toException(lost))
        assertEquals("OutcomeUnknown", of(Status.Code.UNAVAILABLE))
        assertEquals("OutcomeUnknown", of(Status.Code.DEADLINE_EXCEEDED))
        assertEquals("OutcomeUnknown", of(Status.Code.UNKNOWN, lost))
        assertEquals("OutcomeUnknown", of(Status.Code.INTERNAL, "INTERNAL"))
        assertEquals("OutcomeUnknown", of(Status.Code.UNAVAILABLE, "DEPLOYMENT_STOPPED"))
        assertEquals("OutcomeUnknown", of(Status.Code.UNAVAILABLE, "A_REASON_OF_A_NEWER_GATEWAY"))
        assertEquals("Refused", of(Status.Code.UNAUTHENTICATED, "TOKEN_EXPIRED"))
        assertEquals("Refused", of(Status.Code.RESOURCE_EXHAUSTED, "RATE_LIMITED"))
        assertEquals("Refused", of(Status.Code.ABORTED, "WRITE_CONFLICT"))
        assertEquals("Refused", of(Status.Code.UNAVAILABLE, "DEPLOYMENT_UNAVAILABLE"))
        assertEquals("OutcomeUnknown", of(Status.Code.PERMISSION_DENIED)) // of a proxy: the gateway gives reasons
        val notSent = Status.UNAVAILABLE.withDescription("no connection")
        assertEquals("NotSent", name(Failure(notSent, StatusDetails.of(null), NotSentException(notSent)).toException(lost)))
    }

    @Test
    fun `a lost query is neither refused nor unknown`() {
        assertEquals("GatewayError", name(failure(Status.Code.UNAVAILABLE).toException()))
        assertEquals("Refused", name(failure(Status.Code.INVALID_ARGUMENT, "INVALID_PATH").toException()))
    }

    @Test
    fun `today's names stay, with their fields`() {
        val lost = failure(Status.Code.UNAVAILABLE).toException("ACTION_OUTCOME_UNKNOWN")
        assertIs<GatewayError>(lost)
        assertEquals("ACTION_OUTCOME_UNKNOWN" to "UNKNOWN", lost.reason to lost.code)
        val errors: List<Exception> = listOf(ConvexError("m", "1"), ServerError("m"), InternalError("m"), GatewayError("m", "R", "C"))
        assertEquals(listOf("FunctionError", "FunctionError", "InternalError", "GatewayError"), errors.map { name(it as ConvexException) })
    }

    /** google.rpc.BadRequest: violations 1, of field 1 and description 2. */
    private fun badRequest(vararg fields: String): ByteArray {
        fun message(write: CodedOutputStream.() -> Unit): ByteString {
            val bytes = ByteArrayOutputStream()
            CodedOutputStream.newInstance(bytes).apply(write).flush()
            return ByteString.copyFrom(bytes.toByteArray())
        }
        val request = message { for (field in fields) writeBytes(1, message { writeString(1, field); writeString(2, "not a number") }) }
        val error = FunctionError.newBuilder().setMessage("why").setReason("ARGUMENT_VALIDATION").build().toByteString()
        return message {
            writeInt32(1, 3)
            writeString(2, "why")
            for ((type, value) in listOf("convexgateway.v1.FunctionError" to error, "google.rpc.BadRequest" to request)) {
                writeMessage(3, Any.newBuilder().setTypeUrl("type.googleapis.com/$type").setValue(value).build())
            }
        }.toByteArray()
    }

    @Test
    fun `a refused argument is named`() {
        val error = failure(Status.Code.INVALID_ARGUMENT, "ARGUMENT_VALIDATION", badRequest("filter.limit", "other")).toException()
        assertIs<ArgumentRefused>(error)
        assertEquals(listOf("filter.limit", "ARGUMENT_VALIDATION", "INVALID_ARGUMENT", "why"), listOf(error.field, error.reason, error.code, error.message))
        assertIs<ConvexException.Refused>(error)
        assertEquals("FunctionError", name(failure(Status.Code.INVALID_ARGUMENT, "ARGUMENT_VALIDATION", badRequest()).toException()))
    }

    @Test
    fun `damaged details name no argument, and never throw`() {
        val whole = badRequest("limit")
        assertEquals("limit", StatusDetails.refusedField(whole))
        for (size in 0 until whole.size) assertNull(StatusDetails.refusedField(whole.copyOf(size)), "$size bytes")
    }

    @Test
    fun `a call that was never sent is a NotSent, and one that ran too long an OutcomeUnknown`() = test {
        val nobody = "http://127.0.0.1:${GatewayProcess.freePort()}"
        ConvexClient(nobody, ClientOptions(mutationTimeout = 300.milliseconds)).use {
            assertFailsWith<ConvexException.NotSent> { it.mutation("messages:send", mapOf("body" to "x")) }
        }
        ConvexClient(DevGateway.shared.target, ClientOptions(actionTimeout = 200.milliseconds)).use {
            it.connectionState.first { state -> state == WebSocketState.CONNECTED } // which takes longer than 200 ms on a busy machine
            assertFailsWith<ConvexException.OutcomeUnknown> { it.action("actions:sleep", mapOf("ms" to 5000.0)) }
            assertFailsWith<ConvexException.Refused> { it.query<String>("not a path") }
            assertFailsWith<ConvexException.FunctionError> { it.query<String>("errors:crash") }
        }
    }
}

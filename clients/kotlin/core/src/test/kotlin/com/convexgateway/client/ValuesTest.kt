package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlinx.coroutines.flow.first
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance

/** Values are sent to the deployment and returned by `values:echo`. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ValuesTest {
    private val client = ConvexGatewayClient(DevGateway.shared.target)

    @AfterAll
    fun close() = client.close()

    private suspend inline fun <reified T> echo(value: Any?): T = client.query("values:echo", mapOf("value" to value))

    @Serializable
    data class Numbers(
        val a: Int64,
        val b: Int32,
        val c: Float64,
        val d: Float32,
        @ConvexNum val e: Long,
        @ConvexNum val f: Int,
        @ConvexNum val g: Double,
        @ConvexNum val h: Float,
        val plain: Double,
    )

    @Test
    fun `64-bit integers keep every bit`() = test {
        for (value in listOf(Long.MIN_VALUE, -1L, 0L, 1L, 1L shl 53 or 1L, Long.MAX_VALUE)) assertEquals(value, echo<Long>(value))
        assertEquals(Int.MIN_VALUE, echo<Int>(Int.MIN_VALUE))
    }

    @Test
    fun `floats keep every bit`() = test {
        val special = listOf(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE)
        val values = listOf(0.0, -0.0, 1.5) + special
        for (value in values) assertEquals(value.toRawBits(), echo<Double>(value).toRawBits(), "$value")
        assertEquals(0.1f, echo<Float>(0.1f))
    }

    @Test
    fun `bytes keep every bit`() = test {
        val bytes = ByteArray(256) { it.toByte() }
        assertContentEquals(bytes, echo<ByteArray>(bytes))
    }

    @Test
    fun `text of any script is returned`() = test {
        for (text in listOf("", "\u0000\u0001\"\\", "žluťoučký 漢字 🎈")) assertEquals(text, echo<String>(text))
    }

    @Test
    fun `fields may be annotated in both ways`() = test {
        val numbers = Numbers(Long.MAX_VALUE, -7, Double.NaN, -0.0f, Long.MIN_VALUE, 7, Double.NEGATIVE_INFINITY, 0.5f, 3.0)
        assertEquals(numbers, echo<Numbers>(argsOf(numbers)))
    }

    @Test
    fun `values as deep as arguments can be`() = test {
        val deep = (1..62).fold<Int, JsonElement>(JsonNull) { inner, _ -> JsonArray(listOf(inner)) }
        assertEquals(deep, echo<JsonElement>(deep))
        val result = client.subscribe<JsonElement>("values:echo", mapOf("value" to deep)).first()
        assertEquals(deep, result.getOrThrow())
    }
}

package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonClassDiscriminator
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.serializer
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance

/** Types of results and arguments; the values go to the deployment and return. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResultsTest {
    private val client = ConvexClient(DevGateway.shared.target)

    @AfterAll
    fun close() = client.close()

    private suspend inline fun <reified T> echo(value: Any?): T = client.query("values:echo", mapOf("value" to value))

    @Test
    fun `numbers may be null, and in lists and maps`() = test {
        assertEquals(Long.MAX_VALUE, echo<Long?>(Long.MAX_VALUE))
        assertNull(echo<Long?>(null))
        assertEquals(3, echo<Int?>(3.0))
        assertEquals(Long.MIN_VALUE, echo<Int64>(Long.MIN_VALUE))
        assertNull(echo<Int64?>(null))
        assertEquals(listOf(1L, Long.MAX_VALUE), echo<List<Long>>(listOf(1L, Long.MAX_VALUE)))
        assertEquals(listOf(null, 2), echo<List<Int?>>(listOf(null, 2)))
        assertEquals(mapOf("a" to listOf(1L)), echo<Map<String, List<Long>>>(mapOf("a" to listOf(1L))))
        assertEquals(listOf(Double.NEGATIVE_INFINITY, 1.5), echo<List<Double>>(listOf(Double.NEGATIVE_INFINITY, 1.5)))
        assertEquals((-0.0).toRawBits(), echo<List<Double>>(listOf(-0.0)).single().toRawBits())
        assertContentEquals(byteArrayOf(0, -1), echo<ByteArray?>(byteArrayOf(0, -1)))
        assertContentEquals(byteArrayOf(0, -1), echo<List<ByteArray>>(listOf(byteArrayOf(0, -1))).single())
    }

    @Serializable
    @JvmInline
    value class Version(val number: Long)

    @Serializable
    data class Plain(val count: Long, val version: Version, val next: Plain? = null, val any: JsonElement? = null, @ConvexNum val rank: Int = 0)

    @Test
    fun `fields of plain types are read, and JSON stays as it is`() = test {
        val raw = buildJsonObject { put("\$integer", "AQAAAAAAAAA=") }
        val value = Plain(7, Version(8), Plain(Long.MAX_VALUE, Version(-1)), raw, 9)
        assertEquals(value, echo<Plain>(argsOf(value)))
        assertEquals(raw, echo<JsonElement>(1))
    }

    @Test
    fun `integers that do not fit are refused`() = test {
        assertFailsWith<InternalError> { echo<List<Int>>(listOf(Long.MAX_VALUE)) }
        assertFailsWith<InternalError> { echo<List<Long>>(listOf(1.5)) }
        assertFailsWith<InternalError> { echo<List<Long>>(mapOf("a" to 1)) }
        assertFailsWith<InternalError> { echo<List<Long>>(listOf(byteArrayOf(1))) }
    }

    @Serializable
    sealed class Filter {
        @Serializable
        @SerialName("newest")
        data class Newest(val limit: Long) : Filter()

        @Serializable
        @SerialName("all")
        data object All : Filter()

        @Serializable
        @SerialName("either")
        data class Either(val filters: List<Filter>) : Filter()
    }

    @Serializable
    data class Args(val filter: Filter, val other: Filter? = null)

    @Serializable
    @JsonClassDiscriminator("kind")
    sealed interface Shape {
        @Serializable
        @SerialName("circle")
        data class Circle(val radius: Double, val parts: Int) : Shape
    }

    @Serializable
    data class Drawing(val shapes: List<Shape>)

    @Test
    fun `sealed classes are arguments and results`() = test {
        val args = Args(Filter.Either(listOf(Filter.Newest(3), Filter.All)))
        assertEquals(args, echo<Args>(argsOf(args)))
        assertEquals(
            """{"filter":{"type":"either","filters":[{"type":"newest","limit":{"${'$'}integer":"AwAAAAAAAAA="}},{"type":"all"}]}}""",
            JsonObject(argsOf(args).mapValues { it.value as JsonElement }).toString(),
        )
        assertEquals(mapOf<String, Any?>("type" to "all"), argsOf<Filter>(Filter.All).mapValues { (it.value as kotlinx.serialization.json.JsonPrimitive).content })
        val drawing = Drawing(listOf(Shape.Circle(Double.NaN, 2)))
        assertEquals(drawing, echo<Drawing>(argsOf(drawing)))
        assertEquals("{\"shapes\":[{\"kind\":\"circle\"", EncodedJson.fields(argsOf(drawing)).toString().substringBefore(",\"radius"))
    }

    @Serializable
    sealed class Bad {
        @Serializable
        data class Named(val type: String) : Bad()
    }

    @Test
    fun `a class with a field of the name's is refused`() {
        val error = assertFailsWith<IllegalArgumentException> { argsOf<Bad>(Bad.Named("x")) }
        assertEquals(true, "type" in error.message!!)
    }

    @Test
    fun `an app's Json names the field of sealed results`() = test {
        val json = Json { classDiscriminator = "is" }
        val text = """{"is":"newest","limit":{"${'$'}integer":"AwAAAAAAAAA="}}"""
        assertEquals(Filter.Newest(3), text.readAs(serializer<Filter>(), json))
    }

    @Serializable
    data class Why(val code: String, val left: Long)

    @Test
    fun `the data of a ConvexError is read as a class`() = test {
        val error = assertFailsWith<ConvexError> { client.query<String>("errors:convex", mapOf("data" to mapOf("code" to "LIMIT", "left" to 3))) }
        assertEquals(Why("LIMIT", 3), error.dataAs<Why>())
        assertFailsWith<InternalError> { error.dataAs<List<String>>() }
        assertNull(ConvexError("m", "null").dataAs<Why?>())
    }
}

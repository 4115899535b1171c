package com.convexgateway.client

import com.google.protobuf.ByteString
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlinx.serialization.Serializable
import kotlinx.serialization.builtins.ListSerializer
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.serializer

class EncodedJsonTest {
    private fun json(vararg args: Pair<String, Any?>) = EncodedJson.fields(mapOf(*args)).toString()

    private suspend inline fun <reified T> decode(text: String): T = ByteString.copyFromUtf8(text).decode(serializer<T>())

    @Test
    fun `arguments are encoded as the official client does`() {
        val args = json(
            "text" to "b", "flag" to false, "int" to 42, "long" to -1L, "double" to 1.5, "float" to 0.1f, "none" to null,
            "list" to listOf(1, null, mapOf("k" to null)), "map" to mapOf("cursor" to null), "short" to 7.toShort(),
        )
        val expected = """{"text":"b","flag":false,"int":{"${'$'}integer":"KgAAAAAAAAA="},""" +
            """"long":{"${'$'}integer":"//////////8="},"double":1.5,"float":0.1,"none":null,""" +
            """"list":[{"${'$'}integer":"AQAAAAAAAAA="},null,{"k":null}],"map":{"cursor":null},"short":7}"""
        assertEquals(expected, args)
    }

    @Test
    fun `floats that JSON lacks, bytes, and JSON itself`() {
        assertEquals("""{"v":{"${'$'}float":"AAAAAAAA+H8="}}""", json("v" to Double.NaN))
        assertEquals("""{"v":{"${'$'}float":"AAAAAAAA8P8="}}""", json("v" to Float.NEGATIVE_INFINITY))
        assertEquals("""{"v":{"${'$'}float":"AAAAAAAAAIA="}}""", json("v" to -0.0))
        assertEquals("""{"v":{"${'$'}bytes":"ABCD"}}""", json("v" to byteArrayOf(0, 0x10, 0x83.toByte())))
        assertEquals("""{"v":3}""", json("v" to JsonPrimitive(3)))
        assertEquals("{}", EncodedJson.fields(emptyMap<String, Any?>()).toString())
    }

    @Test
    fun `values without an encoding in Convex are refused`() {
        assertFailsWith<IllegalArgumentException> { json("v" to this) }
        assertFailsWith<IllegalArgumentException> { json("v" to mapOf(1 to 2)) }
    }

    @Serializable
    enum class Color { RED }

    @Serializable
    @JvmInline
    value class Name(val text: String)

    @Serializable
    data class Inner(val n: Int)

    @Serializable
    @Suppress("ArrayInDataClass")
    data class Everything(
        val int: Int = 1,
        val long: Long = 2,
        val float: Float = 0.5f,
        val zero: Double = -0.0,
        val text: String = "t",
        val color: Color = Color.RED,
        val name: Name = Name("n"),
        val list: List<Int?> = listOf(3, null),
        val map: Map<String, Inner> = mapOf("k" to Inner(4)),
        val bytes: ByteArray = byteArrayOf(0, 0x10, 0x83.toByte()),
        val typed: Int64 = 5,
        @ConvexNum val annotated: Int = 6,
        val json: JsonElement = JsonPrimitive(7),
        val absent: String? = null,
        val null_: String?,
        val char: Char = 'c',
    )

    @Test
    fun `serializable arguments are encoded by the same rules`() {
        val same = mapOf(
            "int" to 1, "long" to 2L, "float" to 0.5f, "zero" to -0.0, "text" to "t", "color" to "RED", "name" to "n",
            "list" to listOf(3, null), "map" to mapOf("k" to mapOf("n" to 4)), "bytes" to byteArrayOf(0, 0x10, 0x83.toByte()),
            "typed" to 5L, "annotated" to 6, "json" to JsonPrimitive(7), "null_" to null, "char" to "c",
        )
        assertEquals(EncodedJson.fields(same).toString(), EncodedJson.fields(argsOf(Everything(null_ = null))).toString())
        assertFailsWith<IllegalArgumentException> { argsOf(listOf(1), ListSerializer(Int.serializer())) }
        assertFailsWith<IllegalArgumentException> { argsOf(mapOf(1 to 2)) }
    }

    @Serializable
    data class Decoded(@ConvexNum val a: Int, val b: Int64? = null, val c: Float64 = 0.0)

    @Test
    fun `numbers are read in both forms`() = test {
        val encoded = """{"a":{"${'$'}integer":"KgAAAAAAAAA="},"b":{"${'$'}integer":"//////////8="},""" +
            """"c":{"${'$'}float":"AAAAAAAA+H8="},"unknown":1}"""
        assertEquals(Decoded(42, -1, Double.NaN), decode(encoded))
        assertEquals(Decoded(42, null, 1.0), decode("""{"a":42.0,"b":null,"c":1}"""))
        assertEquals(listOf(1.5), decode<List<Double>>("[1.5]"))
    }

    @Test
    fun `values that do not fit are refused`() = test {
        for (bad in listOf(
            """{"a":1.5}""", """{"a":"1"}""", """{"a":{"${'$'}integer":"AAAAAAEAAAA="}}""", """{"a":{"${'$'}integer":"KgAA"}}""",
            """{"a":{"${'$'}integer":"?"}}""", """{"a":{}}""", """{"a":{"${'$'}float":"AAAAAAAA+H8="}}""", """{"a":[]}""", "{", "",
        )) assertFailsWith<InternalError>(bad) { decode<Decoded>(bad) }
        assertFailsWith<InternalError> { decode<ByteArray>("[1]") }
    }

    @Test
    fun `damaged results throw no other error`() = test {
        val whole = """{"a":{"${'$'}integer":"KgAAAAAAAAA="},"b":null,"c":{"${'$'}float":"AAAAAAAA+H8="}}"""
        val random = Random(1)
        var refused = 0
        repeat(50_000) {
            val damaged = StringBuilder(whole)
            repeat(1 + random.nextInt(3)) { damaged[random.nextInt(damaged.length)] = random.nextInt(32, 127).toChar() }
            try {
                decode<Decoded>(damaged.toString())
            } catch (_: InternalError) {
                refused++
            }
        }
        assertEquals(true, refused > 10_000)
    }
}

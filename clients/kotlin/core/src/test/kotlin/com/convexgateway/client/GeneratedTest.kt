package com.convexgateway.client

import com.convexgateway.client.types.Bytes
import com.convexgateway.client.types.ConvexType
import com.convexgateway.client.types.Field
import com.convexgateway.client.types.PaginationOptions
import com.example.literals.Strange
import com.example.literals.Wire
import com.example.literals.Words
import com.example.names.Fields
import com.example.names.StorageId
import com.example.names.StorageId_2
import com.example.names.UserProfilesId
import com.example.names.UserProfilesId_2
import com.example.presence.Three
import com.example.unions.All
import com.example.unions.Documents
import com.example.unions.MessagesId
import com.example.wide.Rows
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** What `convexgateway generate --kotlin` writes, as `go test ./cli/generate -update` has put it into `src/test/generated`. */
class GeneratedTest {
    /** What a value is on the wire, after which it was read and written again. */
    private fun <T> wire(value: T, type: ConvexType<T>): JsonElement {
        val json = ConvexJson.encode(value, type)
        assertEquals(value, ConvexJson.decode(json, type))
        for (settings in SETTINGS) {
            val text = settings.encodeToString(type, value)
            assertEquals(json, Json.parseToJsonElement(text))
            assertEquals(value, settings.decodeFromString(type, text))
        }
        return json
    }

    private fun json(text: String) = Json.parseToJsonElement(text)

    @Test
    fun `literals have the kind of values that the validator has`() {
        val all = Wire.AllArgs(
            flags = true, half = Wire.AllHalf.Number1_5, huge = Wire.AllHuge.Number1e300, least = Wire.AllLeast.IntMinus9223372036854775808,
            longs = Wire.AllLongs.IntMinus1, minusZero = Wire.AllMinusZero.NumberMinus0, mixed = Wire.AllMixed.Int1,
            numbers = Wire.AllNumbers.NumberMinus0, one = Wire.AllOne.Number1, three = Wire.AllThree.Int3, yes = Wire.AllYes.True,
        )
        val minusZero = """{"${'$'}float":"AAAAAAAAAIA="}"""
        assertEquals(
            mapOf(
                "flags" to "true", "half" to "1.5", "huge" to "1.0E300", "least" to """{"${'$'}integer":"AAAAAAAAAIA="}""",
                "longs" to """{"${'$'}integer":"//////////8="}""", "minusZero" to minusZero, "mixed" to """{"${'$'}integer":"AQAAAAAAAAA="}""",
                "numbers" to minusZero, "one" to "1.0", "three" to """{"${'$'}integer":"AwAAAAAAAAA="}""", "yes" to "true",
            ),
            wire(all, Wire.AllArgs.Type).jsonObject.mapValues { it.value.toString() },
        )
        for ((mixed, text) in mapOf(Wire.AllMixed.Number1 to "1.0", Wire.AllMixed.True to "true", Wire.AllMixed.Value1 to "\"1\"", null to "null")) {
            assertEquals(text, "${wire(all.copy(mixed = mixed), Wire.AllArgs.Type).jsonObject["mixed"]}")
        }
        assertEquals(Wire.AllNumbers.Number0, Wire.AllNumbers.Type.read(json("0")))
        assertEquals(Wire.AllNumbers.Number1, Wire.AllNumbers.Type.read(json("1")))
        assertFailsWith<InternalError> { ConvexJson.decode(json("1"), Wire.AllThree.Type) }
        assertFailsWith<InternalError> { ConvexJson.decode(json("\"1\""), Wire.AllOne.Type) }
    }

    @Test
    fun `literals as discriminators`() {
        val shapes = listOf(
            Wire.TaggedShapesItem.Number1("a"), Wire.TaggedShapesItem.Int1("b"), Wire.TaggedShapesItem.True,
            Wire.TaggedShapesItem.NumberMinus0(), Wire.TaggedShapesItem.X("d", Wire.TaggedShapesItemXTag.Y),
        )
        val tags = wire(Wire.TaggedArgs(shapes), Wire.TaggedArgs.Type).jsonObject.getValue("shapes").jsonArray.map { "${it.jsonObject["tag"]}" }
        assertEquals(listOf("1.0", """{"${'$'}integer":"AQAAAAAAAAA="}""", "true", """{"${'$'}float":"AAAAAAAAAIA="}""", "\"y\""), tags)
        val other = json("""{"tag":0,"x":1}""")
        assertEquals(Wire.TaggedShapesItem.Unknown(other), Wire.TaggedShapesItem.Type.read(other))
        assertEquals(other, wire(Wire.TaggedShapesItem.Unknown(other), Wire.TaggedShapesItem.Type))
    }

    @Test
    fun `literals that are no names`() {
        val texts = listOf(
            "", "a-b", "a_b", "low", "Low", "\$x", "\${x}", "\"", "\\", "\n", "\u0000", "Unknown", "é", "😀", "long".repeat(50), "long".repeat(49) + "last",
        )
        val classes = texts.map { text ->
            val literal = Strange.AllText.Type.read(JsonPrimitive(text))
            assertEquals(text, literal.value)
            assertEquals(JsonPrimitive(text), wire(literal, Strange.AllText.Type))
            literal.javaClass.name
        }
        assertEquals(texts.size, classes.toSet().size)
        assertTrue(Strange.AllText.Unknown::class.java.name !in classes)
    }

    @Test
    fun `a literal that is newer than the app lives, and is written as it was`() = test {
        ScriptedQuery().use { gateway ->
            ConvexClient(gateway.target).use { client ->
                val rows = client.subscribe(com.example.literals.Api.words.row())
                val seen = launch {
                    val priorities = rows.take(2).toList().map { it.getOrThrow().priority }
                    assertEquals(listOf(Words.RowResultPriority.Unknown("urgent"), Words.RowResultPriority.Low), priorities)
                }
                gateway.stream(1).events.send(ScriptedQuery.value("""{"priority":"urgent"}"""))
                gateway.stream(1).events.send(ScriptedQuery.value("""{"priority":"low"}"""))
                seen.join()
            }
        }
        val read = Words.RowResult.Type.read(json("""{"priority":"urgent"}"""))
        val name = when (read.priority) { // exhaustive
            Words.RowResultPriority.High -> "high"
            Words.RowResultPriority.Low -> "low"
            is Words.RowResultPriority.Unknown -> "other"
        }
        assertEquals("other", name)
        val back = com.example.literals.Api.words.save(Words.SavePriority.Type.of(read.priority.value))
        assertEquals("""{"priority":"urgent"}""", "${back.args}")
        assertEquals(Words.SavePriority.Low, Words.SavePriority.Type.of("low"))
    }

    @Test
    fun `an optional argument that may be null has three states`() {
        fun body(note: Field<String?>) = Three.StatesArgs(
            inner = Three.StatesInner(cursor = null, note = note), list = listOf(null, "x"), map = mapOf("a" to null, "b" to "x"),
            nested = listOf(Three.StatesNestedItem(note)), note = note,
        ).let { wire(it, Three.StatesArgs.Type).jsonObject }

        fun notes(body: JsonObject) = listOf(body, body.getValue("inner").jsonObject, body.getValue("nested").jsonArray.single().jsonObject).map { it["note"] }
        val same = """"list":[null,"x"],"map":{"a":null,"b":"x"},"""
        assertEquals("""{"inner":{"cursor":null},$same"nested":[{}]}""", "${body(Field.Absent)}")
        assertEquals("""{"inner":{"cursor":null,"note":null},$same"nested":[{"note":null}],"note":null}""", "${body(Field.Value(null))}")
        assertEquals(List(3) { JsonPrimitive("x") }, notes(body(Field.Value("x"))))
        assertEquals(List(3) { null }, notes(body(Field.Absent)))
        assertEquals("""{"inner":{"cursor":null},$same"nested":[],"word":"w"}""", "${com.example.presence.Api.three.states(Three.StatesInner(null), listOf(null, "x"), mapOf("a" to null, "b" to "x"), emptyList(), word = "w").args}")
    }

    /** An app's own class around generated ones. */
    @Serializable
    private data class Own(val row: Three.StatesInner, val rows: List<Three.StatesInner?>, val ids: Map<String, MessagesId> = emptyMap(), val big: Long = 1)

    @Test
    fun `generated types within an app's own`() {
        val own = Own(Three.StatesInner(null), listOf(null, Three.StatesInner("c", Field.Value(null))), mapOf("a" to MessagesId("1")), Long.MAX_VALUE)
        val json = JsonObject(argsOf(own).mapValues { it.value as JsonElement })
        assertEquals("""{"row":{"cursor":null},"rows":[null,{"cursor":"c","note":null}],"ids":{"a":"1"},"big":{"${'$'}integer":"/////////38="}}""", "$json")
        assertEquals(own, ConvexJson.decode(json, Own.serializer()))
        assertEquals(own, Json { explicitNulls = false }.let { it.decodeFromString(Own.serializer(), it.encodeToString(Own.serializer(), own)) })
    }

    @Test
    fun `calls by position mean the same after an argument came that sorts first`() {
        assertEquals("""{"c":"1","b":"2","m":"3","x":"4"}""", "${com.example.order.Api.m.f("1", "2", "3", "4").args}")
        assertEquals("""{"z":"1","a":"x"}""", "${com.example.order.M.GShape.Type.write(com.example.order.M.GShape.Value1(com.example.order.M.GShapeValue1A.X)).jsonObject}")
    }

    @Test
    fun `objects of more fields than a constructor has parameters`() {
        val numbers = Rows.NumbersRow { for (i in 0..126) setter("setF%03d".format(i), Double::class.java, i.toDouble()) }
        assertEquals(127, wire(numbers, Rows.NumbersRow.Type).jsonObject.size)
        assertEquals(126.0, numbers.f126)
        val strings = Rows.StringsRow { for (i in 0..249) setter("setF%03d".format(i), String::class.java, "$i") }
        assertEquals(250, wire(strings, Rows.StringsRow.Type).jsonObject.size)
        assertEquals("x", strings.copy { f249 = "x" }.f249)
        assertNotEquals(strings, strings.copy { f249 = "x" })
        assertEquals(strings, strings.copy { })
        val args = Rows.ArgumentsArgs { for (i in 0..129) setter("setF%03d".format(i), Double::class.java, -0.0) }
        val call = com.example.wide.Api.rows.arguments(args)
        assertEquals(130, call.args.size)
        assertEquals<Call<*>>(call, Mutation("rows:arguments", List(130) { "f%03d".format(it) to -0.0 }.toMap(), Rows.ArgumentsArgs.Type))
        val missing = assertFailsWith<IllegalArgumentException> { Rows.ArgumentsArgs { f000 = 1.0 } }
        assertTrue("f129" in missing.message!!)
        assertEquals("f129 is missing", assertFailsWith<kotlinx.serialization.SerializationException> {
            Rows.ArgumentsArgs.Type.read(JsonObject(call.args - "f129"))
        }.message)
        val wide = Rows.UnionRow.Wide { for (i in 0..129) setter("setF%03d".format(i), Double::class.java, 0.5) }
        assertEquals(JsonPrimitive("wide"), wire<Rows.UnionRow>(wide, Rows.UnionRow.Type).jsonObject["kind"])
        val narrow = Rows.NarrowRow::class.java.constructors.first { c -> c.parameterTypes.all { it == Double::class.java } }
        val row = narrow.newInstance(*Array(123) { it.toDouble() }) as Rows.NarrowRow
        assertEquals(row.copy(f000 = 5.0).f000, (wire(row, Rows.NarrowRow.Type).jsonObject + ("f000" to JsonPrimitive(5.0))).let { Rows.NarrowRow.Type.read(JsonObject(it)).f000 })
    }

    private fun Any.setter(name: String, type: Class<*>, value: Any) {
        javaClass.getMethod(name, type).invoke(this, value)
    }

    @Test
    fun `names of fields are exact on the wire`() {
        val read = Fields.AllArgs.Type_2.read(JsonObject(FIELDS.associateWith { JsonPrimitive("value of $it") }))
        assertEquals(FIELDS.toSet(), wire(read, Fields.AllArgs.Type_2).jsonObject.keys)
        assertEquals("value of component1", read.component1)
        assertEquals("value of _", read.`_`)
        assertEquals("value of object", read.`object`)
        assertEquals(listOf("value of _id", "value of id", "value of title", "value of Title"), listOf(read._id, read.id, read.title, read.Title))
        for ((name, json) in wire(read, Fields.AllArgs.Type_2).jsonObject) assertEquals(JsonPrimitive("value of $name"), json)
    }

    @Test
    fun `names of functions are exact on the wire`() {
        val api = com.example.names.Api
        val calls = listOf(
            api.names.list("x"), api.names.result(), api.names.toString_2(), api.names.hashCode_2(), api.names.equals_2(JsonNull), api.names.default(),
            api.names.notify(), api.names.wait(), api.names.getClass(), api.names.finalize(), api.names.getList(), api.names.com(), api.names.kotlin(),
            api.names.ListArgs(), api.names.Names(), api.names.`class`(), api.names.also(), api.names.Title(), api.names.title(),
            api.admin.users(), api.admin.users.list(), api.admin_users.list(), api.api.list(), api.deep.er.nested.default(), api.`2fa`.get(),
            api.documents.list(), api.string.list(), api.Types.list(),
        )
        val paths = "list result toString hashCode equals default notify wait getClass finalize getList com kotlin ListArgs Names class also Title title"
        assertEquals(
            paths.split(" ").map { if (it == "default") "names" else "names:$it" } +
                listOf("admin:users", "admin/users:list", "admin_users:list", "api:list", "deep/er/nested", "2fa:get", "documents:list", "string:list", "Types:list"),
            calls.map { it.path },
        )
        assertEquals("""{"list":"x"}""", "${calls[0].args}")
        assertEquals(listOf("names:list", "admin:users"), listOf(api.names.list.path, api.admin.users_2.path))
        val ids = api.ids.all(StorageId("a"), StorageId_2("b"), UserProfilesId_2("c"), UserProfilesId("d"))
        assertEquals("""{"a":"a","b":"b","c":"c","d":"d"}""", "${ids.args}")
        assertEquals(mapOf(StorageId_2("k") to 1L), ConvexJson.decode(json("""{"k":{"${'$'}integer":"AQAAAAAAAAA="}}"""), ids.type))
    }

    @Test
    fun `unions`() {
        val all = All.KindsArgs(
            any = JsonNull, apart = All.KindsApart.RecordValue(mapOf("a" to "b")), doubled = All.KindsDoubled.A, ids = "an id", nested = null,
            notApart = json("[1]"), numberOrObject = All.KindsNumberOrObject.NumberValue(Double.NaN), open = "b",
            sized = All.KindsSized.StringValue(All.KindsSizedString.Auto), stringOrInt64 = All.KindsStringOrInt64.Int64Value(1),
        )
        val written = wire(all, All.KindsArgs.Type).jsonObject.mapValues { it.value.toString() }
        assertEquals("""{"${'$'}float":"AAAAAAAA+H8="}""", written["numberOrObject"])
        assertEquals("""{"${'$'}integer":"AQAAAAAAAAA="}""", written["stringOrInt64"])
        assertEquals(listOf("null", "\"an id\"", "\"a\"", "\"b\"", "\"auto\"", "null"), listOf("any", "ids", "doubled", "open", "sized", "nested").map { written[it] })
        assertTrue("never" !in written)
        for ((text, kind) in mapOf("true" to "BooleanValue", """{"${'$'}bytes":"AA=="}""" to "BytesValue", "[1.5]" to "ListValue", """{"a":"b"}""" to "RecordValue", "1" to "Unknown")) {
            val read = All.KindsApart.Type.read(json(text))
            assertEquals(kind, read.javaClass.simpleName)
            assertEquals(json(text), wire(read, All.KindsApart.Type))
        }
        val shapes = All.ShapesArgs(All.ShapesShape.Circle(1.0), Field.Value(null))
        assertEquals("""{"shape":{"kind":"circle","r":1.0},"maybe":null}""", "${wire(shapes, All.ShapesArgs.Type)}")
        assertFailsWith<InternalError> { ConvexJson.decode(json("""{"kind":"circle"}"""), All.ShapesShape.Type) }
    }

    @Test
    fun `documents of tables, pages, and functions that declare nothing`() {
        val rows = ConvexJson.decode(json("""[{"_id":"1","_creationTime":2,"body":"b","new":true},null]"""), com.example.unions.Api.all.messages().type)
        assertEquals(listOf(Documents.Messages(2.0, MessagesId("1"), "b"), null), rows)
        assertEquals("1", "${rows.first()?._id}")
        val page = com.example.unions.Api.all.rows("c")
        assertEquals("""{"channel":"c"}""", "${page.args}")
        val read = ConvexJson.decode(json("""{"page":[{"body":"b"}],"isDone":false,"continueCursor":"x","splitCursor":null}"""), page.type)
        assertEquals(Page(listOf(All.RowsItem("b")), false, "x"), read)
        val options = """{"channel":"c","paginationOpts":{"numItems":2,"cursor":null,"id":3}}"""
        assertEquals(PaginationOptions(2.0), All.RowsArgs.Type.read(json(options)).paginationOpts)
        assertEquals<Call<*>>(Query("all:undeclared", mapOf("a" to "x"), JsonElement.serializer()), com.example.unions.Api.all.undeclared("x").returning<List<Long>>())
        assertEquals("""{"n":1.0}""", "${com.example.unions.Api.all.untyped(mapOf("n" to 1.0)).returning<Long>().args}")
    }

    @Test
    fun `a value that does not fit is a failure, and the next one comes`() = test {
        ScriptedQuery().use { gateway ->
            ConvexClient(gateway.target).use { client ->
                val other = launch { assertEquals("b", client.subscribe(com.example.unions.Api.all.undeclared("b").returning<String>()).first().getOrThrow()) }
                val others = gateway.stream(1)
                val results = launch {
                    val (first, second) = client.subscribe(com.example.unions.Api.all.bytes()).take(2).toList()
                    assertIs<InternalError>(first.exceptionOrNull())
                    assertEquals(Bytes(byteArrayOf(0)), second.getOrThrow().content)
                }
                gateway.stream(2).events.send(ScriptedQuery.value("""{"content":"no bytes"}"""))
                gateway.stream(2).events.send(ScriptedQuery.value("""{"content":{"${'$'}bytes":"AA=="}}"""))
                results.join()
                others.events.send(ScriptedQuery.value("\"b\""))
                other.join()
            }
        }
    }

    @Test
    fun `bytes that are read twice are equal`() {
        val type = com.example.unions.Api.all.bytes().type
        val text = json("""{"content":{"${'$'}bytes":"AAEC"}}""")
        val (one, two) = List(2) { ConvexJson.decode(text, type) }
        assertEquals(one, two)
        assertEquals(one.hashCode(), two.hashCode())
        assertEquals(All.BytesResult(Bytes(byteArrayOf(0, 1, 2))), one)
        assertNotEquals(All.BytesResult(Bytes(byteArrayOf(0, 1))), one)
        val array = byteArrayOf(0, 1)
        val copied = Bytes(array).also { array[0] = 9 }
        copied.toByteArray()[1] = 9
        assertEquals(Bytes(byteArrayOf(0, 1)), copied)
    }

    @Test
    fun `every generated class is loaded`() {
        val root = File("target/test-classes")
        val classes = root.resolve("com/example").walk().filter { it.extension == "class" }.map {
            it.relativeTo(root).path.removeSuffix(".class").replace(File.separatorChar, '.')
        }.toList()
        assertTrue(classes.size > 500, "${classes.size} classes")
        for (name in classes) Class.forName(name)
    }

    private companion object {
        val SETTINGS = listOf(Json { explicitNulls = false; encodeDefaults = false; coerceInputValues = true }, Json { encodeDefaults = true; classDiscriminator = "kind" })

        val FIELDS = ("_id id do_it doIt Title title object _ component1 copy hashCode toString class Class isOpen IsOpen open getClass com kotlin kotlinx Types value it " +
            "this from to json typealias Fields AllArgs type Type read write descriptor Unknown Builder Companion when by field").split(" ")
    }
}

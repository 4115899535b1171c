// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The functions of `fields`. */
public object Fields {
    /** The mutation `fields:all`, for fakes. */
    public val all: com.convexgateway.client.MutationFunction<Fields.AllArgs, Fields.AllResult>
        get() = Types_2.mutation("fields:all", Fields.AllArgs.Type_2, Fields.AllResult.Type_2)

    /** A call of the mutation `fields:all`. */
    public fun all(AllArgs: kotlin.String, Builder: kotlin.String, Class: kotlin.String, Companion: kotlin.String, Fields: kotlin.String, IsOpen: kotlin.String, Title: kotlin.String, Type: kotlin.String, Types: kotlin.String, Unknown: kotlin.String, `_`: kotlin.String, _id: kotlin.String, by: kotlin.String, `class`: kotlin.String, com: kotlin.String, component1: kotlin.String, copy: kotlin.String, descriptor: kotlin.String, doIt: kotlin.String, do_it: kotlin.String, field: kotlin.String, from: kotlin.String, getClass: kotlin.String, hashCode: kotlin.String, id: kotlin.String, isOpen: kotlin.String, it: kotlin.String, json: kotlin.String, kotlin: kotlin.String, kotlinx: kotlin.String, `object`: kotlin.String, open: kotlin.String, read: kotlin.String, `this`: kotlin.String, title: kotlin.String, to: kotlin.String, toString: kotlin.String, type: kotlin.String, `typealias`: kotlin.String, value: kotlin.String, `when`: kotlin.String, write: kotlin.String): com.convexgateway.client.Mutation<Fields.AllResult> =
        this.all.invoke(AllArgs(AllArgs, Builder, Class, Companion, Fields, IsOpen, Title, Type, Types, Unknown, `_`, _id, by, `class`, com, component1, copy, descriptor, doIt, do_it, field, from, getClass, hashCode, id, isOpen, it, json, kotlin, kotlinx, `object`, open, read, `this`, title, to, toString, type, `typealias`, value, `when`, write))

    @kotlinx.serialization.Serializable(with = Fields.AllResult.Type_2::class)
    public data class AllResult(
        public val AllArgs: kotlin.String,
        public val Builder: kotlin.String,
        public val Class: kotlin.String,
        public val Companion: kotlin.String,
        public val Fields: kotlin.String,
        public val IsOpen: kotlin.String,
        public val Title: kotlin.String,
        public val Type: kotlin.String,
        public val Types: kotlin.String,
        public val Unknown: kotlin.String,
        public val `_`: kotlin.String,
        public val _id: kotlin.String,
        public val by: kotlin.String,
        @get:kotlin.jvm.JvmName("getClass_2") public val `class`: kotlin.String,
        public val com: kotlin.String,
        public val component1: kotlin.String,
        public val copy: kotlin.String,
        public val descriptor: kotlin.String,
        public val doIt: kotlin.String,
        public val do_it: kotlin.String,
        public val field: kotlin.String,
        public val from: kotlin.String,
        public val getClass: kotlin.String,
        public val hashCode: kotlin.String,
        public val id: kotlin.String,
        public val isOpen: kotlin.String,
        public val it: kotlin.String,
        public val json: kotlin.String,
        public val kotlin: kotlin.String,
        public val kotlinx: kotlin.String,
        public val `object`: kotlin.String,
        public val open: kotlin.String,
        public val read: kotlin.String,
        public val `this`: kotlin.String,
        @get:kotlin.jvm.JvmName("getTitle_2") public val title: kotlin.String,
        public val to: kotlin.String,
        public val toString: kotlin.String,
        @get:kotlin.jvm.JvmName("getType_2") public val type: kotlin.String,
        public val `typealias`: kotlin.String,
        public val value: kotlin.String,
        public val `when`: kotlin.String,
        public val write: kotlin.String,
    ) {
        public object Type_2 : com.convexgateway.client.types.ObjectType<Fields.AllResult>("AllResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Fields.AllResult = Fields.AllResult(
                from.required("AllArgs", Types_2.string),
                from.required("Builder", Types_2.string),
                from.required("Class", Types_2.string),
                from.required("Companion", Types_2.string),
                from.required("Fields", Types_2.string),
                from.required("IsOpen", Types_2.string),
                from.required("Title", Types_2.string),
                from.required("Type", Types_2.string),
                from.required("Types", Types_2.string),
                from.required("Unknown", Types_2.string),
                from.required("_", Types_2.string),
                from.required("_id", Types_2.string),
                from.required("by", Types_2.string),
                from.required("class", Types_2.string),
                from.required("com", Types_2.string),
                from.required("component1", Types_2.string),
                from.required("copy", Types_2.string),
                from.required("descriptor", Types_2.string),
                from.required("doIt", Types_2.string),
                from.required("do_it", Types_2.string),
                from.required("field", Types_2.string),
                from.required("from", Types_2.string),
                from.required("getClass", Types_2.string),
                from.required("hashCode", Types_2.string),
                from.required("id", Types_2.string),
                from.required("isOpen", Types_2.string),
                from.required("it", Types_2.string),
                from.required("json", Types_2.string),
                from.required("kotlin", Types_2.string),
                from.required("kotlinx", Types_2.string),
                from.required("object", Types_2.string),
                from.required("open", Types_2.string),
                from.required("read", Types_2.string),
                from.required("this", Types_2.string),
                from.required("title", Types_2.string),
                from.required("to", Types_2.string),
                from.required("toString", Types_2.string),
                from.required("type", Types_2.string),
                from.required("typealias", Types_2.string),
                from.required("value", Types_2.string),
                from.required("when", Types_2.string),
                from.required("write", Types_2.string),
            )

            override fun write(value: Fields.AllResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("AllArgs", value.AllArgs, Types_2.string)
                to.required("Builder", value.Builder, Types_2.string)
                to.required("Class", value.Class, Types_2.string)
                to.required("Companion", value.Companion, Types_2.string)
                to.required("Fields", value.Fields, Types_2.string)
                to.required("IsOpen", value.IsOpen, Types_2.string)
                to.required("Title", value.Title, Types_2.string)
                to.required("Type", value.Type, Types_2.string)
                to.required("Types", value.Types, Types_2.string)
                to.required("Unknown", value.Unknown, Types_2.string)
                to.required("_", value.`_`, Types_2.string)
                to.required("_id", value._id, Types_2.string)
                to.required("by", value.by, Types_2.string)
                to.required("class", value.`class`, Types_2.string)
                to.required("com", value.com, Types_2.string)
                to.required("component1", value.component1, Types_2.string)
                to.required("copy", value.copy, Types_2.string)
                to.required("descriptor", value.descriptor, Types_2.string)
                to.required("doIt", value.doIt, Types_2.string)
                to.required("do_it", value.do_it, Types_2.string)
                to.required("field", value.field, Types_2.string)
                to.required("from", value.from, Types_2.string)
                to.required("getClass", value.getClass, Types_2.string)
                to.required("hashCode", value.hashCode, Types_2.string)
                to.required("id", value.id, Types_2.string)
                to.required("isOpen", value.isOpen, Types_2.string)
                to.required("it", value.it, Types_2.string)
                to.required("json", value.json, Types_2.string)
                to.required("kotlin", value.kotlin, Types_2.string)
                to.required("kotlinx", value.kotlinx, Types_2.string)
                to.required("object", value.`object`, Types_2.string)
                to.required("open", value.open, Types_2.string)
                to.required("read", value.read, Types_2.string)
                to.required("this", value.`this`, Types_2.string)
                to.required("title", value.title, Types_2.string)
                to.required("to", value.to, Types_2.string)
                to.required("toString", value.toString, Types_2.string)
                to.required("type", value.type, Types_2.string)
                to.required("typealias", value.`typealias`, Types_2.string)
                to.required("value", value.value, Types_2.string)
                to.required("when", value.`when`, Types_2.string)
                to.required("write", value.write, Types_2.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Fields.AllArgs.Type_2::class)
    public data class AllArgs(
        public val AllArgs: kotlin.String,
        public val Builder: kotlin.String,
        public val Class: kotlin.String,
        public val Companion: kotlin.String,
        public val Fields: kotlin.String,
        public val IsOpen: kotlin.String,
        public val Title: kotlin.String,
        public val Type: kotlin.String,
        public val Types: kotlin.String,
        public val Unknown: kotlin.String,
        public val `_`: kotlin.String,
        public val _id: kotlin.String,
        public val by: kotlin.String,
        @get:kotlin.jvm.JvmName("getClass_2") public val `class`: kotlin.String,
        public val com: kotlin.String,
        public val component1: kotlin.String,
        public val copy: kotlin.String,
        public val descriptor: kotlin.String,
        public val doIt: kotlin.String,
        public val do_it: kotlin.String,
        public val field: kotlin.String,
        public val from: kotlin.String,
        public val getClass: kotlin.String,
        public val hashCode: kotlin.String,
        public val id: kotlin.String,
        public val isOpen: kotlin.String,
        public val it: kotlin.String,
        public val json: kotlin.String,
        public val kotlin: kotlin.String,
        public val kotlinx: kotlin.String,
        public val `object`: kotlin.String,
        public val open: kotlin.String,
        public val read: kotlin.String,
        public val `this`: kotlin.String,
        @get:kotlin.jvm.JvmName("getTitle_2") public val title: kotlin.String,
        public val to: kotlin.String,
        public val toString: kotlin.String,
        @get:kotlin.jvm.JvmName("getType_2") public val type: kotlin.String,
        public val `typealias`: kotlin.String,
        public val value: kotlin.String,
        public val `when`: kotlin.String,
        public val write: kotlin.String,
    ) {
        public object Type_2 : com.convexgateway.client.types.ObjectType<Fields.AllArgs>("AllArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Fields.AllArgs = Fields.AllArgs(
                from.required("AllArgs", Types_2.string),
                from.required("Builder", Types_2.string),
                from.required("Class", Types_2.string),
                from.required("Companion", Types_2.string),
                from.required("Fields", Types_2.string),
                from.required("IsOpen", Types_2.string),
                from.required("Title", Types_2.string),
                from.required("Type", Types_2.string),
                from.required("Types", Types_2.string),
                from.required("Unknown", Types_2.string),
                from.required("_", Types_2.string),
                from.required("_id", Types_2.string),
                from.required("by", Types_2.string),
                from.required("class", Types_2.string),
                from.required("com", Types_2.string),
                from.required("component1", Types_2.string),
                from.required("copy", Types_2.string),
                from.required("descriptor", Types_2.string),
                from.required("doIt", Types_2.string),
                from.required("do_it", Types_2.string),
                from.required("field", Types_2.string),
                from.required("from", Types_2.string),
                from.required("getClass", Types_2.string),
                from.required("hashCode", Types_2.string),
                from.required("id", Types_2.string),
                from.required("isOpen", Types_2.string),
                from.required("it", Types_2.string),
                from.required("json", Types_2.string),
                from.required("kotlin", Types_2.string),
                from.required("kotlinx", Types_2.string),
                from.required("object", Types_2.string),
                from.required("open", Types_2.string),
                from.required("read", Types_2.string),
                from.required("this", Types_2.string),
                from.required("title", Types_2.string),
                from.required("to", Types_2.string),
                from.required("toString", Types_2.string),
                from.required("type", Types_2.string),
                from.required("typealias", Types_2.string),
                from.required("value", Types_2.string),
                from.required("when", Types_2.string),
                from.required("write", Types_2.string),
            )

            override fun write(value: Fields.AllArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("AllArgs", value.AllArgs, Types_2.string)
                to.required("Builder", value.Builder, Types_2.string)
                to.required("Class", value.Class, Types_2.string)
                to.required("Companion", value.Companion, Types_2.string)
                to.required("Fields", value.Fields, Types_2.string)
                to.required("IsOpen", value.IsOpen, Types_2.string)
                to.required("Title", value.Title, Types_2.string)
                to.required("Type", value.Type, Types_2.string)
                to.required("Types", value.Types, Types_2.string)
                to.required("Unknown", value.Unknown, Types_2.string)
                to.required("_", value.`_`, Types_2.string)
                to.required("_id", value._id, Types_2.string)
                to.required("by", value.by, Types_2.string)
                to.required("class", value.`class`, Types_2.string)
                to.required("com", value.com, Types_2.string)
                to.required("component1", value.component1, Types_2.string)
                to.required("copy", value.copy, Types_2.string)
                to.required("descriptor", value.descriptor, Types_2.string)
                to.required("doIt", value.doIt, Types_2.string)
                to.required("do_it", value.do_it, Types_2.string)
                to.required("field", value.field, Types_2.string)
                to.required("from", value.from, Types_2.string)
                to.required("getClass", value.getClass, Types_2.string)
                to.required("hashCode", value.hashCode, Types_2.string)
                to.required("id", value.id, Types_2.string)
                to.required("isOpen", value.isOpen, Types_2.string)
                to.required("it", value.it, Types_2.string)
                to.required("json", value.json, Types_2.string)
                to.required("kotlin", value.kotlin, Types_2.string)
                to.required("kotlinx", value.kotlinx, Types_2.string)
                to.required("object", value.`object`, Types_2.string)
                to.required("open", value.open, Types_2.string)
                to.required("read", value.read, Types_2.string)
                to.required("this", value.`this`, Types_2.string)
                to.required("title", value.title, Types_2.string)
                to.required("to", value.to, Types_2.string)
                to.required("toString", value.toString, Types_2.string)
                to.required("type", value.type, Types_2.string)
                to.required("typealias", value.`typealias`, Types_2.string)
                to.required("value", value.value, Types_2.string)
                to.required("when", value.`when`, Types_2.string)
                to.required("write", value.write, Types_2.string)
            }
        }
    }
}

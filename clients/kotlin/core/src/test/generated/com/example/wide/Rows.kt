// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.wide

import com.convexgateway.client.types.Types

/** The functions of `rows`. */
public object Rows {
    /** The mutation `rows:absent`, for fakes. */
    public val absent: com.convexgateway.client.MutationFunction<Rows.AbsentArgs, kotlin.Unit>
        get() = Types.mutation("rows:absent", Rows.AbsentArgs.Type, Types.nothing)

    /** A call of the mutation `rows:absent`. */
    public fun absent(row: Rows.AbsentRow): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.absent.invoke(AbsentArgs(row))

    @kotlinx.serialization.Serializable(with = Rows.AbsentRowOptionals.Type::class)
    public data class AbsentRowOptionals(
        public val f000: kotlin.Double,
        public val f001: kotlin.Double,
        public val f002: kotlin.Double,
        public val f003: kotlin.Double,
        public val f004: kotlin.Double,
        public val f005: kotlin.Double,
        public val f006: kotlin.Double,
        public val f007: kotlin.Double,
        public val f008: kotlin.Double,
        public val f009: kotlin.Double,
        public val f010: kotlin.Double,
        public val f011: kotlin.Double,
        public val f012: kotlin.Double,
        public val f013: kotlin.Double,
        public val f014: kotlin.Double,
        public val f015: kotlin.Double,
        public val f016: kotlin.Double,
        public val f017: kotlin.Double,
        public val f018: kotlin.Double,
        public val f019: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Rows.AbsentRowOptionals>("AbsentRowOptionals") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Rows.AbsentRowOptionals = Rows.AbsentRowOptionals(
                from.required("f000", Types.number),
                from.required("f001", Types.number),
                from.required("f002", Types.number),
                from.required("f003", Types.number),
                from.required("f004", Types.number),
                from.required("f005", Types.number),
                from.required("f006", Types.number),
                from.required("f007", Types.number),
                from.required("f008", Types.number),
                from.required("f009", Types.number),
                from.required("f010", Types.number),
                from.required("f011", Types.number),
                from.required("f012", Types.number),
                from.required("f013", Types.number),
                from.required("f014", Types.number),
                from.required("f015", Types.number),
                from.required("f016", Types.number),
                from.required("f017", Types.number),
                from.required("f018", Types.number),
                from.required("f019", Types.number),
            )

            override fun write(value: Rows.AbsentRowOptionals, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("f000", value.f000, Types.number)
                to.required("f001", value.f001, Types.number)
                to.required("f002", value.f002, Types.number)
                to.required("f003", value.f003, Types.number)
                to.required("f004", value.f004, Types.number)
                to.required("f005", value.f005, Types.number)
                to.required("f006", value.f006, Types.number)
                to.required("f007", value.f007, Types.number)
                to.required("f008", value.f008, Types.number)
                to.required("f009", value.f009, Types.number)
                to.required("f010", value.f010, Types.number)
                to.required("f011", value.f011, Types.number)
                to.required("f012", value.f012, Types.number)
                to.required("f013", value.f013, Types.number)
                to.required("f014", value.f014, Types.number)
                to.required("f015", value.f015, Types.number)
                to.required("f016", value.f016, Types.number)
                to.required("f017", value.f017, Types.number)
                to.required("f018", value.f018, Types.number)
                to.required("f019", value.f019, Types.number)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Rows.AbsentRow.Type::class)
    public data class AbsentRow(
        public val f000: kotlin.Double,
        public val f001: kotlin.Double,
        public val f002: kotlin.Double,
        public val f003: kotlin.Double,
        public val f004: kotlin.Double,
        public val f005: kotlin.Double,
        public val f006: kotlin.Double,
        public val f007: kotlin.Double,
        public val f008: kotlin.Double,
        public val f009: kotlin.Double,
        public val f010: kotlin.Double,
        public val f011: kotlin.Double,
        public val f012: kotlin.Double,
        public val f013: kotlin.Double,
        public val f014: kotlin.Double,
        public val f015: kotlin.Double,
        public val f016: kotlin.Double,
        public val f017: kotlin.Double,
        public val f018: kotlin.Double,
        public val f019: kotlin.Double,
        public val f020: kotlin.Double,
        public val f021: kotlin.Double,
        public val f022: kotlin.Double,
        public val f023: kotlin.Double,
        public val f024: kotlin.Double,
        public val f025: kotlin.Double,
        public val f026: kotlin.Double,
        public val f027: kotlin.Double,
        public val f028: kotlin.Double,
        public val f029: kotlin.Double,
        public val f030: kotlin.Double,
        public val f031: kotlin.Double,
        public val f032: kotlin.Double,
        public val f033: kotlin.Double,
        public val f034: kotlin.Double,
        public val f035: kotlin.Double,
        public val f036: kotlin.Double,
        public val f037: kotlin.Double,
        public val f038: kotlin.Double,
        public val f039: kotlin.Double,
        public val f040: kotlin.Double,
        public val f041: kotlin.Double,
        public val f042: kotlin.Double,
        public val f043: kotlin.Double,
        public val f044: kotlin.Double,
        public val f045: kotlin.Double,
        public val f046: kotlin.Double,
        public val f047: kotlin.Double,
        public val f048: kotlin.Double,
        public val f049: kotlin.Double,
        public val f050: kotlin.Double,
        public val f051: kotlin.Double,
        public val f052: kotlin.Double,
        public val f053: kotlin.Double,
        public val f054: kotlin.Double,
        public val f055: kotlin.Double,
        public val f056: kotlin.Double,
        public val f057: kotlin.Double,
        public val f058: kotlin.Double,
        public val f059: kotlin.Double,
        public val f060: kotlin.Double,
        public val f061: kotlin.Double,
        public val f062: kotlin.Double,
        public val f063: kotlin.Double,
        public val f064: kotlin.Double,
        public val f065: kotlin.Double,
        public val f066: kotlin.Double,
        public val f067: kotlin.Double,
        public val f068: kotlin.Double,
        public val f069: kotlin.Double,
        public val f070: kotlin.Double,
        public val f071: kotlin.Double,
        public val f072: kotlin.Double,
        public val f073: kotlin.Double,
        public val f074: kotlin.Double,
        public val f075: kotlin.Double,
        public val f076: kotlin.Double,
        public val f077: kotlin.Double,
        public val f078: kotlin.Double,
        public val f079: kotlin.Double,
        public val f080: kotlin.Double,
        public val f081: kotlin.Double,
        public val f082: kotlin.Double,
        public val f083: kotlin.Double,
        public val f084: kotlin.Double,
        public val f085: kotlin.Double,
        public val f086: kotlin.Double,
        public val f087: kotlin.Double,
        public val f088: kotlin.Double,
        public val f089: kotlin.Double,
        public val f090: kotlin.Double,
        public val f091: kotlin.Double,
        public val f092: kotlin.Double,
        public val f093: kotlin.Double,
        public val f094: kotlin.Double,
        public val f095: kotlin.Double,
        public val f096: kotlin.Double,
        public val f097: kotlin.Double,
        public val f098: kotlin.Double,
        public val f099: kotlin.Double,
        public val f100: kotlin.Double,
        public val f101: kotlin.Double,
        public val f102: kotlin.Double,
        public val f103: kotlin.Double,
        public val f104: kotlin.Double,
        public val f105: kotlin.Double,
        public val f106: kotlin.Double,
        public val f107: kotlin.Double,
        public val f108: kotlin.Double,
        public val f109: kotlin.Double,
        public val f110: kotlin.Double,
        public val f111: kotlin.Double,
        public val f112: kotlin.Double,
        public val f113: kotlin.Double,
        public val f114: kotlin.Double,
        public val f115: kotlin.Double,
        public val f116: kotlin.Double,
        public val f117: kotlin.Double,
        public val f118: kotlin.Double,
        public val f119: kotlin.Double,
        public val z: kotlin.Long?,
        public val optionals: Rows.AbsentRowOptionals? = null,
        public val x: kotlin.String? = null,
        public val y: com.convexgateway.client.types.Field<kotlin.Double?> = Types.absent,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Rows.AbsentRow>("AbsentRow") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Rows.AbsentRow = Rows.AbsentRow(
                from.required("f000", Types.number),
                from.required("f001", Types.number),
                from.required("f002", Types.number),
                from.required("f003", Types.number),
                from.required("f004", Types.number),
                from.required("f005", Types.number),
                from.required("f006", Types.number),
                from.required("f007", Types.number),
                from.required("f008", Types.number),
                from.required("f009", Types.number),
                from.required("f010", Types.number),
                from.required("f011", Types.number),
                from.required("f012", Types.number),
                from.required("f013", Types.number),
                from.required("f014", Types.number),
                from.required("f015", Types.number),
                from.required("f016", Types.number),
                from.required("f017", Types.number),
                from.required("f018", Types.number),
                from.required("f019", Types.number),
                from.required("f020", Types.number),
                from.required("f021", Types.number),
                from.required("f022", Types.number),
                from.required("f023", Types.number),
                from.required("f024", Types.number),
                from.required("f025", Types.number),
                from.required("f026", Types.number),
                from.required("f027", Types.number),
                from.required("f028", Types.number),
                from.required("f029", Types.number),
                from.required("f030", Types.number),
                from.required("f031", Types.number),
                from.required("f032", Types.number),
                from.required("f033", Types.number),
                from.required("f034", Types.number),
                from.required("f035", Types.number),
                from.required("f036", Types.number),
                from.required("f037", Types.number),
                from.required("f038", Types.number),
                from.required("f039", Types.number),
                from.required("f040", Types.number),
                from.required("f041", Types.number),
                from.required("f042", Types.number),
                from.required("f043", Types.number),
                from.required("f044", Types.number),
                from.required("f045", Types.number),
                from.required("f046", Types.number),
                from.required("f047", Types.number),
                from.required("f048", Types.number),
                from.required("f049", Types.number),
                from.required("f050", Types.number),
                from.required("f051", Types.number),
                from.required("f052", Types.number),
                from.required("f053", Types.number),
                from.required("f054", Types.number),
                from.required("f055", Types.number),
                from.required("f056", Types.number),
                from.required("f057", Types.number),
                from.required("f058", Types.number),
                from.required("f059", Types.number),
                from.required("f060", Types.number),
                from.required("f061", Types.number),
                from.required("f062", Types.number),
                from.required("f063", Types.number),
                from.required("f064", Types.number),
                from.required("f065", Types.number),
                from.required("f066", Types.number),
                from.required("f067", Types.number),
                from.required("f068", Types.number),
                from.required("f069", Types.number),
                from.required("f070", Types.number),
                from.required("f071", Types.number),
                from.required("f072", Types.number),
                from.required("f073", Types.number),
                from.required("f074", Types.number),
                from.required("f075", Types.number),
                from.required("f076", Types.number),
                from.required("f077", Types.number),
                from.required("f078", Types.number),
                from.required("f079", Types.number),
                from.required("f080", Types.number),
                from.required("f081", Types.number),
                from.required("f082", Types.number),
                from.required("f083", Types.number),
                from.required("f084", Types.number),
                from.required("f085", Types.number),
                from.required("f086", Types.number),
                from.required("f087", Types.number),
                from.required("f088", Types.number),
                from.required("f089", Types.number),
                from.required("f090", Types.number),
                from.required("f091", Types.number),
                from.required("f092", Types.number),
                from.required("f093", Types.number),
                from.required("f094", Types.number),
                from.required("f095", Types.number),
                from.required("f096", Types.number),
                from.required("f097", Types.number),
                from.required("f098", Types.number),
                from.required("f099", Types.number),
                from.required("f100", Types.number),
                from.required("f101", Types.number),
                from.required("f102", Types.number),
                from.required("f103", Types.number),
                from.required("f104", Types.number),
                from.required("f105", Types.number),
                from.required("f106", Types.number),
                from.required("f107", Types.number),
                from.required("f108", Types.number),
                from.required("f109", Types.number),
                from.required("f110", Types.number),
                from.required("f111", Types.number),
                from.required("f112", Types.number),
                from.required("f113", Types.number),
                from.required("f114", Types.number),
                from.required("f115", Types.number),
                from.required("f116", Types.number),
                from.required("f117", Types.number),
                from.required("f118", Types.number),
                from.required("f119", Types.number),
                from.required("z", Types.nullable(Types.int64)),
                from.optional("optionals", Rows.AbsentRowOptionals.Type),
                from.optional("x", Types.string),
                from.field("y", Types.nullable(Types.number)),
            )

            override fun write(value: Rows.AbsentRow, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("f000", value.f000, Types.number)
                to.required("f001", value.f001, Types.number)
                to.required("f002", value.f002, Types.number)
                to.required("f003", value.f003, Types.number)
                to.required("f004", value.f004, Types.number)
                to.required("f005", value.f005, Types.number)
                to.required("f006", value.f006, Types.number)
                to.required("f007", value.f007, Types.number)
                to.required("f008", value.f008, Types.number)
                to.required("f009", value.f009, Types.number)
                to.required("f010", value.f010, Types.number)
                to.required("f011", value.f011, Types.number)
                to.required("f012", value.f012, Types.number)
                to.required("f013", value.f013, Types.number)
                to.required("f014", value.f014, Types.number)
                to.required("f015", value.f015, Types.number)
                to.required("f016", value.f016, Types.number)
                to.required("f017", value.f017, Types.number)
                to.required("f018", value.f018, Types.number)
                to.required("f019", value.f019, Types.number)
                to.required("f020", value.f020, Types.number)
                to.required("f021", value.f021, Types.number)
                to.required("f022", value.f022, Types.number)
                to.required("f023", value.f023, Types.number)
                to.required("f024", value.f024, Types.number)
                to.required("f025", value.f025, Types.number)
                to.required("f026", value.f026, Types.number)
                to.required("f027", value.f027, Types.number)
                to.required("f028", value.f028, Types.number)
                to.required("f029", value.f029, Types.number)
                to.required("f030", value.f030, Types.number)
                to.required("f031", value.f031, Types.number)
                to.required("f032", value.f032, Types.number)
                to.required("f033", value.f033, Types.number)
                to.required("f034", value.f034, Types.number)
                to.required("f035", value.f035, Types.number)
                to.required("f036", value.f036, Types.number)
                to.required("f037", value.f037, Types.number)
                to.required("f038", value.f038, Types.number)
                to.required("f039", value.f039, Types.number)
                to.required("f040", value.f040, Types.number)
                to.required("f041", value.f041, Types.number)
                to.required("f042", value.f042, Types.number)
                to.required("f043", value.f043, Types.number)
                to.required("f044", value.f044, Types.number)
                to.required("f045", value.f045, Types.number)
                to.required("f046", value.f046, Types.number)
                to.required("f047", value.f047, Types.number)
                to.required("f048", value.f048, Types.number)
                to.required("f049", value.f049, Types.number)
                to.required("f050", value.f050, Types.number)
                to.required("f051", value.f051, Types.number)
                to.required("f052", value.f052, Types.number)
                to.required("f053", value.f053, Types.number)
                to.required("f054", value.f054, Types.number)
                to.required("f055", value.f055, Types.number)
                to.required("f056", value.f056, Types.number)
                to.required("f057", value.f057, Types.number)
                to.required("f058", value.f058, Types.number)
                to.required("f059", value.f059, Types.number)
                to.required("f060", value.f060, Types.number)
                to.required("f061", value.f061, Types.number)
                to.required("f062", value.f062, Types.number)
                to.required("f063", value.f063, Types.number)
                to.required("f064", value.f064, Types.number)
                to.required("f065", value.f065, Types.number)
                to.required("f066", value.f066, Types.number)
                to.required("f067", value.f067, Types.number)
                to.required("f068", value.f068, Types.number)
                to.required("f069", value.f069, Types.number)
                to.required("f070", value.f070, Types.number)
                to.required("f071", value.f071, Types.number)
                to.required("f072", value.f072, Types.number)
                to.required("f073", value.f073, Types.number)
                to.required("f074", value.f074, Types.number)
                to.required("f075", value.f075, Types.number)
                to.required("f076", value.f076, Types.number)
                to.required("f077", value.f077, Types.number)
                to.required("f078", value.f078, Types.number)
                to.required("f079", value.f079, Types.number)
                to.required("f080", value.f080, Types.number)
                to.required("f081", value.f081, Types.number)
                to.required("f082", value.f082, Types.number)
                to.required("f083", value.f083, Types.number)
                to.required("f084", value.f084, Types.number)
                to.required("f085", value.f085, Types.number)
                to.required("f086", value.f086, Types.number)
                to.required("f087", value.f087, Types.number)
                to.required("f088", value.f088, Types.number)
                to.required("f089", value.f089, Types.number)
                to.required("f090", value.f090, Types.number)
                to.required("f091", value.f091, Types.number)
                to.required("f092", value.f092, Types.number)
                to.required("f093", value.f093, Types.number)
                to.required("f094", value.f094, Types.number)
                to.required("f095", value.f095, Types.number)
                to.required("f096", value.f096, Types.number)
                to.required("f097", value.f097, Types.number)
                to.required("f098", value.f098, Types.number)
                to.required("f099", value.f099, Types.number)
                to.required("f100", value.f100, Types.number)
                to.required("f101", value.f101, Types.number)
                to.required("f102", value.f102, Types.number)
                to.required("f103", value.f103, Types.number)
                to.required("f104", value.f104, Types.number)
                to.required("f105", value.f105, Types.number)
                to.required("f106", value.f106, Types.number)
                to.required("f107", value.f107, Types.number)
                to.required("f108", value.f108, Types.number)
                to.required("f109", value.f109, Types.number)
                to.required("f110", value.f110, Types.number)
                to.required("f111", value.f111, Types.number)
                to.required("f112", value.f112, Types.number)
                to.required("f113", value.f113, Types.number)
                to.required("f114", value.f114, Types.number)
                to.required("f115", value.f115, Types.number)
                to.required("f116", value.f116, Types.number)
                to.required("f117", value.f117, Types.number)
                to.required("f118", value.f118, Types.number)
                to.required("f119", value.f119, Types.number)
                to.required("z", value.z, Types.nullable(Types.int64))
                to.optional("optionals", value.optionals, Rows.AbsentRowOptionals.Type)
                to.optional("x", value.x, Types.string)
                to.field("y", value.y, Types.nullable(Types.number))
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Rows.AbsentArgs.Type::class)
    public data class AbsentArgs(
        public val row: Rows.AbsentRow,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Rows.AbsentArgs>("AbsentArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Rows.AbsentArgs = Rows.AbsentArgs(
                from.required("row", Rows.AbsentRow.Type),
            )

            override fun write(value: Rows.AbsentArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("row", value.row, Rows.AbsentRow.Type)
            }
        }
    }

    /** The mutation `rows:arguments`, for fakes. */
    public val arguments: com.convexgateway.client.MutationFunction<Rows.ArgumentsArgs, kotlin.Double>
        get() = Types.mutation("rows:arguments", Rows.ArgumentsArgs.Type, Types.number)

    /** A call of the mutation `rows:arguments`. */
    public fun arguments(args: Rows.ArgumentsArgs): com.convexgateway.client.Mutation<kotlin.Double> =
        this.arguments.invoke(args)

    @kotlinx.serialization.Serializable(with = Rows.ArgumentsArgs.Type::class)
    public class ArgumentsArgs private constructor(values: kotlin.collections.Map<kotlin.String, kotlin.Any?>) : com.convexgateway.client.types.WideObject(values) {
        public constructor(set: Builder.() -> kotlin.Unit) : this(Builder(null).also { it.set() }.build())

        /** Another one with some fields set otherwise. */
        public fun copy(set: Builder.() -> kotlin.Unit): Rows.ArgumentsArgs = Rows.ArgumentsArgs(Builder(this).also { it.set() }.build())

        public val f000: kotlin.Double get() = value("f000")
        public val f001: kotlin.Double get() = value("f001")
        public val f002: kotlin.Double get() = value("f002")
        public val f003: kotlin.Double get() = value("f003")
        public val f004: kotlin.Double get() = value("f004")
        public val f005: kotlin.Double get() = value("f005")
        public val f006: kotlin.Double get() = value("f006")
        public val f007: kotlin.Double get() = value("f007")
        public val f008: kotlin.Double get() = value("f008")
        public val f009: kotlin.Double get() = value("f009")
        public val f010: kotlin.Double get() = value("f010")
        public val f011: kotlin.Double get() = value("f011")
        public val f012: kotlin.Double get() = value("f012")
        public val f013: kotlin.Double get() = value("f013")
        public val f014: kotlin.Double get() = value("f014")
        public val f015: kotlin.Double get() = value("f015")
        public val f016: kotlin.Double get() = value("f016")
        public val f017: kotlin.Double get() = value("f017")
        public val f018: kotlin.Double get() = value("f018")
        public val f019: kotlin.Double get() = value("f019")
        public val f020: kotlin.Double get() = value("f020")
        public val f021: kotlin.Double get() = value("f021")
        public val f022: kotlin.Double get() = value("f022")
        public val f023: kotlin.Double get() = value("f023")
        public val f024: kotlin.Double get() = value("f024")
        public val f025: kotlin.Double get() = value("f025")
        public val f026: kotlin.Double get() = value("f026")
        public val f027: kotlin.Double get() = value("f027")
        public val f028: kotlin.Double get() = value("f028")
        public val f029: kotlin.Double get() = value("f029")
        public val f030: kotlin.Double get() = value("f030")
        public val f031: kotlin.Double get() = value("f031")
        public val f032: kotlin.Double get() = value("f032")
        public val f033: kotlin.Double get() = value("f033")
        public val f034: kotlin.Double get() = value("f034")
        public val f035: kotlin.Double get() = value("f035")
        public val f036: kotlin.Double get() = value("f036")
        public val f037: kotlin.Double get() = value("f037")
        public val f038: kotlin.Double get() = value("f038")
        public val f039: kotlin.Double get() = value("f039")
        public val f040: kotlin.Double get() = value("f040")
        public val f041: kotlin.Double get() = value("f041")
        public val f042: kotlin.Double get() = value("f042")
        public val f043: kotlin.Double get() = value("f043")
        public val f044: kotlin.Double get() = value("f044")
        public val f045: kotlin.Double get() = value("f045")
        public val f046: kotlin.Double get() = value("f046")
        public val f047: kotlin.Double get() = value("f047")
        public val f048: kotlin.Double get() = value("f048")
        public val f049: kotlin.Double get() = value("f049")
        public val f050: kotlin.Double get() = value("f050")
        public val f051: kotlin.Double get() = value("f051")
        public val f052: kotlin.Double get() = value("f052")
        public val f053: kotlin.Double get() = value("f053")
        public val f054: kotlin.Double get() = value("f054")
        public val f055: kotlin.Double get() = value("f055")
        public val f056: kotlin.Double get() = value("f056")
        public val f057: kotlin.Double get() = value("f057")
        public val f058: kotlin.Double get() = value("f058")
        public val f059: kotlin.Double get() = value("f059")
        public val f060: kotlin.Double get() = value("f060")
        public val f061: kotlin.Double get() = value("f061")
        public val f062: kotlin.Double get() = value("f062")
        public val f063: kotlin.Double get() = value("f063")
        public val f064: kotlin.Double get() = value("f064")
        public val f065: kotlin.Double get() = value("f065")
        public val f066: kotlin.Double get() = value("f066")
        public val f067: kotlin.Double get() = value("f067")
        public val f068: kotlin.Double get() = value("f068")
        public val f069: kotlin.Double get() = value("f069")
        public val f070: kotlin.Double get() = value("f070")
        public val f071: kotlin.Double get() = value("f071")
        public val f072: kotlin.Double get() = value("f072")
        public val f073: kotlin.Double get() = value("f073")
        public val f074: kotlin.Double get() = value("f074")
        public val f075: kotlin.Double get() = value("f075")
        public val f076: kotlin.Double get() = value("f076")
        public val f077: kotlin.Double get() = value("f077")
        public val f078: kotlin.Double get() = value("f078")
        public val f079: kotlin.Double get() = value("f079")
        public val f080: kotlin.Double get() = value("f080")
        public val f081: kotlin.Double get() = value("f081")
        public val f082: kotlin.Double get() = value("f082")
        public val f083: kotlin.Double get() = value("f083")
        public val f084: kotlin.Double get() = value("f084")
        public val f085: kotlin.Double get() = value("f085")
        public val f086: kotlin.Double get() = value("f086")
        public val f087: kotlin.Double get() = value("f087")
        public val f088: kotlin.Double get() = value("f088")
        public val f089: kotlin.Double get() = value("f089")
        public val f090: kotlin.Double get() = value("f090")
        public val f091: kotlin.Double get() = value("f091")
        public val f092: kotlin.Double get() = value("f092")
        public val f093: kotlin.Double get() = value("f093")
        public val f094: kotlin.Double get() = value("f094")
        public val f095: kotlin.Double get() = value("f095")
        public val f096: kotlin.Double get() = value("f096")
        public val f097: kotlin.Double get() = value("f097")
        public val f098: kotlin.Double get() = value("f098")
        public val f099: kotlin.Double get() = value("f099")
        public val f100: kotlin.Double get() = value("f100")
        public val f101: kotlin.Double get() = value("f101")
        public val f102: kotlin.Double get() = value("f102")
        public val f103: kotlin.Double get() = value("f103")
        public val f104: kotlin.Double get() = value("f104")
        public val f105: kotlin.Double get() = value("f105")
        public val f106: kotlin.Double get() = value("f106")
        public val f107: kotlin.Double get() = value("f107")
        public val f108: kotlin.Double get() = value("f108")
        public val f109: kotlin.Double get() = value("f109")
        public val f110: kotlin.Double get() = value("f110")
        public val f111: kotlin.Double get() = value("f111")
        public val f112: kotlin.Double get() = value("f112")
        public val f113: kotlin.Double get() = value("f113")
        public val f114: kotlin.Double get() = value("f114")
        public val f115: kotlin.Double get() = value("f115")
        public val f116: kotlin.Double get() = value("f116")
        public val f117: kotlin.Double get() = value("f117")
        public val f118: kotlin.Double get() = value("f118")
        public val f119: kotlin.Double get() = value("f119")
        public val f120: kotlin.Double get() = value("f120")
        public val f121: kotlin.Double get() = value("f121")
        public val f122: kotlin.Double get() = value("f122")
        public val f123: kotlin.Double get() = value("f123")
        public val f124: kotlin.Double get() = value("f124")
        public val f125: kotlin.Double get() = value("f125")
        public val f126: kotlin.Double get() = value("f126")
        public val f127: kotlin.Double get() = value("f127")
        public val f128: kotlin.Double get() = value("f128")
        public val f129: kotlin.Double get() = value("f129")

        public class Builder internal constructor(from: Rows.ArgumentsArgs?) : com.convexgateway.client.types.WideObject.Builder(from, Rows.ArgumentsArgs.Type) {
            public var f000: kotlin.Double
                get() = value("f000")
                set(value) = put("f000", value)
            public var f001: kotlin.Double
                get() = value("f001")
                set(value) = put("f001", value)
            public var f002: kotlin.Double
                get() = value("f002")
                set(value) = put("f002", value)
            public var f003: kotlin.Double
                get() = value("f003")
                set(value) = put("f003", value)
            public var f004: kotlin.Double
                get() = value("f004")
                set(value) = put("f004", value)
            public var f005: kotlin.Double
                get() = value("f005")
                set(value) = put("f005", value)
            public var f006: kotlin.Double
                get() = value("f006")
                set(value) = put("f006", value)
            public var f007: kotlin.Double
                get() = value("f007")
                set(value) = put("f007", value)
            public var f008: kotlin.Double
                get() = value("f008")
                set(value) = put("f008", value)
            public var f009: kotlin.Double
                get() = value("f009")
                set(value) = put("f009", value)
            public var f010: kotlin.Double
                get() = value("f010")
                set(value) = put("f010", value)
            public var f011: kotlin.Double
                get() = value("f011")
                set(value) = put("f011", value)
            public var f012: kotlin.Double
                get() = value("f012")
                set(value) = put("f012", value)
            public var f013: kotlin.Double
                get() = value("f013")
                set(value) = put("f013", value)
            public var f014: kotlin.Double
                get() = value("f014")
                set(value) = put("f014", value)
            public var f015: kotlin.Double
                get() = value("f015")
                set(value) = put("f015", value)
            public var f016: kotlin.Double
                get() = value("f016")
                set(value) = put("f016", value)
            public var f017: kotlin.Double
                get() = value("f017")
                set(value) = put("f017", value)
            public var f018: kotlin.Double
                get() = value("f018")
                set(value) = put("f018", value)
            public var f019: kotlin.Double
                get() = value("f019")
                set(value) = put("f019", value)
            public var f020: kotlin.Double
                get() = value("f020")
                set(value) = put("f020", value)
            public var f021: kotlin.Double
                get() = value("f021")
                set(value) = put("f021", value)
            public var f022: kotlin.Double
                get() = value("f022")
                set(value) = put("f022", value)
            public var f023: kotlin.Double
                get() = value("f023")
                set(value) = put("f023", value)
            public var f024: kotlin.Double
                get() = value("f024")
                set(value) = put("f024", value)
            public var f025: kotlin.Double
                get() = value("f025")
                set(value) = put("f025", value)
            public var f026: kotlin.Double
                get() = value("f026")
                set(value) = put("f026", value)
            public var f027: kotlin.Double
                get() = value("f027")
                set(value) = put("f027", value)
            public var f028: kotlin.Double
                get() = value("f028")
                set(value) = put("f028", value)
            public var f029: kotlin.Double
                get() = value("f029")
                set(value) = put("f029", value)
            public var f030: kotlin.Double
                get() = value("f030")
                set(value) = put("f030", value)
            public var f031: kotlin.Double
                get() = value("f031")
                set(value) = put("f031", value)
            public var f032: kotlin.Double
                get() = value("f032")
                set(value) = put("f032", value)
            public var f033: kotlin.Double
                get() = value("f033")
                set(value) = put("f033", value)
            public var f034: kotlin.Double
                get() = value("f034")
                set(value) = put("f034", value)
            public var f035: kotlin.Double
                get() = value("f035")
                set(value) = put("f035", value)
            public var f036: kotlin.Double
                get() = value("f036")
                set(value) = put("f036", value)
            public var f037: kotlin.Double
                get() = value("f037")
                set(value) = put("f037", value)
            public var f038: kotlin.Double
                get() = value("f038")
                set(value) = put("f038", value)
            public var f039: kotlin.Double
                get() = value("f039")
                set(value) = put("f039", value)
            public var f040: kotlin.Double
                get() = value("f040")
                set(value) = put("f040", value)
            public var f041: kotlin.Double
                get() = value("f041")
                set(value) = put("f041", value)
            public var f042: kotlin.Double
                get() = value("f042")
                set(value) = put("f042", value)
            public var f043: kotlin.Double
                get() = value("f043")
                set(value) = put("f043", value)
            public var f044: kotlin.Double
                get() = value("f044")
                set(value) = put("f044", value)
            public var f045: kotlin.Double
                get() = value("f045")
                set(value) = put("f045", value)
            public var f046: kotlin.Double
                get() = value("f046")
                set(value) = put("f046", value)
            public var f047: kotlin.Double
                get() = value("f047")
                set(value) = put("f047", value)
            public var f048: kotlin.Double
                get() = value("f048")
                set(value) = put("f048", value)
            public var f049: kotlin.Double
                get() = value("f049")
                set(value) = put("f049", value)
            public var f050: kotlin.Double
                get() = value("f050")
                set(value) = put("f050", value)
            public var f051: kotlin.Double
                get() = value("f051")
                set(value) = put("f051", value)
            public var f052: kotlin.Double
                get() = value("f052")
                set(value) = put("f052", value)
            public var f053: kotlin.Double
                get() = value("f053")
                set(value) = put("f053", value)
            public var f054: kotlin.Double
                get() = value("f054")
                set(value) = put("f054", value)
            public var f055: kotlin.Double
                get() = value("f055")
                set(value) = put("f055", value)
            public var f056: kotlin.Double
                get() = value("f056")
                set(value) = put("f056", value)
            public var f057: kotlin.Double
                get() = value("f057")
                set(value) = put("f057", value)
            public var f058: kotlin.Double
                get() = value("f058")
                set(value) = put("f058", value)
            public var f059: kotlin.Double
                get() = value("f059")
                set(value) = put("f059", value)
            public var f060: kotlin.Double
                get() = value("f060")
                set(value) = put("f060", value)
            public var f061: kotlin.Double
                get() = value("f061")
                set(value) = put("f061", value)
            public var f062: kotlin.Double
                get() = value("f062")
                set(value) = put("f062", value)
            public var f063: kotlin.Double
                get() = value("f063")
                set(value) = put("f063", value)
            public var f064: kotlin.Double
                get() = value("f064")
                set(value) = put("f064", value)
            public var f065: kotlin.Double
                get() = value("f065")
                set(value) = put("f065", value)
            public var f066: kotlin.Double
                get() = value("f066")
                set(value) = put("f066", value)
            public var f067: kotlin.Double
                get() = value("f067")
                set(value) = put("f067", value)
            public var f068: kotlin.Double
                get() = value("f068")
                set(value) = put("f068", value)
            public var f069: kotlin.Double
                get() = value("f069")
                set(value) = put("f069", value)
            public var f070: kotlin.Double
                get() = value("f070")
                set(value) = put("f070", value)
            public var f071: kotlin.Double
                get() = value("f071")
                set(value) = put("f071", value)
            public var f072: kotlin.Double
                get() = value("f072")
                set(value) = put("f072", value)
            public var f073: kotlin.Double
                get() = value("f073")
                set(value) = put("f073", value)
            public var f074: kotlin.Double
                get() = value("f074")
                set(value) = put("f074", value)
            public var f075: kotlin.Double
                get() = value("f075")
                set(value) = put("f075", value)
            public var f076: kotlin.Double
                get() = value("f076")
                set(value) = put("f076", value)
            public var f077: kotlin.Double
                get() = value("f077")
                set(value) = put("f077", value)
            public var f078: kotlin.Double
                get() = value("f078")
                set(value) = put("f078", value)
            public var f079: kotlin.Double
                get() = value("f079")
                set(value) = put("f079", value)
            public var f080: kotlin.Double
                get() = value("f080")
                set(value) = put("f080", value)
            public var f081: kotlin.Double
                get() = value("f081")
                set(value) = put("f081", value)
            public var f082: kotlin.Double
                get() = value("f082")
                set(value) = put("f082", value)
            public var f083: kotlin.Double
                get() = value("f083")
                set(value) = put("f083", value)
            public var f084: kotlin.Double
                get() = value("f084")
                set(value) = put("f084", value)
            public var f085: kotlin.Double
                get() = value("f085")
                set(value) = put("f085", value)
            public var f086: kotlin.Double
                get() = value("f086")
                set(value) = put("f086", value)
            public var f087: kotlin.Double
                get() = value("f087")
                set(value) = put("f087", value)
            public var f088: kotlin.Double
                get() = value("f088")
                set(value) = put("f088", value)
            public var f089: kotlin.Double
                get() = value("f089")
                set(value) = put("f089", value)
            public var f090: kotlin.Double
                get() = value("f090")
                set(value) = put("f090", value)
            public var f091: kotlin.Double
                get() = value("f091")
                set(value) = put("f091", value)
            public var f092: kotlin.Double
                get() = value("f092")
                set(value) = put("f092", value)
            public var f093: kotlin.Double
                get() = value("f093")
                set(value) = put("f093", value)
            public var f094: kotlin.Double
                get() = value("f094")
                set(value) = put("f094", value)
            public var f095: kotlin.Double
                get() = value("f095")
                set(value) = put("f095", value)
            public var f096: kotlin.Double
                get() = value("f096")
                set(value) = put("f096", value)
            public var f097: kotlin.Double
                get() = value("f097")
                set(value) = put("f097", value)
            public var f098: kotlin.Double
                get() = value("f098")
                set(value) = put("f098", value)
            public var f099: kotlin.Double
                get() = value("f099")
                set(value) = put("f099", value)
            public var f100: kotlin.Double
                get() = value("f100")
                set(value) = put("f100", value)
            public var f101: kotlin.Double
                get() = value("f101")
                set(value) = put("f101", value)
            public var f102: kotlin.Double
                get() = value("f102")
                set(value) = put("f102", value)
            public var f103: kotlin.Double
                get() = value("f103")
                set(value) = put("f103", value)
            public var f104: kotlin.Double
                get() = value("f104")
                set(value) = put("f104", value)
            public var f105: kotlin.Double
                get() = value("f105")
                set(value) = put("f105", value)
            public var f106: kotlin.Double
                get() = value("f106")
                set(value) = put("f106", value)
            public var f107: kotlin.Double
                get() = value("f107")
                set(value) = put("f107", value)
            public var f108: kotlin.Double
                get() = value("f108")
                set(value) = put("f108", value)
            public var f109: kotlin.Double
                get() = value("f109")
                set(value) = put("f109", value)
            public var f110: kotlin.Double
                get() = value("f110")
                set(value) = put("f110", value)
            public var f111: kotlin.Double
                get() = value("f111")
                set(value) = put("f111", value)
            public var f112: kotlin.Double
                get() = value("f112")
                set(value) = put("f112", value)
            public var f113: kotlin.Double
                get() = value("f113")
                set(value) = put("f113", value)
            public var f114: kotlin.Double
                get() = value("f114")
                set(value) = put("f114", value)
            public var f115: kotlin.Double
                get() = value("f115")
                set(value) = put("f115", value)
            public var f116: kotlin.Double
                get() = value("f116")
                set(value) = put("f116", value)
            public var f117: kotlin.Double
                get() = value("f117")
                set(value) = put("f117", value)
            public var f118: kotlin.Double
                get() = value("f118")
                set(value) = put("f118", value)
            public var f119: kotlin.Double
                get() = value("f119")
                set(value) = put("f119", value)
            public var f120: kotlin.Double
                get() = value("f120")
                set(value) = put("f120", value)
            public var f121: kotlin.Double
                get() = value("f121")
                set(value) = put("f121", value)
            public var f122: kotlin.Double
                get() = value("f122")
                set(value) = put("f122", value)
            public var f123: kotlin.Double
                get() = value("f123")
                set(value) = put("f123", value)
            public var f124: kotlin.Double
                get() = value("f124")
                set(value) = put("f124", value)
            public var f125: kotlin.Double
                get() = value("f125")
                set(value) = put("f125", value)
            public var f126: kotlin.Double
                get() = value("f126")
                set(value) = put("f126", value)
            public var f127: kotlin.Double
                get() = value("f127")
                set(value) = put("f127", value)
            public var f128: kotlin.Double
                get() = value("f128")
                set(value) = put("f128", value)
            public var f129: kotlin.Double
                get() = value("f129")
                set(value) = put("f129", value)
        }

        public object Type : com.convexgateway.client.types.WideType<Rows.ArgumentsArgs>(
            "ArgumentsArgs",
            { Rows.ArgumentsArgs(it) },
            Types.required("f000", Types.number),
            Types.required("f001", Types.number),
            Types.required("f002", Types.number),
            Types.required("f003", Types.number),
            Types.required("f004", Types.number),
            Types.required("f005", Types.number),
            Types.required("f006", Types.number),
            Types.required("f007", Types.number),
            Types.required("f008", Types.number),
            Types.required("f009", Types.number),
            Types.required("f010", Types.number),
            Types.required("f011", Types.number),
            Types.required("f012", Types.number),
            Types.required("f013", Types.number),
            Types.required("f014", Types.number),
            Types.required("f015", Types.number),
            Types.required("f016", Types.number),
            Types.required("f017", Types.number),
            Types.required("f018", Types.number),
            Types.required("f019", Types.number),
            Types.required("f020", Types.number),
            Types.required("f021", Types.number),
            Types.required("f022", Types.number),
            Types.required("f023", Types.number),
            Types.required("f024", Types.number),
            Types.required("f025", Types.number),
            Types.required("f026", Types.number),
            Types.required("f027", Types.number),
            Types.required("f028", Types.number),
            Types.required("f029", Types.number),
            Types.required("f030", Types.number),
            Types.required("f031", Types.number),
            Types.required("f032", Types.number),
            Types.required("f033", Types.number),
            Types.required("f034", Types.number),
            Types.required("f035", Types.number),
            Types.required("f036", Types.number),
            Types.required("f037", Types.number),
            Types.required("f038", Types.number),
            Types.required("f039", Types.number),
            Types.required("f040", Types.number),
            Types.required("f041", Types.number),
            Types.required("f042", Types.number),
            Types.required("f043", Types.number),
            Types.required("f044", Types.number),
            Types.required("f045", Types.number),
            Types.required("f046", Types.number),
            Types.required("f047", Types.number),
            Types.required("f048", Types.number),
            Types.required("f049", Types.number),
            Types.required("f050", Types.number),
            Types.required("f051", Types.number),
            Types.required("f052", Types.number),
            Types.required("f053", Types.number),
            Types.required("f054", Types.number),
            Types.required("f055", Types.number),
            Types.required("f056", Types.number),
            Types.required("f057", Types.number),
            Types.required("f058", Types.number),
            Types.required("f059", Types.number),
            Types.required("f060", Types.number),
            Types.required("f061", Types.number),
            Types.required("f062", Types.number),
            Types.required("f063", Types.number),
            Types.required("f064", Types.number),
            Types.required("f065", Types.number),
            Types.required("f066", Types.number),
            Types.required("f067", Types.number),
            Types.required("f068", Types.number),
            Types.required("f069", Types.number),
            Types.required("f070", Types.number),
            Types.required("f071", Types.number),
            Types.required("f072", Types.number),
            Types.required("f073", Types.number),
            Types.required("f074", Types.number),
            Types.required("f075", Types.number),
            Types.required("f076", Types.number),
            Types.required("f077", Types.number),
            Types.required("f078", Types.number),
            Types.required("f079", Types.number),
            Types.required("f080", Types.number),
            Types.required("f081", Types.number),
            Types.required("f082", Types.number),
            Types.required("f083", Types.number),
            Types.required("f084", Types.number),
            Types.required("f085", Types.number),
            Types.required("f086", Types.number),
            Types.required("f087", Types.number),
            Types.required("f088", Types.number),
            Types.required("f089", Types.number),
            Types.required("f090", Types.number),
            Types.required("f091", Types.number),
            Types.required("f092", Types.number),
            Types.required("f093", Types.number),
            Types.required("f094", Types.number),
            Types.required("f095", Types.number),
            Types.required("f096", Types.number),
            Types.required("f097", Types.number),
            Types.required("f098", Types.number),
            Types.required("f099", Types.number),
            Types.required("f100", Types.number),
            Types.required("f101", Types.number),
            Types.required("f102", Types.number),
            Types.required("f103", Types.number),
            Types.required("f104", Types.number),
            Types.required("f105", Types.number),
            Types.required("f106", Types.number),
            Types.required("f107", Types.number),
            Types.required("f108", Types.number),
            Types.required("f109", Types.number),
            Types.required("f110", Types.number),
            Types.required("f111", Types.number),
            Types.required("f112", Types.number),
            Types.required("f113", Types.number),
            Types.required("f114", Types.number),
            Types.required("f115", Types.number),
            Types.required("f116", Types.number),
            Types.required("f117", Types.number),
            Types.required("f118", Types.number),
            Types.required("f119", Types.number),
            Types.required("f120", Types.number),
            Types.required("f121", Types.number),
            Types.required("f122", Types.number),
            Types.required("f123", Types.number),
            Types.required("f124", Types.number),
            Types.required("f125", Types.number),
            Types.required("f126", Types.number),
            Types.required("f127", Types.number),
            Types.required("f128", Types.number),
            Types.required("f129", Types.number),
        )
    }

    /** The mutation `rows:narrow`, for fakes. */
    public val narrow: com.convexgateway.client.MutationFunction<Rows.NarrowArgs, Rows.NarrowResult>
        get() = Types.mutation("rows:narrow", Rows.NarrowArgs.Type, Rows.NarrowResult.Type)

    /** A call of the mutation `rows:narrow`. */
    public fun narrow(row: Rows.NarrowRow): com.convexgateway.client.Mutation<Rows.NarrowResult> =
        this.narrow.invoke(NarrowArgs(row))

    @kotlinx.serialization.Serializable(with = Rows.NarrowResult.Type::class)
    public data class NarrowResult(
        public val f000: kotlin.Double,
        public val f001: kotlin.Double,
        public val f002: kotlin.Double,
        public val f003: kotlin.Double,
        public val f004: kotlin.Double,
        public val f005: kotlin.Double,
        public val f006: kotlin.Double,
        public val f007: kotlin.Double,
        public val f008: kotlin.Double,
        public val f009: kotlin.Double,
        public val f010: kotlin.Double,
        public val f011: kotlin.Double,
        public val f012: kotlin.Double,
        public val f013: kotlin.Double,
        public val f014: kotlin.Double,
        public val f015: kotlin.Double,
        public val f016: kotlin.Double,
        public val f017: kotlin.Double,
        public val f018: kotlin.Double,
        public val f019: kotlin.Double,
        public val f020: kotlin.Double,
        public val f021: kotlin.Double,
        public val f022: kotlin.Double,
        public val f023: kotlin.Double,
        public val f024: kotlin.Double,
        public val f025: kotlin.Double,
        public val f026: kotlin.Double,
        public val f027: kotlin.Double,
        public val f028: kotlin.Double,
        public val f029: kotlin.Double,
        public val f030: kotlin.Double,
        public val f031: kotlin.Double,
        public val f032: kotlin.Double,
        public val f033: kotlin.Double,
        public val f034: kotlin.Double,
        public val f035: kotlin.Double,
        public val f036: kotlin.Double,
        public val f037: kotlin.Double,
        public val f038: kotlin.Double,
        public val f039: kotlin.Double,
        public val f040: kotlin.Double,
        public val f041: kotlin.Double,
        public val f042: kotlin.Double,
        public val f043: kotlin.Double,
        public val f044: kotlin.Double,
        public val f045: kotlin.Double,
        public val f046: kotlin.Double,
        public val f047: kotlin.Double,
        public val f048: kotlin.Double,
        public val f049: kotlin.Double,
        public val f050: kotlin.Double,
        public val f051: kotlin.Double,
        public val f052: kotlin.Double,
        public val f053: kotlin.Double,
        public val f054: kotlin.Double,
        public val f055: kotlin.Double,
        public val f056: kotlin.Double,
        public val f057: kotlin.Double,
        public val f058: kotlin.Double,
        public val f059: kotlin.Double,
        public val f060: kotlin.Double,
        public val f061: kotlin.Double,
        public val f062: kotlin.Double,
        public val f063: kotlin.Double,
        public val f064: kotlin.Double,
        public val f065: kotlin.Double,
        public val f066: kotlin.Double,
        public val f067: kotlin.Double,
        public val f068: kotlin.Double,
        public val f069: kotlin.Double,
        public val f070: kotlin.Double,
        public val f071: kotlin.Double,
        public val f072: kotlin.Double,
        public val f073: kotlin.Double,
        public val f074: kotlin.Double,
        public val f075: kotlin.Double,
        public val f076: kotlin.Double,
        public val f077: kotlin.Double,
        public val f078: kotlin.Double,
        public val f079: kotlin.Double,
        public val f080: kotlin.Double,
        public val f081: kotlin.Double,
        public val f082: kotlin.Double,
        public val f083: kotlin.Double,
        public val f084: kotlin.Double,
        public val f085: kotlin.Double,
        public val f086: kotlin.Double,
        public val f087: kotlin.Double,
        public val f088: kotlin.Double,
        public val f089: kotlin.Double,
        public val f090: kotlin.Double,
        public val f091: kotlin.Double,
        public val f092: kotlin.Double,
        public val f093: kotlin.Double,
        public val f094: kotlin.Double,
        public val f095: kotlin.Double,
        public val f096: kotlin.Double,
        public val f097: kotlin.Double,
        public val f098: kotlin.Double,
        public val f099: kotlin.Double,
        public val f100: kotlin.Double,
        public val f101: kotlin.Double,
        public val f102: kotlin.Double,
        public val f103: kotlin.Double,
        public val f104: kotlin.Double,
        public val f105: kotlin.Double,
        public val f106: kotlin.Double,
        public val f107: kotlin.Double,
        public val f108: kotlin.Double,
        public val f109: kotlin.Double,
        public val f110: kotlin.Double,
        public val f111: kotlin.Double,
        public val f112: kotlin.Double,
        public val f113: kotlin.Double,
        public val f114: kotlin.Double,
        public val f115: kotlin.Double,
        public val f116: kotlin.Double,
        public val f117: kotlin.Double,
        public val f118: kotlin.Double,
        public val f119: kotlin.Double,
        public val f120: kotlin.Double,
        public val f121: kotlin.Double,
        public val f122: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Rows.NarrowResult>("NarrowResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Rows.NarrowResult = Rows.NarrowResult(
                from.required("f000", Types.number),
                from.required("f001", Types.number),
                from.required("f002", Types.number),
                from.required("f003", Types.number),
                from.required("f004", Types.number),
                from.required("f005", Types.number),
                from.required("f006", Types.number),
                from.required("f007", Types.number),
                from.required("f008", Types.number),
                from.required("f009", Types.number),
                from.required("f010", Types.number),
                from.required("f011", Types.number),
                from.required("f012", Types.number),
                from.required("f013", Types.number),
                from.required("f014", Types.number),
                from.required("f015", Types.number),
                from.required("f016", Types.number),
                from.required("f017", Types.number),
                from.required("f018", Types.number),
                from.required("f019", Types.number),
                from.required("f020", Types.number),
                from.required("f021", Types.number),
                from.required("f022", Types.number),
                from.required("f023", Types.number),
                from.required("f024", Types.number),
                from.required("f025", Types.number),
                from.required("f026", Types.number),
                from.required("f027", Types.number),
                from.required("f028", Types.number),
                from.required("f029", Types.number),
                from.required("f030", Types.number),
                from.required("f031", Types.number),
                from.required("f032", Types.number),
                from.required("f033", Types.number),
                from.required("f034", Types.number),
                from.required("f035", Types.number),
                from.required("f036", Types.number),
                from.required("f037", Types.number),
                from.required("f038", Types.number),
                from.required("f039", Types.number),
                from.required("f040", Types.number),
                from.required("f041", Types.number),
                from.required("f042", Types.number),
                from.required("f043", Types.number),
                from.required("f044", Types.number),
                from.required("f045", Types.number),
                from.required("f046", Types.number),
                from.required("f047", Types.number),
                from.required("f048", Types.number),
                from.required("f049", Types.number),
                from.required("f050", Types.number),
                from.required("f051", Types.number),
                from.required("f052", Types.number),
                from.required("f053", Types.number),
                from.required("f054", Types.number),
                from.required("f055", Types.number),
                from.required("f056", Types.number),
                from.required("f057", Types.number),
                from.required("f058", Types.number),
                from.required("f059", Types.number),
                from.required("f060", Types.number),
                from.required("f061", Types.number),
                from.required("f062", Types.number),
                from.required("f063", Types.number),
                from.required("f064", Types.number),
                from.required("f065", Types.number),
                from.required("f066", Types.number),
                from.required("f067", Types.number),
                from.required("f068", Types.number),
                from.required("f069", Types.number),
                from.required("f070", Types.number),
                from.required("f071", Types.number),
                from.required("f072", Types.number),
                from.required("f073", Types.number),
                from.required("f074", Types.number),
                from.required("f075", Types.number),
                from.required("f076", Types.number),
                from.required("f077", Types.number),
                from.required("f078", Types.number),
                from.required("f079", Types.number),
                from.required("f080", Types.number),
                from.required("f081", Types.number),
                from.required("f082", Types.number),
                from.required("f083", Types.number),
                from.required("f084", Types.number),
                from.required("f085", Types.number),
                from.required("f086", Types.number),
                from.required("f087", Types.number),
                from.required("f088", Types.number),
                from.required("f089", Types.number),
                from.required("f090", Types.number),
                from.required("f091", Types.number),
                from.required("f092", Types.number),
                from.required("f093", Types.number),
                from.required("f094", Types.number),
                from.required("f095", Types.number),
                from.required("f096", Types.number),
                from.required("f097", Types.number),
                from.required("f098", Types.number),
                from.required("f099", Types.number),
                from.required("f100", Types.number),
                from.required("f101", Types.number),
                from.required("f102", Types.number),
                from.required("f103", Types.number),
                from.required("f104", Types.number),
                from.required("f105", Types.number),
                from.required("f106", Types.number),
                from.required("f107", Types.number),
                from.required("f108", Types.number),
                from.required("f109", Types.number),
                from.required("f110", Types.number),
                from.required("f111", Types.number),
                from.required("f112", Types.number),
                from.required("f113", Types.number),
                from.required("f114", Types.number),
                from.required("f115", Types.number),
                from.required("f116", Types.number),
                from.required("f117", Types.number),
                from.required("f118", Types.number),
                from.required("f119", Types.number),
                from.required("f120", Types.number),
                from.required("f121", Types.number),
                from.required("f122", Types.number),
            )

            override fun write(value: Rows.NarrowResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("f000", value.f000, Types.number)
                to.required("f001", value.f001, Types.number)
                to.required("f002", value.f002, Types.number)
                to.required("f003", value.f003, Types.number)
                to.required("f004", value.f004, Types.number)
                to.required("f005", value.f005, Types.number)
                to.required("f006", value.f006, Types.number)
                to.required("f007", value.f007, Types.number)
                to.required("f008", value.f008, Types.number)
                to.required("f009", value.f009, Types.number)
                to.required("f010", value.f010, Types.number)
                to.required("f011", value.f011, Types.number)
                to.required("f012", value.f012, Types.number)
                to.required("f013", value.f013, Types.number)
                to.required("f014", value.f014, Types.number)
                to.required("f015", value.f015, Types.number)
                to.required("f016", value.f016, Types.number)
                to.required("f017", value.f017, Types.number)
                to.required("f018", value.f018, Types.number)
                to.required("f019", value.f019, Types.number)
                to.required("f020", value.f020, Types.number)
                to.required("f021", value.f021, Types.number)
                to.required("f022", value.f022, Types.number)
                to.required("f023", value.f023, Types.number)
                to.required("f024", value.f024, Types.number)
                to.required("f025", value.f025, Types.number)
                to.required("f026", value.f026, Types.number)
                to.required("f027", value.f027, Types.number)
                to.required("f028", value.f028, Types.number)
                to.required("f029", value.f029, Types.number)
                to.required("f030", value.f030, Types.number)
                to.required("f031", value.f031, Types.number)
                to.required("f032", value.f032, Types.number)
                to.required("f033", value.f033, Types.number)
                to.required("f034", value.f034, Types.number)
                to.required("f035", value.f035, Types.number)
                to.required("f036", value.f036, Types.number)
                to.required("f037", value.f037, Types.number)
                to.required("f038", value.f038, Types.number)
                to.required("f039", value.f039, Types.number)
                to.required("f040", value.f040, Types.number)
                to.required("f041", value.f041, Types.number)
                to.required("f042", value.f042, Types.number)
                to.required("f043", value.f043, Types.number)
                to.required("f044", value.f044, Types.number)
                to.required("f045", value.f045, Types.number)
                to.required("f046", value.f046, Types.number)
                to.required("f047", value.f047, Types.number)
                to.required("f048", value.f048, Types.number)
                to.required("f049", value.f049, Types.number)
                to.required("f050", value.f050, Types.number)
                to.required("f051", value.f051, Types.number)
                to.required("f052", value.f052, Types.number)
                to.required("f053", value.f053, Types.number)
                to.required("f054", value.f054, Types.number)
                to.required("f055", value.f055, Types.number)
                to.required("f056", value.f056, Types.number)
                to.required("f057", value.f057, Types.number)
                to.required("f058", value.f058, Types.number)
                to.required("f059", value.f059, Types.number)
                to.required("f060", value.f060, Types.number)
                to.required("f061", value.f061, Types.number)
                to.required("f062", value.f062, Types.number)
                to.required("f063", value.f063, Types.number)
                to.required("f064", value.f064, Types.number)
                to.required("f065", value.f065, Types.number)
                to.required("f066", value.f066, Types.number)
                to.required("f067", value.f067, Types.number)
                to.required("f068", value.f068, Types.number)
                to.required("f069", value.f069, Types.number)
                to.required("f070", value.f070, Types.number)
                to.required("f071", value.f071, Types.number)
                to.required("f072", value.f072, Types.number)
                to.required("f073", value.f073, Types.number)
                to.required("f074", value.f074, Types.number)
                to.required("f075", value.f075, Types.number)
                to.required("f076", value.f076, Types.number)
                to.required("f077", value.f077, Types.number)
                to.required("f078", value.f078, Types.number)
                to.required("f079", value.f079, Types.number)
                to.required("f080", value.f080, Types.number)
                to.required("f081", value.f081, Types.number)
                to.required("f082", value.f082, Types.number)
                to.required("f083", value.f083, Types.number)
                to.required("f084", value.f084, Types.number)
                to.required("f085", value.f085, Types.number)
                to.required("f086", value.f086, Types.number)
                to.required("f087", value.f087, Types.number)
                to.required("f088", value.f088, Types.number)
                to.required("f089", value.f089, Types.number)
                to.required("f090", value.f090, Types.number)
                to.required("f091", value.f091, Types.number)
                to.required("f092", value.f092, Types.number)
                to.required("f093", value.f093, Types.number)
                to.required("f094", value.f094, Types.number)
                to.required("f095", value.f095, Types.number)
                to.required("f096", value.f096, Types.number)
                to.required("f097", value.f097, Types.number)
                to.required("f098", value.f098, Types.number)
                to.required("f099", value.f099, Types.number)
                to.required("f100", value.f100, Types.number)
                to.required("f101", value.f101, Types.number)
                to.required("f102", value.f102, Types.number)
                to.required("f103", value.f103, Types.number)
                to.required("f104", value.f104, Types.number)
                to.required("f105", value.f105, Types.number)
                to.required("f106", value.f106, Types.number)
                to.required("f107", value.f107, Types.number)
                to.required("f108", value.f108, Types.number)
                to.required("f109", value.f109, Types.number)
                to.required("f110", value.f110, Types.number)
                to.required("f111", value.f111, Types.number)
                to.required("f112", value.f112, Types.number)
                to.required("f113", value.f113, Types.number)
                to.required("f114", value.f114, Types.number)
                to.required("f115", value.f115, Types.number)
                to.required("f116", value.f116, Types.number)
                to.required("f117", value.f117, Types.number)
                to.required("f118", value.f118, Types.number)
                to.required("f119", value.f119, Types.number)
                to.required("f120", value.f120, Types.number)
                to.required("f121", value.f121, Types.number)
                to.required("f122", value.f122, Types.number)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Rows.NarrowRow.Type::class)
    public data class NarrowRow(
        public val f000: kotlin.Double,
        public val f001: kotlin.Double,
        public val f002: kotlin.Double,
        public val f003: kotlin.Double,
        public val f004: kotlin.Double,
        public val f005: kotlin.Double,
        public val f006: kotlin.Double,
        public val f007: kotlin.Double,
        public val f008: kotlin.Double,
        public val f009: kotlin.Double,
        public val f010: kotlin.Double,
        public val f011: kotlin.Double,
        public val f012: kotlin.Double,
        public val f013: kotlin.Double,
        public val f014: kotlin.Double,
        public val f015: kotlin.Double,
        public val f016: kotlin.Double,
        public val f017: kotlin.Double,
        public val f018: kotlin.Double,
        public val f019: kotlin.Double,
        public val f020: kotlin.Double,
        public val f021: kotlin.Double,
        public val f022: kotlin.Double,
        public val f023: kotlin.Double,
        public val f024: kotlin.Double,
        public val f025: kotlin.Double,
        public val f026: kotlin.Double,
        public val f027: kotlin.Double,
        public val f028: kotlin.Double,
        public val f029: kotlin.Double,
        public val f030: kotlin.Double,
        public val f031: kotlin.Double,
        public val f032: kotlin.Double,
        public val f033: kotlin.Double,
        public val f034: kotlin.Double,
        public val f035: kotlin.Double,
        public val f036: kotlin.Double,
        public val f037: kotlin.Double,
        public val f038: kotlin.Double,
        public val f039: kotlin.Double,
        public val f040: kotlin.Double,
        public val f041: kotlin.Double,
        public val f042: kotlin.Double,
        public val f043: kotlin.Double,
        public val f044: kotlin.Double,
        public val f045: kotlin.Double,
        public val f046: kotlin.Double,
        public val f047: kotlin.Double,
        public val f048: kotlin.Double,
        public val f049: kotlin.Double,
        public val f050: kotlin.Double,
        public val f051: kotlin.Double,
        public val f052: kotlin.Double,
        public val f053: kotlin.Double,
        public val f054: kotlin.Double,
        public val f055: kotlin.Double,
        public val f056: kotlin.Double,
        public val f057: kotlin.Double,
        public val f058: kotlin.Double,
        public val f059: kotlin.Double,
        public val f060: kotlin.Double,
        public val f061: kotlin.Double,
        public val f062: kotlin.Double,
        public val f063: kotlin.Double,
        public val f064: kotlin.Double,
        public val f065: kotlin.Double,
        public val f066: kotlin.Double,
        public val f067: kotlin.Double,
        public val f068: kotlin.Double,
        public val f069: kotlin.Double,
        public val f070: kotlin.Double,
        public val f071: kotlin.Double,
        public val f072: kotlin.Double,
        public val f073: kotlin.Double,
        public val f074: kotlin.Double,
        public val f075: kotlin.Double,
        public val f076: kotlin.Double,
        public val f077: kotlin.Double,
        public val f078: kotlin.Double,
        public val f079: kotlin.Double,
        public val f080: kotlin.Double,
        public val f081: kotlin.Double,
        public val f082: kotlin.Double,
        public val f083: kotlin.Double,
        public val f084: kotlin.Double,
        public val f085: kotlin.Double,
        public val f086: kotlin.Double,
        public val f087: kotlin.Double,
        public val f088: kotlin.Double,
        public val f089: kotlin.Double,
        public val f090: kotlin.Double,
        public val f091: kotlin.Double,
        public val f092: kotlin.Double,
        public val f093: kotlin.Double,
        public val f094: kotlin.Double,
        public val f095: kotlin.Double,
        public val f096: kotlin.Double,
        public val f097: kotlin.Double,
        public val f098: kotlin.Double,
        public val f099: kotlin.Double,
        public val f100: kotlin.Double,
        public val f101: kotlin.Double,
        public val f102: kotlin.Double,
        public val f103: kotlin.Double,
        public val f104: kotlin.Double,
        public val f105: kotlin.Double,
        public val f106: kotlin.Double,
        public val f107: kotlin.Double,
        public val f108: kotlin.Double,
        public val f109: kotlin.Double,
        public val f110: kotlin.Double,
        public val f111: kotlin.Double,
        public val f112: kotlin.Double,
        public val f113: kotlin.Double,
        public val f114: kotlin.Double,
        public val f115: kotlin.Double,
        public val f116: kotlin.Double,
        public val f117: kotlin.Double,
        public val f118: kotlin.Double,
        public val f119: kotlin.Double,
        public val f120: kotlin.Double,
        public val f121: kotlin.Double,
        public val f122: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Rows.NarrowRow>("NarrowRow") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Rows.NarrowRow = Rows.NarrowRow(
                from.required("f000", Types.number),
                from.required("f001", Types.number),
                from.required("f002", Types.number),
                from.required("f003", Types.number),
                from.required("f004", Types.number),
                from.required("f005", Types.number),
                from.required("f006", Types.number),
                from.required("f007", Types.number),
                from.required("f008", Types.number),
                from.required("f009", Types.number),
                from.required("f010", Types.number),
                from.required("f011", Types.number),
                from.required("f012", Types.number),
                from.required("f013", Types.number),
                from.required("f014", Types.number),
                from.required("f015", Types.number),
                from.required("f016", Types.number),
                from.required("f017", Types.number),
                from.required("f018", Types.number),
                from.required("f019", Types.number),
                from.required("f020", Types.number),
                from.required("f021", Types.number),
                from.required("f022", Types.number),
                from.required("f023", Types.number),
                from.required("f024", Types.number),
                from.required("f025", Types.number),
                from.required("f026", Types.number),
                from.required("f027", Types.number),
                from.required("f028", Types.number),
                from.required("f029", Types.number),
                from.required("f030", Types.number),
                from.required("f031", Types.number),
                from.required("f032", Types.number),
                from.required("f033", Types.number),
                from.required("f034", Types.number),
                from.required("f035", Types.number),
                from.required("f036", Types.number),
                from.required("f037", Types.number),
                from.required("f038", Types.number),
                from.required("f039", Types.number),
                from.required("f040", Types.number),
                from.required("f041", Types.number),
                from.required("f042", Types.number),
                from.required("f043", Types.number),
                from.required("f044", Types.number),
                from.required("f045", Types.number),
                from.required("f046", Types.number),
                from.required("f047", Types.number),
                from.required("f048", Types.number),
                from.required("f049", Types.number),
                from.required("f050", Types.number),
                from.required("f051", Types.number),
                from.required("f052", Types.number),
                from.required("f053", Types.number),
                from.required("f054", Types.number),
                from.required("f055", Types.number),
                from.required("f056", Types.number),
                from.required("f057", Types.number),
                from.required("f058", Types.number),
                from.required("f059", Types.number),
                from.required("f060", Types.number),
                from.required("f061", Types.number),
                from.required("f062", Types.number),
                from.required("f063", Types.number),
                from.required("f064", Types.number),
                from.required("f065", Types.number),
                from.required("f066", Types.number),
                from.required("f067", Types.number),
                from.required("f068", Types.number),
                from.required("f069", Types.number),
                from.required("f070", Types.number),
                from.required("f071", Types.number),
                from.required("f072", Types.number),
                from.required("f073", Types.number),
                from.required("f074", Types.number),
                from.required("f075", Types.number),
                from.required("f076", Types.number),
                from.required("f077", Types.number),
                from.required("f078", Types.number),
                from.required("f079", Types.number),
                from.required("f080", Types.number),
                from.required("f081", Types.number),
                from.required("f082", Types.number),
                from.required("f083", Types.number),
                from.required("f084", Types.number),
                from.required("f085", Types.number),
                from.required("f086", Types.number),
                from.required("f087", Types.number),
                from.required("f088", Types.number),
                from.required("f089", Types.number),
                from.required("f090", Types.number),
                from.required("f091", Types.number),
                from.required("f092", Types.number),
                from.required("f093", Types.number),
                from.required("f094", Types.number),
                from.required("f095", Types.number),
                from.required("f096", Types.number),
                from.required("f097", Types.number),
                from.required("f098", Types.number),
                from.required("f099", Types.number),
                from.required("f100", Types.number),
                from.required("f101", Types.number),
                from.required("f102", Types.number),
                from.required("f103", Types.number),
                from.required("f104", Types.number),
                from.required("f105", Types.number),
                from.required("f106", Types.number),
                from.required("f107", Types.number),
                from.required("f108", Types.number),
                from.required("f109", Types.number),
                from.required("f110", Types.number),
                from.required("f111", Types.number),
                from.required("f112", Types.number),
                from.required("f113", Types.number),
                from.required("f114", Types.number),
                from.required("f115", Types.number),
                from.required("f116", Types.number),
                from.required("f117", Types.number),
                from.required("f118", Types.number),
                from.required("f119", Types.number),
                from.required("f120", Types.number),
                from.required("f121", Types.number),
                from.required("f122", Types.number),
            )

            override fun write(value: Rows.NarrowRow, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("f000", value.f000, Types.number)
                to.required("f001", value.f001, Types.number)
                to.required("f002", value.f002, Types.number)
                to.required("f003", value.f003, Types.number)
                to.required("f004", value.f004, Types.number)
                to.required("f005", value.f005, Types.number)
                to.required("f006", value.f006, Types.number)
                to.required("f007", value.f007, Types.number)
                to.required("f008", value.f008, Types.number)
                to.required("f009", value.f009, Types.number)
                to.required("f010", value.f010, Types.number)
                to.required("f011", value.f011, Types.number)
                to.required("f012", value.f012, Types.number)
                to.required("f013", value.f013, Types.number)
                to.required("f014", value.f014, Types.number)
                to.required("f015", value.f015, Types.number)
                to.required("f016", value.f016, Types.number)
                to.required("f017", value.f017, Types.number)
                to.required("f018", value.f018, Types.number)
                to.required("f019", value.f019, Types.number)
                to.required("f020", value.f020, Types.number)
                to.required("f021", value.f021, Types.number)
                to.required("f022", value.f022, Types.number)
                to.required("f023", value.f023, Types.number)
                to.required("f024", value.f024, Types.number)
                to.required("f025", value.f025, Types.number)
                to.required("f026", value.f026, Types.number)
                to.required("f027", value.f027, Types.number)
                to.required("f028", value.f028, Types.number)
                to.required("f029", value.f029, Types.number)
                to.required("f030", value.f030, Types.number)
                to.required("f031", value.f031, Types.number)
                to.required("f032", value.f032, Types.number)
                to.required("f033", value.f033, Types.number)
                to.required("f034", value.f034, Types.number)
                to.required("f035", value.f035, Types.number)
                to.required("f036", value.f036, Types.number)
                to.required("f037", value.f037, Types.number)
                to.required("f038", value.f038, Types.number)
                to.required("f039", value.f039, Types.number)
                to.required("f040", value.f040, Types.number)
                to.required("f041", value.f041, Types.number)
                to.required("f042", value.f042, Types.number)
                to.required("f043", value.f043, Types.number)
                to.required("f044", value.f044, Types.number)
                to.required("f045", value.f045, Types.number)
                to.required("f046", value.f046, Types.number)
                to.required("f047", value.f047, Types.number)
                to.required("f048", value.f048, Types.number)
                to.required("f049", value.f049, Types.number)
                to.required("f050", value.f050, Types.number)
                to.required("f051", value.f051, Types.number)
                to.required("f052", value.f052, Types.number)
                to.required("f053", value.f053, Types.number)
                to.required("f054", value.f054, Types.number)
                to.required("f055", value.f055, Types.number)
                to.required("f056", value.f056, Types.number)
                to.required("f057", value.f057, Types.number)
                to.required("f058", value.f058, Types.number)
                to.required("f059", value.f059, Types.number)
                to.required("f060", value.f060, Types.number)
                to.required("f061", value.f061, Types.number)
                to.required("f062", value.f062, Types.number)
                to.required("f063", value.f063, Types.number)
                to.required("f064", value.f064, Types.number)
                to.required("f065", value.f065, Types.number)
                to.required("f066", value.f066, Types.number)
                to.required("f067", value.f067, Types.number)
                to.required("f068", value.f068, Types.number)
                to.required("f069", value.f069, Types.number)
                to.required("f070", value.f070, Types.number)
                to.required("f071", value.f071, Types.number)
                to.required("f072", value.f072, Types.number)
                to.required("f073", value.f073, Types.number)
                to.required("f074", value.f074, Types.number)
                to.required("f075", value.f075, Types.number)
                to.required("f076", value.f076, Types.number)
                to.required("f077", value.f077, Types.number)
                to.required("f078", value.f078, Types.number)
                to.required("f079", value.f079, Types.number)
                to.required("f080", value.f080, Types.number)
                to.required("f081", value.f081, Types.number)
                to.required("f082", value.f082, Types.number)
                to.required("f083", value.f083, Types.number)
                to.required("f084", value.f084, Types.number)
                to.required("f085", value.f085, Types.number)
                to.required("f086", value.f086, Types.number)
                to.required("f087", value.f087, Types.number)
                to.required("f088", value.f088, Types.number)
                to.required("f089", value.f089, Types.number)
                to.required("f090", value.f090, Types.number)
                to.required("f091", value.f091, Types.number)
                to.required("f092", value.f092, Types.number)
                to.required("f093", value.f093, Types.number)
                to.required("f094", value.f094, Types.number)
                to.required("f095", value.f095, Types.number)
                to.required("f096", value.f096, Types.number)
                to.required("f097", value.f097, Types.number)
                to.required("f098", value.f098, Types.number)
                to.required("f099", value.f099, Types.number)
                to.required("f100", value.f100, Types.number)
                to.required("f101", value.f101, Types.number)
                to.required("f102", value.f102, Types.number)
                to.required("f103", value.f103, Types.number)
                to.required("f104", value.f104, Types.number)
                to.required("f105", value.f105, Types.number)
                to.required("f106", value.f106, Types.number)
                to.required("f107", value.f107, Types.number)
                to.required("f108", value.f108, Types.number)
                to.required("f109", value.f109, Types.number)
                to.required("f110", value.f110, Types.number)
                to.required("f111", value.f111, Types.number)
                to.required("f112", value.f112, Types.number)
                to.required("f113", value.f113, Types.number)
                to.required("f114", value.f114, Types.number)
                to.required("f115", value.f115, Types.number)
                to.required("f116", value.f116, Types.number)
                to.required("f117", value.f117, Types.number)
                to.required("f118", value.f118, Types.number)
                to.required("f119", value.f119, Types.number)
                to.required("f120", value.f120, Types.number)
                to.required("f121", value.f121, Types.number)
                to.required("f122", value.f122, Types.number)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Rows.NarrowArgs.Type::class)
    public data class NarrowArgs(
        public val row: Rows.NarrowRow,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Rows.NarrowArgs>("NarrowArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Rows.NarrowArgs = Rows.NarrowArgs(
                from.required("row", Rows.NarrowRow.Type),
            )

            override fun write(value: Rows.NarrowArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("row", value.row, Rows.NarrowRow.Type)
            }
        }
    }

    /** The mutation `rows:numbers`, for fakes. */
    public val numbers: com.convexgateway.client.MutationFunction<Rows.NumbersArgs, Rows.NumbersResult>
        get() = Types.mutation("rows:numbers", Rows.NumbersArgs.Type, Rows.NumbersResult.Type)

    /** A call of the mutation `rows:numbers`. */
    public fun numbers(row: Rows.NumbersRow): com.convexgateway.client.Mutation<Rows.NumbersResult> =
        this.numbers.invoke(NumbersArgs(row))

    @kotlinx.serialization.Serializable(with = Rows.NumbersResult.Type::class)
    public class NumbersResult private constructor(values: kotlin.collections.Map<kotlin.String, kotlin.Any?>) : com.convexgateway.client.types.WideObject(values) {
        public constructor(set: Builder.() -> kotlin.Unit) : this(Builder(null).also { it.set() }.build())

        /** Another one with some fields set otherwise. */
        public fun copy(set: Builder.() -> kotlin.Unit): Rows.NumbersResult = Rows.NumbersResult(Builder(this).also { it.set() }.build())

        public val f000: kotlin.Double get() = value("f000")
        public val f001: kotlin.Double get() = value("f001")
        public val f002: kotlin.Double get() = value("f002")
        public val f003: kotlin.Double get() = value("f003")
        public val f004: kotlin.Double get() = value("f004")
        public val f005: kotlin.Double get() = value("f005")
        public val f006: kotlin.Double get() = value("f006")
        public val f007: kotlin.Double get() = value("f007")
        public val f008: kotlin.Double get() = value("f008")
        public val f009: kotlin.Double get() = value("f009")
        public val f010: kotlin.Double get() = value("f010")
        public val f011: kotlin.Double get() = value("f011")
        public val f012: kotlin.Double get() = value("f012")
        public val f013: kotlin.Double get() = value("f013")
        public val f014: kotlin.Double get() = value("f014")
        public val f015: kotlin.Double get() = value("f015")
        public val f016: kotlin.Double get() = value("f016")
        public val f017: kotlin.Double get() = value("f017")
        public val f018: kotlin.Double get() = value("f018")
        public val f019: kotlin.Double get() = value("f019")
        public val f020: kotlin.Double get() = value("f020")
        public val f021: kotlin.Double get() = value("f021")
        public val f022: kotlin.Double get() = value("f022")
        public val f023: kotlin.Double get() = value("f023")
        public val f024: kotlin.Double get() = value("f024")
        public val f025: kotlin.Double get() = value("f025")
        public val f026: kotlin.Double get() = value("f026")
        public val f027: kotlin.Double get() = value("f027")
        public val f028: kotlin.Double get() = value("f028")
        public val f029: kotlin.Double get() = value("f029")
        public val f030: kotlin.Double get() = value("f030")
        public val f031: kotlin.Double get() = value("f031")
        public val f032: kotlin.Double get() = value("f032")
        public val f033: kotlin.Double get() = value("f033")
        public val f034: kotlin.Double get() = value("f034")
        public val f035: kotlin.Double get() = value("f035")
        public val f036: kotlin.Double get() = value("f036")
        public val f037: kotlin.Double get() = value("f037")
        public val f038: kotlin.Double get() = value("f038")
        public val f039: kotlin.Double get() = value("f039")
        public val f040: kotlin.Double get() = value("f040")
        public val f041: kotlin.Double get() = value("f041")
        public val f042: kotlin.Double get() = value("f042")
        public val f043: kotlin.Double get() = value("f043")
        public val f044: kotlin.Double get() = value("f044")
        public val f045: kotlin.Double get() = value("f045")
        public val f046: kotlin.Double get() = value("f046")
        public val f047: kotlin.Double get() = value("f047")
        public val f048: kotlin.Double get() = value("f048")
        public val f049: kotlin.Double get() = value("f049")
        public val f050: kotlin.Double get() = value("f050")
        public val f051: kotlin.Double get() = value("f051")
        public val f052: kotlin.Double get() = value("f052")
        public val f053: kotlin.Double get() = value("f053")
        public val f054: kotlin.Double get() = value("f054")
        public val f055: kotlin.Double get() = value("f055")
        public val f056: kotlin.Double get() = value("f056")
        public val f057: kotlin.Double get() = value("f057")
        public val f058: kotlin.Double get() = value("f058")
        public val f059: kotlin.Double get() = value("f059")
        public val f060: kotlin.Double get() = value("f060")
        public val f061: kotlin.Double get() = value("f061")
        public val f062: kotlin.Double get() = value("f062")
        public val f063: kotlin.Double get() = value("f063")
        public val f064: kotlin.Double get() = value("f064")
        public val f065: kotlin.Double get() = value("f065")
        public val f066: kotlin.Double get() = value("f066")
        public val f067: kotlin.Double get() = value("f067")
        public val f068: kotlin.Double get() = value("f068")
        public val f069: kotlin.Double get() = value("f069")
        public val f070: kotlin.Double get() = value("f070")
        public val f071: kotlin.Double get() = value("f071")
        public val f072: kotlin.Double get() = value("f072")
        public val f073: kotlin.Double get() = value("f073")
        public val f074: kotlin.Double get() = value("f074")
        public val f075: kotlin.Double get() = value("f075")
        public val f076: kotlin.Double get() = value("f076")
        public val f077: kotlin.Double get() = value("f077")
        public val f078: kotlin.Double get() = value("f078")
        public val f079: kotlin.Double get() = value("f079")
        public val f080: kotlin.Double get() = value("f080")
        public val f081: kotlin.Double get() = value("f081")
        public val f082: kotlin.Double get() = value("f082")
        public val f083: kotlin.Double get() = value("f083")
        public val f084: kotlin.Double get() = value("f084")
        public val f085: kotlin.Double get() = value("f085")
        public val f086: kotlin.Double get() = value("f086")
        public val f087: kotlin.Double get() = value("f087")
        public val f088: kotlin.Double get() = value("f088")
        public val f089: kotlin.Double get() = value("f089")
        public val f090: kotlin.Double get() = value("f090")
        public val f091: kotlin.Double get() = value("f091")
        public val f092: kotlin.Double get() = value("f092")
        public val f093: kotlin.Double get() = value("f093")
        public val f094: kotlin.Double get() = value("f094")
        public val f095: kotlin.Double get() = value("f095")
        public val f096: kotlin.Double get() = value("f096")
        public val f097: kotlin.Double get() = value("f097")
        public val f098: kotlin.Double get() = value("f098")
        public val f099: kotlin.Double get() = value("f099")
        public val f100: kotlin.Double get() = value("f100")
        public val f101: kotlin.Double get() = value("f101")
        public val f102: kotlin.Double get() = value("f102")
        public val f103: kotlin.Double get() = value("f103")
        public val f104: kotlin.Double get() = value("f104")
        public val f105: kotlin.Double get() = value("f105")
        public val f106: kotlin.Double get() = value("f106")
        public val f107: kotlin.Double get() = value("f107")
        public val f108: kotlin.Double get() = value("f108")
        public val f109: kotlin.Double get() = value("f109")
        public val f110: kotlin.Double get() = value("f110")
        public val f111: kotlin.Double get() = value("f111")
        public val f112: kotlin.Double get() = value("f112")
        public val f113: kotlin.Double get() = value("f113")
        public val f114: kotlin.Double get() = value("f114")
        public val f115: kotlin.Double get() = value("f115")
        public val f116: kotlin.Double get() = value("f116")
        public val f117: kotlin.Double get() = value("f117")
        public val f118: kotlin.Double get() = value("f118")
        public val f119: kotlin.Double get() = value("f119")
        public val f120: kotlin.Double get() = value("f120")
        public val f121: kotlin.Double get() = value("f121")
        public val f122: kotlin.Double get() = value("f122")
        public val f123: kotlin.Double get() = value("f123")
        public val f124: kotlin.Double get() = value("f124")
        public val f125: kotlin.Double get() = value("f125")
        public val f126: kotlin.Double get() = value("f126")

        public class Builder internal constructor(from: Rows.NumbersResult?) : com.convexgateway.client.types.WideObject.Builder(from, Rows.NumbersResult.Type) {
            public var f000: kotlin.Double
                get() = value("f000")
                set(value) = put("f000", value)
            public var f001: kotlin.Double
                get() = value("f001")
                set(value) = put("f001", value)
            public var f002: kotlin.Double
                get() = value("f002")
                set(value) = put("f002", value)
            public var f003: kotlin.Double
                get() = value("f003")
                set(value) = put("f003", value)
            public var f004: kotlin.Double
                get() = value("f004")
                set(value) = put("f004", value)
            public var f005: kotlin.Double
                get() = value("f005")
                set(value) = put("f005", value)
            public var f006: kotlin.Double
                get() = value("f006")
                set(value) = put("f006", value)
            public var f007: kotlin.Double
                get() = value("f007")
                set(value) = put("f007", value)
            public var f008: kotlin.Double
                get() = value("f008")
                set(value) = put("f008", value)
            public var f009: kotlin.Double
                get() = value("f009")
                set(value) = put("f009", value)
            public var f010: kotlin.Double
                get() = value("f010")
                set(value) = put("f010", value)
            public var f011: kotlin.Double
                get() = value("f011")
                set(value) = put("f011", value)
            public var f012: kotlin.Double
                get() = value("f012")
                set(value) = put("f012", value)
            public var f013: kotlin.Double
                get() = value("f013")
                set(value) = put("f013", value)
            public var f014: kotlin.Double
                get() = value("f014")
                set(value) = put("f014", value)
            public var f015: kotlin.Double
                get() = value("f015")
                set(value) = put("f015", value)
            public var f016: kotlin.Double
                get() = value("f016")
                set(value) = put("f016", value)
            public var f017: kotlin.Double
                get() = value("f017")
                set(value) = put("f017", value)
            public var f018: kotlin.Double
                get() = value("f018")
                set(value) = put("f018", value)
            public var f019: kotlin.Double
                get() = value("f019")
                set(value) = put("f019", value)
            public var f020: kotlin.Double
                get() = value("f020")
                set(value) = put("f020", value)
            public var f021: kotlin.Double
                get() = value("f021")
                set(value) = put("f021", value)
            public var f022: kotlin.Double
                get() = value("f022")
                set(value) = put("f022", value)
            public var f023: kotlin.Double
                get() = value("f023")
                set(value) = put("f023", value)
            public var f024: kotlin.Double
                get() = value("f024")
                set(value) = put("f024", value)
            public var f025: kotlin.Double
                get() = value("f025")
                set(value) = put("f025", value)
            public var f026: kotlin.Double
                get() = value("f026")
                set(value) = put("f026", value)
            public var f027: kotlin.Double
                get() = value("f027")
                set(value) = put("f027", value)
            public var f028: kotlin.Double
                get() = value("f028")
                set(value) = put("f028", value)
            public var f029: kotlin.Double
                get() = value("f029")
                set(value) = put("f029", value)
            public var f030: kotlin.Double
                get() = value("f030")
                set(value) = put("f030", value)
            public var f031: kotlin.Double
                get() = value("f031")
                set(value) = put("f031", value)
            public var f032: kotlin.Double
                get() = value("f032")
                set(value) = put("f032", value)
            public var f033: kotlin.Double
                get() = value("f033")
                set(value) = put("f033", value)
            public var f034: kotlin.Double
                get() = value("f034")
                set(value) = put("f034", value)
            public var f035: kotlin.Double
                get() = value("f035")
                set(value) = put("f035", value)
            public var f036: kotlin.Double
                get() = value("f036")
                set(value) = put("f036", value)
            public var f037: kotlin.Double
                get() = value("f037")
                set(value) = put("f037", value)
            public var f038: kotlin.Double
                get() = value("f038")
                set(value) = put("f038", value)
            public var f039: kotlin.Double
                get() = value("f039")
                set(value) = put("f039", value)
            public var f040: kotlin.Double
                get() = value("f040")
                set(value) = put("f040", value)
            public var f041: kotlin.Double
                get() = value("f041")
                set(value) = put("f041", value)
            public var f042: kotlin.Double
                get() = value("f042")
                set(value) = put("f042", value)
            public var f043: kotlin.Double
                get() = value("f043")
                set(value) = put("f043", value)
            public var f044: kotlin.Double
                get() = value("f044")
                set(value) = put("f044", value)
            public var f045: kotlin.Double
                get() = value("f045")
                set(value) = put("f045", value)
            public var f046: kotlin.Double
                get() = value("f046")
                set(value) = put("f046", value)
            public var f047: kotlin.Double
                get() = value("f047")
                set(value) = put("f047", value)
            public var f048: kotlin.Double
                get() = value("f048")
                set(value) = put("f048", value)
            public var f049: kotlin.Double
                get() = value("f049")
                set(value) = put("f049", value)
            public var f050: kotlin.Double
                get() = value("f050")
                set(value) = put("f050", value)
            public var f051: kotlin.Double
                get() = value("f051")
                set(value) = put("f051", value)
            public var f052: kotlin.Double
                get() = value("f052")
                set(value) = put("f052", value)
            public var f053: kotlin.Double
                get() = value("f053")
                set(value) = put("f053", value)
            public var f054: kotlin.Double
                get() = value("f054")
                set(value) = put("f054", value)
            public var f055: kotlin.Double
                get() = value("f055")
                set(value) = put("f055", value)
            public var f056: kotlin.Double
                get() = value("f056")
                set(value) = put("f056", value)
            public var f057: kotlin.Double
                get() = value("f057")
                set(value) = put("f057", value)
            public var f058: kotlin.Double
                get() = value("f058")
                set(value) = put("f058", value)
            public var f059: kotlin.Double
                get() = value("f059")
                set(value) = put("f059", value)
            public var f060: kotlin.Double
                get() = value("f060")
                set(value) = put("f060", value)
            public var f061: kotlin.Double
                get() = value("f061")
                set(value) = put("f061", value)
            public var f062: kotlin.Double
                get() = value("f062")
                set(value) = put("f062", value)
            public var f063: kotlin.Double
                get() = value("f063")
                set(value) = put("f063", value)
            public var f064: kotlin.Double
                get() = value("f064")
                set(value) = put("f064", value)
            public var f065: kotlin.Double
                get() = value("f065")
                set(value) = put("f065", value)
            public var f066: kotlin.Double
                get() = value("f066")
                set(value) = put("f066", value)
            public var f067: kotlin.Double
                get() = value("f067")
                set(value) = put("f067", value)
            public var f068: kotlin.Double
                get() = value("f068")
                set(value) = put("f068", value)
            public var f069: kotlin.Double
                get() = value("f069")
                set(value) = put("f069", value)
            public var f070: kotlin.Double
                get() = value("f070")
                set(value) = put("f070", value)
            public var f071: kotlin.Double
                get() = value("f071")
                set(value) = put("f071", value)
            public var f072: kotlin.Double
                get() = value("f072")
                set(value) = put("f072", value)
            public var f073: kotlin.Double
                get() = value("f073")
                set(value) = put("f073", value)
            public var f074: kotlin.Double
                get() = value("f074")
                set(value) = put("f074", value)
            public var f075: kotlin.Double
                get() = value("f075")
                set(value) = put("f075", value)
            public var f076: kotlin.Double
                get() = value("f076")
                set(value) = put("f076", value)
            public var f077: kotlin.Double
                get() = value("f077")
                set(value) = put("f077", value)
            public var f078: kotlin.Double
                get() = value("f078")
                set(value) = put("f078", value)
            public var f079: kotlin.Double
                get() = value("f079")
                set(value) = put("f079", value)
            public var f080: kotlin.Double
                get() = value("f080")
                set(value) = put("f080", value)
            public var f081: kotlin.Double
                get() = value("f081")
                set(value) = put("f081", value)
            public var f082: kotlin.Double
                get() = value("f082")
                set(value) = put("f082", value)
            public var f083: kotlin.Double
                get() = value("f083")
                set(value) = put("f083", value)
            public var f084: kotlin.Double
                get() = value("f084")
                set(value) = put("f084", value)
            public var f085: kotlin.Double
                get() = value("f085")
                set(value) = put("f085", value)
            public var f086: kotlin.Double
                get() = value("f086")
                set(value) = put("f086", value)
            public var f087: kotlin.Double
                get() = value("f087")
                set(value) = put("f087", value)
            public var f088: kotlin.Double
                get() = value("f088")
                set(value) = put("f088", value)
            public var f089: kotlin.Double
                get() = value("f089")
                set(value) = put("f089", value)
            public var f090: kotlin.Double
                get() = value("f090")
                set(value) = put("f090", value)
            public var f091: kotlin.Double
                get() = value("f091")
                set(value) = put("f091", value)
            public var f092: kotlin.Double
                get() = value("f092")
                set(value) = put("f092", value)
            public var f093: kotlin.Double
                get() = value("f093")
                set(value) = put("f093", value)
            public var f094: kotlin.Double
                get() = value("f094")
                set(value) = put("f094", value)
            public var f095: kotlin.Double
                get() = value("f095")
                set(value) = put("f095", value)
            public var f096: kotlin.Double
                get() = value("f096")
                set(value) = put("f096", value)
            public var f097: kotlin.Double
                get() = value("f097")
                set(value) = put("f097", value)
            public var f098: kotlin.Double
                get() = value("f098")
                set(value) = put("f098", value)
            public var f099: kotlin.Double
                get() = value("f099")
                set(value) = put("f099", value)
            public var f100: kotlin.Double
                get() = value("f100")
                set(value) = put("f100", value)
            public var f101: kotlin.Double
                get() = value("f101")
                set(value) = put("f101", value)
            public var f102: kotlin.Double
                get() = value("f102")
                set(value) = put("f102", value)
            public var f103: kotlin.Double
                get() = value("f103")
                set(value) = put("f103", value)
            public var f104: kotlin.Double
                get() = value("f104")
                set(value) = put("f104", value)
            public var f105: kotlin.Double
                get() = value("f105")
                set(value) = put("f105", value)
            public var f106: kotlin.Double
                get() = value("f106")
                set(value) = put("f106", value)
            public var f107: kotlin.Double
                get() = value("f107")
                set(value) = put("f107", value)
            public var f108: kotlin.Double
                get() = value("f108")
                set(value) = put("f108", value)
            public var f109: kotlin.Double
                get() = value("f109")
                set(value) = put("f109", value)
            public var f110: kotlin.Double
                get() = value("f110")
                set(value) = put("f110", value)
            public var f111: kotlin.Double
                get() = value("f111")
                set(value) = put("f111", value)
            public var f112: kotlin.Double
                get() = value("f112")
                set(value) = put("f112", value)
            public var f113: kotlin.Double
                get() = value("f113")
                set(value) = put("f113", value)
            public var f114: kotlin.Double
                get() = value("f114")
                set(value) = put("f114", value)
            public var f115: kotlin.Double
                get() = value("f115")
                set(value) = put("f115", value)
            public var f116: kotlin.Double
                get() = value("f116")
                set(value) = put("f116", value)
            public var f117: kotlin.Double
                get() = value("f117")
                set(value) = put("f117", value)
            public var f118: kotlin.Double
                get() = value("f118")
                set(value) = put("f118", value)
            public var f119: kotlin.Double
                get() = value("f119")
                set(value) = put("f119", value)
            public var f120: kotlin.Double
                get() = value("f120")
                set(value) = put("f120", value)
            public var f121: kotlin.Double
                get() = value("f121")
                set(value) = put("f121", value)
            public var f122: kotlin.Double
                get() = value("f122")
                set(value) = put("f122", value)
            public var f123: kotlin.Double
                get() = value("f123")
                set(value) = put("f123", value)
            public var f124: kotlin.Double
                get() = value("f124")
                set(value) = put("f124", value)
            public var f125: kotlin.Double
                get() = value("f125")
                set(value) = put("f125", value)
            public var f126: kotlin.Double
                get() = value("f126")
                set(value) = put("f126", value)
        }

        public object Type : com.convexgateway.client.types.WideType<Rows.NumbersResult>(
            "NumbersResult",
            { Rows.NumbersResult(it) },
            Types.required("f000", Types.number),
            Types.required("f001", Types.number),
            Types.required("f002", Types.number),
            Types.required("f003", Types.number),
            Types.required("f004", Types.number),
            Types.required("f005", Types.number),
            Types.required("f006", Types.number),
            Types.required("f007", Types.number),
            Types.required("f008", Types.number),
            Types.required("f009", Types.number),
            Types.required("f010", Types.number),
            Types.required("f011", Types.number),
            Types.required("f012", Types.number),
            Types.required("f013", Types.number),
            Types.required("f014", Types.number),
            Types.required("f015", Types.number),
            Types.required("f016", Types.number),
            Types.required("f017", Types.number),
            Types.required("f018", Types.number),
            Types.required("f019", Types.number),
            Types.required("f020", Types.number),
            Types.required("f021", Types.number),
            Types.required("f022", Types.number),
            Types.required("f023", Types.number),
            Types.required("f024", Types.number),
            Types.required("f025", Types.number),
            Types.required("f026", Types.number),
            Types.required("f027", Types.number),
            Types.required("f028", Types.number),
            Types.required("f029", Types.number),
            Types.required("f030", Types.number),
            Types.required("f031", Types.number),
            Types.required("f032", Types.number),
            Types.required("f033", Types.number),
            Types.required("f034", Types.number),
            Types.required("f035", Types.number),
            Types.required("f036", Types.number),
            Types.required("f037", Types.number),
            Types.required("f038", Types.number),
            Types.required("f039", Types.number),
            Types.required("f040", Types.number),
            Types.required("f041", Types.number),
            Types.required("f042", Types.number),
            Types.required("f043", Types.number),
            Types.required("f044", Types.number),
            Types.required("f045", Types.number),
            Types.required("f046", Types.number),
            Types.required("f047", Types.number),
            Types.required("f048", Types.number),
            Types.required("f049", Types.number),
            Types.required("f050", Types.number),
            Types.required("f051", Types.number),
            Types.required("f052", Types.number),
            Types.required("f053", Types.number),
            Types.required("f054", Types.number),
            Types.required("f055", Types.number),
            Types.required("f056", Types.number),
            Types.required("f057", Types.number),
            Types.required("f058", Types.number),
            Types.required("f059", Types.number),
            Types.required("f060", Types.number),
            Types.required("f061", Types.number),
            Types.required("f062", Types.number),
            Types.required("f063", Types.number),
            Types.required("f064", Types.number),
            Types.required("f065", Types.number),
            Types.required("f066", Types.number),
            Types.required("f067", Types.number),
            Types.required("f068", Types.number),
            Types.required("f069", Types.number),
            Types.required("f070", Types.number),
            Types.required("f071", Types.number),
            Types.required("f072", Types.number),
            Types.required("f073", Types.number),
            Types.required("f074", Types.number),
            Types.required("f075", Types.number),
            Types.required("f076", Types.number),
            Types.required("f077", Types.number),
            Types.required("f078", Types.number),
            Types.required("f079", Types.number),
            Types.required("f080", Types.number),
            Types.required("f081", Types.number),
            Types.required("f082", Types.number),
            Types.required("f083", Types.number),
            Types.required("f084", Types.number),
            Types.required("f085", Types.number),
            Types.required("f086", Types.number),
            Types.required("f087", Types.number),
            Types.required("f088", Types.number),
            Types.required("f089", Types.number),
            Types.required("f090", Types.number),
            Types.required("f091", Types.number),
            Types.required("f092", Types.number),
            Types.required("f093", Types.number),
            Types.required("f094", Types.number),
            Types.required("f095", Types.number),
            Types.required("f096", Types.number),
            Types.required("f097", Types.number),
            Types.required("f098", Types.number),
            Types.required("f099", Types.number),
            Types.required("f100", Types.number),
            Types.required("f101", Types.number),
            Types.required("f102", Types.number),
            Types.required("f103", Types.number),
            Types.required("f104", Types.number),
            Types.required("f105", Types.number),
            Types.required("f106", Types.number),
            Types.required("f107", Types.number),
            Types.required("f108", Types.number),
            Types.required("f109", Types.number),
            Types.required("f110", Types.number),
            Types.required("f111", Types.number),
            Types.required("f112", Types.number),
            Types.required("f113", Types.number),
            Types.required("f114", Types.number),
            Types.required("f115", Types.number),
            Types.required("f116", Types.number),
            Types.required("f117", Types.number),
            Types.required("f118", Types.number),
            Types.required("f119", Types.number),
            Types.required("f120", Types.number),
            Types.required("f121", Types.number),
            Types.required("f122", Types.number),
            Types.required("f123", Types.number),
            Types.required("f124", Types.number),
            Types.required("f125", Types.number),
            Types.required("f126", Types.number),
        )
    }

    @kotlinx.serialization.Serializable(with = Rows.NumbersRow.Type::class)
    public class NumbersRow private constructor(values: kotlin.collections.Map<kotlin.String, kotlin.Any?>) : com.convexgateway.client.types.WideObject(values) {
        public constructor(set: Builder.() -> kotlin.Unit) : this(Builder(null).also { it.set() }.build())

        /** Another one with some fields set otherwise. */
        public fun copy(set: Builder.() -> kotlin.Unit): Rows.NumbersRow = Rows.NumbersRow(Builder(this).also { it.set() }.build())

        public val f000: kotlin.Double get() = value("f000")
        public val f001: kotlin.Double get() = value("f001")
        public val f002: kotlin.Double get() = value("f002")
        public val f003: kotlin.Double get() = value("f003")
        public val f004: kotlin.Double get() = value("f004")
        public val f005: kotlin.Double get() = value("f005")
        public val f006: kotlin.Double get() = value("f006")
        public val f007: kotlin.Double get() = value("f007")
        public val f008: kotlin.Double get() = value("f008")
        public val f009: kotlin.Double get() = value("f009")
        public val f010: kotlin.Double get() = value("f010")
        public val f011: kotlin.Double get() = value("f011")
        public val f012: kotlin.Double get() = value("f012")
        public val f013: kotlin.Double get() = value("f013")
        public val f014: kotlin.Double get() = value("f014")
        public val f015: kotlin.Double get() = value("f015")
        public val f016: kotlin.Double get() = value("f016")
        public val f017: kotlin.Double get() = value("f017")
        public val f018: kotlin.Double get() = value("f018")
        public val f019: kotlin.Double get() = value("f019")
        public val f020: kotlin.Double get() = value("f020")
        public val f021: kotlin.Double get() = value("f021")
        public val f022: kotlin.Double get() = value("f022")
        public val f023: kotlin.Double get() = value("f023")
        public val f024: kotlin.Double get() = value("f024")
        public val f025: kotlin.Double get() = value("f025")
        public val f026: kotlin.Double get() = value("f026")
        public val f027: kotlin.Double get() = value("f027")
        public val f028: kotlin.Double get() = value("f028")
        public val f029: kotlin.Double get() = value("f029")
        public val f030: kotlin.Double get() = value("f030")
        public val f031: kotlin.Double get() = value("f031")
        public val f032: kotlin.Double get() = value("f032")
        public val f033: kotlin.Double get() = value("f033")
        public val f034: kotlin.Double get() = value("f034")
        public val f035: kotlin.Double get() = value("f035")
        public val f036: kotlin.Double get() = value("f036")
        public val f037: kotlin.Double get() = value("f037")
        public val f038: kotlin.Double get() = value("f038")
        public val f039: kotlin.Double get() = value("f039")
        public val f040: kotlin.Double get() = value("f040")
        public val f041: kotlin.Double get() = value("f041")
        public val f042: kotlin.Double get() = value("f042")
        public val f043: kotlin.Double get() = value("f043")
        public val f044: kotlin.Double get() = value("f044")
        public val f045: kotlin.Double get() = value("f045")
        public val f046: kotlin.Double get() = value("f046")
        public val f047: kotlin.Double get() = value("f047")
        public val f048: kotlin.Double get() = value("f048")
        public val f049: kotlin.Double get() = value("f049")
        public val f050: kotlin.Double get() = value("f050")
        public val f051: kotlin.Double get() = value("f051")
        public val f052: kotlin.Double get() = value("f052")
        public val f053: kotlin.Double get() = value("f053")
        public val f054: kotlin.Double get() = value("f054")
        public val f055: kotlin.Double get() = value("f055")
        public val f056: kotlin.Double get() = value("f056")
        public val f057: kotlin.Double get() = value("f057")
        public val f058: kotlin.Double get() = value("f058")
        public val f059: kotlin.Double get() = value("f059")
        public val f060: kotlin.Double get() = value("f060")
        public val f061: kotlin.Double get() = value("f061")
        public val f062: kotlin.Double get() = value("f062")
        public val f063: kotlin.Double get() = value("f063")
        public val f064: kotlin.Double get() = value("f064")
        public val f065: kotlin.Double get() = value("f065")
        public val f066: kotlin.Double get() = value("f066")
        public val f067: kotlin.Double get() = value("f067")
        public val f068: kotlin.Double get() = value("f068")
        public val f069: kotlin.Double get() = value("f069")
        public val f070: kotlin.Double get() = value("f070")
        public val f071: kotlin.Double get() = value("f071")
        public val f072: kotlin.Double get() = value("f072")
        public val f073: kotlin.Double get() = value("f073")
        public val f074: kotlin.Double get() = value("f074")
        public val f075: kotlin.Double get() = value("f075")
        public val f076: kotlin.Double get() = value("f076")
        public val f077: kotlin.Double get() = value("f077")
        public val f078: kotlin.Double get() = value("f078")
        public val f079: kotlin.Double get() = value("f079")
        public val f080: kotlin.Double get() = value("f080")
        public val f081: kotlin.Double get() = value("f081")
        public val f082: kotlin.Double get() = value("f082")
        public val f083: kotlin.Double get() = value("f083")
        public val f084: kotlin.Double get() = value("f084")
        public val f085: kotlin.Double get() = value("f085")
        public val f086: kotlin.Double get() = value("f086")
        public val f087: kotlin.Double get() = value("f087")
        public val f088: kotlin.Double get() = value("f088")
        public val f089: kotlin.Double get() = value("f089")
        public val f090: kotlin.Double get() = value("f090")
        public val f091: kotlin.Double get() = value("f091")
        public val f092: kotlin.Double get() = value("f092")
        public val f093: kotlin.Double get() = value("f093")
        public val f094: kotlin.Double get() = value("f094")
        public val f095: kotlin.Double get() = value("f095")
        public val f096: kotlin.Double get() = value("f096")
        public val f097: kotlin.Double get() = value("f097")
        public val f098: kotlin.Double get() = value("f098")
        public val f099: kotlin.Double get() = value("f099")
        public val f100: kotlin.Double get() = value("f100")
        public val f101: kotlin.Double get() = value("f101")
        public val f102: kotlin.Double get() = value("f102")
        public val f103: kotlin.Double get() = value("f103")
        public val f104: kotlin.Double get() = value("f104")
        public val f105: kotlin.Double get() = value("f105")
        public val f106: kotlin.Double get() = value("f106")
        public val f107: kotlin.Double get() = value("f107")
        public val f108: kotlin.Double get() = value("f108")
        public val f109: kotlin.Double get() = value("f109")
        public val f110: kotlin.Double get() = value("f110")
        public val f111: kotlin.Double get() = value("f111")
        public val f112: kotlin.Double get() = value("f112")
        public val f113: kotlin.Double get() = value("f113")
        public val f114: kotlin.Double get() = value("f114")
        public val f115: kotlin.Double get() = value("f115")
        public val f116: kotlin.Double get() = value("f116")
        public val f117: kotlin.Double get() = value("f117")
        public val f118: kotlin.Double get() = value("f118")
        public val f119: kotlin.Double get() = value("f119")
        public val f120: kotlin.Double get() = value("f120")
        public val f121: kotlin.Double get() = value("f121")
        public val f122: kotlin.Double get() = value("f122")
        public val f123: kotlin.Double get() = value("f123")
        public val f124: kotlin.Double get() = value("f124")
        public val f125: kotlin.Double get() = value("f125")
        public val f126: kotlin.Double get() = value("f126")

        public class Builder internal constructor(from: Rows.NumbersRow?) : com.convexgateway.client.types.WideObject.Builder(from, Rows.NumbersRow.Type) {
            public var f000: kotlin.Double
                get() = value("f000")
                set(value) = put("f000", value)
            public var f001: kotlin.Double
                get() = value("f001")
                set(value) = put("f001", value)
            public var f002: kotlin.Double
                get() = value("f002")
                set(value) = put("f002", value)
            public var f003: kotlin.Double
                get() = value("f003")
                set(value) = put("f003", value)
            public var f004: kotlin.Double
                get() = value("f004")
                set(value) = put("f004", value)
            public var f005: kotlin.Double
                get() = value("f005")
                set(value) = put("f005", value)
            public var f006: kotlin.Double
                get() = value("f006")
                set(value) = put("f006", value)
            public var f007: kotlin.Double
                get() = value("f007")
                set(value) = put("f007", value)
            public var f008: kotlin.Double
                get() = value("f008")
                set(value) = put("f008", value)
            public var f009: kotlin.Double
                get() = value("f009")
                set(value) = put("f009", value)
            public var f010: kotlin.Double
                get() = value("f010")
                set(value) = put("f010", value)
            public var f011: kotlin.Double
                get() = value("f011")
                set(value) = put("f011", value)
            public var f012: kotlin.Double
                get() = value("f012")
                set(value) = put("f012", value)
            public var f013: kotlin.Double
                get() = value("f013")
                set(value) = put("f013", value)
            public var f014: kotlin.Double
                get() = value("f014")
                set(value) = put("f014", value)
            public var f015: kotlin.Double
                get() = value("f015")
                set(value) = put("f015", value)
            public var f016: kotlin.Double
                get() = value("f016")
                set(value) = put("f016", value)
            public var f017: kotlin.Double
                get() = value("f017")
                set(value) = put("f017", value)
            public var f018: kotlin.Double
                get() = value("f018")
                set(value) = put("f018", value)
            public var f019: kotlin.Double
                get() = value("f019")
                set(value) = put("f019", value)
            public var f020: kotlin.Double
                get() = value("f020")
                set(value) = put("f020", value)
            public var f021: kotlin.Double
                get() = value("f021")
                set(value) = put("f021", value)
            public var f022: kotlin.Double
                get() = value("f022")
                set(value) = put("f022", value)
            public var f023: kotlin.Double
                get() = value("f023")
                set(value) = put("f023", value)
            public var f024: kotlin.Double
                get() = value("f024")
                set(value) = put("f024", value)
            public var f025: kotlin.Double
                get() = value("f025")
                set(value) = put("f025", value)
            public var f026: kotlin.Double
                get() = value("f026")
                set(value) = put("f026", value)
            public var f027: kotlin.Double
                get() = value("f027")
                set(value) = put("f027", value)
            public var f028: kotlin.Double
                get() = value("f028")
                set(value) = put("f028", value)
            public var f029: kotlin.Double
                get() = value("f029")
                set(value) = put("f029", value)
            public var f030: kotlin.Double
                get() = value("f030")
                set(value) = put("f030", value)
            public var f031: kotlin.Double
                get() = value("f031")
                set(value) = put("f031", value)
            public var f032: kotlin.Double
                get() = value("f032")
                set(value) = put("f032", value)
            public var f033: kotlin.Double
                get() = value("f033")
                set(value) = put("f033", value)
            public var f034: kotlin.Double
                get() = value("f034")
                set(value) = put("f034", value)
            public var f035: kotlin.Double
                get() = value("f035")
                set(value) = put("f035", value)
            public var f036: kotlin.Double
                get() = value("f036")
                set(value) = put("f036", value)
            public var f037: kotlin.Double
                get() = value("f037")
                set(value) = put("f037", value)
            public var f038: kotlin.Double
                get() = value("f038")
                set(value) = put("f038", value)
            public var f039: kotlin.Double
                get() = value("f039")
                set(value) = put("f039", value)
            public var f040: kotlin.Double
                get() = value("f040")
                set(value) = put("f040", value)
            public var f041: kotlin.Double
                get() = value("f041")
                set(value) = put("f041", value)
            public var f042: kotlin.Double
                get() = value("f042")
                set(value) = put("f042", value)
            public var f043: kotlin.Double
                get() = value("f043")
                set(value) = put("f043", value)
            public var f044: kotlin.Double
                get() = value("f044")
                set(value) = put("f044", value)
            public var f045: kotlin.Double
                get() = value("f045")
                set(value) = put("f045", value)
            public var f046: kotlin.Double
                get() = value("f046")
                set(value) = put("f046", value)
            public var f047: kotlin.Double
                get() = value("f047")
                set(value) = put("f047", value)
            public var f048: kotlin.Double
                get() = value("f048")
                set(value) = put("f048", value)
            public var f049: kotlin.Double
                get() = value("f049")
                set(value) = put("f049", value)
            public var f050: kotlin.Double
                get() = value("f050")
                set(value) = put("f050", value)
            public var f051: kotlin.Double
                get() = value("f051")
                set(value) = put("f051", value)
            public var f052: kotlin.Double
                get() = value("f052")
                set(value) = put("f052", value)
            public var f053: kotlin.Double
                get() = value("f053")
                set(value) = put("f053", value)
            public var f054: kotlin.Double
                get() = value("f054")
                set(value) = put("f054", value)
            public var f055: kotlin.Double
                get() = value("f055")
                set(value) = put("f055", value)
            public var f056: kotlin.Double
                get() = value("f056")
                set(value) = put("f056", value)
            public var f057: kotlin.Double
                get() = value("f057")
                set(value) = put("f057", value)
            public var f058: kotlin.Double
                get() = value("f058")
                set(value) = put("f058", value)
            public var f059: kotlin.Double
                get() = value("f059")
                set(value) = put("f059", value)
            public var f060: kotlin.Double
                get() = value("f060")
                set(value) = put("f060", value)
            public var f061: kotlin.Double
                get() = value("f061")
                set(value) = put("f061", value)
            public var f062: kotlin.Double
                get() = value("f062")
                set(value) = put("f062", value)
            public var f063: kotlin.Double
                get() = value("f063")
                set(value) = put("f063", value)
            public var f064: kotlin.Double
                get() = value("f064")
                set(value) = put("f064", value)
            public var f065: kotlin.Double
                get() = value("f065")
                set(value) = put("f065", value)
            public var f066: kotlin.Double
                get() = value("f066")
                set(value) = put("f066", value)
            public var f067: kotlin.Double
                get() = value("f067")
                set(value) = put("f067", value)
            public var f068: kotlin.Double
                get() = value("f068")
                set(value) = put("f068", value)
            public var f069: kotlin.Double
                get() = value("f069")
                set(value) = put("f069", value)
            public var f070: kotlin.Double
                get() = value("f070")
                set(value) = put("f070", value)
            public var f071: kotlin.Double
                get() = value("f071")
                set(value) = put("f071", value)
            public var f072: kotlin.Double
                get() = value("f072")
                set(value) = put("f072", value)
            public var f073: kotlin.Double
                get() = value("f073")
                set(value) = put("f073", value)
            public var f074: kotlin.Double
                get() = value("f074")
                set(value) = put("f074", value)
            public var f075: kotlin.Double
                get() = value("f075")
                set(value) = put("f075", value)
            public var f076: kotlin.Double
                get() = value("f076")
                set(value) = put("f076", value)
            public var f077: kotlin.Double
                get() = value("f077")
                set(value) = put("f077", value)
            public var f078: kotlin.Double
                get() = value("f078")
                set(value) = put("f078", value)
            public var f079: kotlin.Double
                get() = value("f079")
                set(value) = put("f079", value)
            public var f080: kotlin.Double
                get() = value("f080")
                set(value) = put("f080", value)
            public var f081: kotlin.Double
                get() = value("f081")
                set(value) = put("f081", value)
            public var f082: kotlin.Double
                get() = value("f082")
                set(value) = put("f082", value)
            public var f083: kotlin.Double
                get() = value("f083")
                set(value) = put("f083", value)
            public var f084: kotlin.Double
                get() = value("f084")
                set(value) = put("f084", value)
            public var f085: kotlin.Double
                get() = value("f085")
                set(value) = put("f085", value)
            public var f086: kotlin.Double
                get() = value("f086")
                set(value) = put("f086", value)
            public var f087: kotlin.Double
                get() = value("f087")
                set(value) = put("f087", value)
            public var f088: kotlin.Double
                get() = value("f088")
                set(value) = put("f088", value)
            public var f089: kotlin.Double
                get() = value("f089")
                set(value) = put("f089", value)
            public var f090: kotlin.Double
                get() = value("f090")
                set(value) = put("f090", value)
            public var f091: kotlin.Double
                get() = value("f091")
                set(value) = put("f091", value)
            public var f092: kotlin.Double
                get() = value("f092")
                set(value) = put("f092", value)
            public var f093: kotlin.Double
                get() = value("f093")
                set(value) = put("f093", value)
            public var f094: kotlin.Double
                get() = value("f094")
                set(value) = put("f094", value)
            public var f095: kotlin.Double
                get() = value("f095")
                set(value) = put("f095", value)
            public var f096: kotlin.Double
                get() = value("f096")
                set(value) = put("f096", value)
            public var f097: kotlin.Double
                get() = value("f097")
                set(value) = put("f097", value)
            public var f098: kotlin.Double
                get() = value("f098")
                set(value) = put("f098", value)
            public var f099: kotlin.Double
                get() = value("f099")
                set(value) = put("f099", value)
            public var f100: kotlin.Double
                get() = value("f100")
                set(value) = put("f100", value)
            public var f101: kotlin.Double
                get() = value("f101")
                set(value) = put("f101", value)
            public var f102: kotlin.Double
                get() = value("f102")
                set(value) = put("f102", value)
            public var f103: kotlin.Double
                get() = value("f103")
                set(value) = put("f103", value)
            public var f104: kotlin.Double
                get() = value("f104")
                set(value) = put("f104", value)
            public var f105: kotlin.Double
                get() = value("f105")
                set(value) = put("f105", value)
            public var f106: kotlin.Double
                get() = value("f106")
                set(value) = put("f106", value)
            public var f107: kotlin.Double
                get() = value("f107")
                set(value) = put("f107", value)
            public var f108: kotlin.Double
                get() = value("f108")
                set(value) = put("f108", value)
            public var f109: kotlin.Double
                get() = value("f109")
                set(value) = put("f109", value)
            public var f110: kotlin.Double
                get() = value("f110")
                set(value) = put("f110", value)
            public var f111: kotlin.Double
                get() = value("f111")
                set(value) = put("f111", value)
            public var f112: kotlin.Double
                get() = value("f112")
                set(value) = put("f112", value)
            public var f113: kotlin.Double
                get() = value("f113")
                set(value) = put("f113", value)
            public var f114: kotlin.Double
                get() = value("f114")
                set(value) = put("f114", value)
            public var f115: kotlin.Double
                get() = value("f115")
                set(value) = put("f115", value)
            public var f116: kotlin.Double
                get() = value("f116")
                set(value) = put("f116", value)
            public var f117: kotlin.Double
                get() = value("f117")
                set(value) = put("f117", value)
            public var f118: kotlin.Double
                get() = value("f118")
                set(value) = put("f118", value)
            public var f119: kotlin.Double
                get() = value("f119")
                set(value) = put("f119", value)
            public var f120: kotlin.Double
                get() = value("f120")
                set(value) = put("f120", value)
            public var f121: kotlin.Double
                get() = value("f121")
                set(value) = put("f121", value)
            public var f122: kotlin.Double
                get() = value("f122")
                set(value) = put("f122", value)
            public var f123: kotlin.Double
                get() = value("f123")
                set(value) = put("f123", value)
            public var f124: kotlin.Double
                get() = value("f124")
                set(value) = put("f124", value)
            public var f125: kotlin.Double
                get() = value("f125")
                set(value) = put("f125", value)
            public var f126: kotlin.Double
                get() = value("f126")
                set(value) = put("f126", value)
        }

        public object Type : com.convexgateway.client.types.WideType<Rows.NumbersRow>(
            "NumbersRow",
            { Rows.NumbersRow(it) },
            Types.required("f000", Types.number),
            Types.required("f001", Types.number),
            Types.required("f002", Types.number),
            Types.required("f003", Types.number),
            Types.required("f004", Types.number),
            Types.required("f005", Types.number),
            Types.required("f006", Types.number),
            Types.required("f007", Types.number),
            Types.required("f008", Types.number),
            Types.required("f009", Types.number),
            Types.required("f010", Types.number),
            Types.required("f011", Types.number),
            Types.required("f012", Types.number),
            Types.required("f013", Types.number),
            Types.required("f014", Types.number),
            Types.required("f015", Types.number),
            Types.required("f016", Types.number),
            Types.required("f017", Types.number),
            Types.required("f018", Types.number),
            Types.required("f019", Types.number),
            Types.required("f020", Types.number),
            Types.required("f021", Types.number),
            Types.required("f022", Types.number),
            Types.required("f023", Types.number),
            Types.required("f024", Types.number),
            Types.required("f025", Types.number),
            Types.required("f026", Types.number),
            Types.required("f027", Types.number),
            Types.required("f028", Types.number),
            Types.required("f029", Types.number),
            Types.required("f030", Types.number),
            Types.required("f031", Types.number),
            Types.required("f032", Types.number),
            Types.required("f033", Types.number),
            Types.required("f034", Types.number),
            Types.required("f035", Types.number),
            Types.required("f036", Types.number),
            Types.required("f037", Types.number),
            Types.required("f038", Types.number),
            Types.required("f039", Types.number),
            Types.required("f040", Types.number),
            Types.required("f041", Types.number),
            Types.required("f042", Types.number),
            Types.required("f043", Types.number),
            Types.required("f044", Types.number),
            Types.required("f045", Types.number),
            Types.required("f046", Types.number),
            Types.required("f047", Types.number),
            Types.required("f048", Types.number),
            Types.required("f049", Types.number),
            Types.required("f050", Types.number),
            Types.required("f051", Types.number),
            Types.required("f052", Types.number),
            Types.required("f053", Types.number),
            Types.required("f054", Types.number),
            Types.required("f055", Types.number),
            Types.required("f056", Types.number),
            Types.required("f057", Types.number),
            Types.required("f058", Types.number),
            Types.required("f059", Types.number),
            Types.required("f060", Types.number),
            Types.required("f061", Types.number),
            Types.required("f062", Types.number),
            Types.required("f063", Types.number),
            Types.required("f064", Types.number),
            Types.required("f065", Types.number),
            Types.required("f066", Types.number),
            Types.required("f067", Types.number),
            Types.required("f068", Types.number),
            Types.required("f069", Types.number),
            Types.required("f070", Types.number),
            Types.required("f071", Types.number),
            Types.required("f072", Types.number),
            Types.required("f073", Types.number),
            Types.required("f074", Types.number),
            Types.required("f075", Types.number),
            Types.required("f076", Types.number),
            Types.required("f077", Types.number),
            Types.required("f078", Types.number),
            Types.required("f079", Types.number),
            Types.required("f080", Types.number),
            Types.required("f081", Types.number),
            Types.required("f082", Types.number),
            Types.required("f083", Types.number),
            Types.required("f084", Types.number),
            Types.required("f085", Types.number),
            Types.required("f086", Types.number),
            Types.required("f087", Types.number),
            Types.required("f088", Types.number),
            Types.required("f089", Types.number),
            Types.required("f090", Types.number),
            Types.required("f091", Types.number),
            Types.required("f092", Types.number),
            Types.required("f093", Types.number),
            Types.required("f094", Types.number),
            Types.required("f095", Types.number),
            Types.required("f096", Types.number),
            Types.required("f097", Types.number),
            Types.required("f098", Types.number),
            Types.required("f099", Types.number),
            Types.required("f100", Types.number),
            Types.required("f101", Types.number),
            Types.required("f102", Types.number),
            Types.required("f103", Types.number),
            Types.required("f104", Types.number),
            Types.required("f105", Types.number),
            Types.required("f106", Types.number),
            Types.required("f107", Types.number),
            Types.required("f108", Types.number),
            Types.required("f109", Types.number),
            Types.required("f110", Types.number),
            Types.required("f111", Types.number),
            Types.required("f112", Types.number),
            Types.required("f113", Types.number),
            Types.required("f114", Types.number),
            Types.required("f115", Types.number),
            Types.required("f116", Types.number),
            Types.required("f117", Types.number),
            Types.required("f118", Types.number),
            Types.required("f119", Types.number),
            Types.required("f120", Types.number),
            Types.required("f121", Types.number),
            Types.required("f122", Types.number),
            Types.required("f123", Types.number),
            Types.required("f124", Types.number),
            Types.required("f125", Types.number),
            Types.required("f126", Types.number),
        )
    }

    @kotlinx.serialization.Serializable(with = Rows.NumbersArgs.Type::class)
    public data class NumbersArgs(
        public val row: Rows.NumbersRow,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Rows.NumbersArgs>("NumbersArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Rows.NumbersArgs = Rows.NumbersArgs(
                from.required("row", Rows.NumbersRow.Type),
            )

            override fun write(value: Rows.NumbersArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("row", value.row, Rows.NumbersRow.Type)
            }
        }
    }

    /** The mutation `rows:strings`, for fakes. */
    public val strings: com.convexgateway.client.MutationFunction<Rows.StringsArgs, Rows.StringsResult>
        get() = Types.mutation("rows:strings", Rows.StringsArgs.Type, Rows.StringsResult.Type)

    /** A call of the mutation `rows:strings`. */
    public fun strings(row: Rows.StringsRow): com.convexgateway.client.Mutation<Rows.StringsResult> =
        this.strings.invoke(StringsArgs(row))

    @kotlinx.serialization.Serializable(with = Rows.StringsResult.Type::class)
    public class StringsResult private constructor(values: kotlin.collections.Map<kotlin.String, kotlin.Any?>) : com.convexgateway.client.types.WideObject(values) {
        public constructor(set: Builder.() -> kotlin.Unit) : this(Builder(null).also { it.set() }.build())

        /** Another one with some fields set otherwise. */
        public fun copy(set: Builder.() -> kotlin.Unit): Rows.StringsResult = Rows.StringsResult(Builder(this).also { it.set() }.build())

        public val f000: kotlin.String get() = value("f000")
        public val f001: kotlin.String get() = value("f001")
        public val f002: kotlin.String get() = value("f002")
        public val f003: kotlin.String get() = value("f003")
        public val f004: kotlin.String get() = value("f004")
        public val f005: kotlin.String get() = value("f005")
        public val f006: kotlin.String get() = value("f006")
        public val f007: kotlin.String get() = value("f007")
        public val f008: kotlin.String get() = value("f008")
        public val f009: kotlin.String get() = value("f009")
        public val f010: kotlin.String get() = value("f010")
        public val f011: kotlin.String get() = value("f011")
        public val f012: kotlin.String get() = value("f012")
        public val f013: kotlin.String get() = value("f013")
        public val f014: kotlin.String get() = value("f014")
        public val f015: kotlin.String get() = value("f015")
        public val f016: kotlin.String get() = value("f016")
        public val f017: kotlin.String get() = value("f017")
        public val f018: kotlin.String get() = value("f018")
        public val f019: kotlin.String get() = value("f019")
        public val f020: kotlin.String get() = value("f020")
        public val f021: kotlin.String get() = value("f021")
        public val f022: kotlin.String get() = value("f022")
        public val f023: kotlin.String get() = value("f023")
        public val f024: kotlin.String get() = value("f024")
        public val f025: kotlin.String get() = value("f025")
        public val f026: kotlin.String get() = value("f026")
        public val f027: kotlin.String get() = value("f027")
        public val f028: kotlin.String get() = value("f028")
        public val f029: kotlin.String get() = value("f029")
        public val f030: kotlin.String get() = value("f030")
        public val f031: kotlin.String get() = value("f031")
        public val f032: kotlin.String get() = value("f032")
        public val f033: kotlin.String get() = value("f033")
        public val f034: kotlin.String get() = value("f034")
        public val f035: kotlin.String get() = value("f035")
        public val f036: kotlin.String get() = value("f036")
        public val f037: kotlin.String get() = value("f037")
        public val f038: kotlin.String get() = value("f038")
        public val f039: kotlin.String get() = value("f039")
        public val f040: kotlin.String get() = value("f040")
        public val f041: kotlin.String get() = value("f041")
        public val f042: kotlin.String get() = value("f042")
        public val f043: kotlin.String get() = value("f043")
        public val f044: kotlin.String get() = value("f044")
        public val f045: kotlin.String get() = value("f045")
        public val f046: kotlin.String get() = value("f046")
        public val f047: kotlin.String get() = value("f047")
        public val f048: kotlin.String get() = value("f048")
        public val f049: kotlin.String get() = value("f049")
        public val f050: kotlin.String get() = value("f050")
        public val f051: kotlin.String get() = value("f051")
        public val f052: kotlin.String get() = value("f052")
        public val f053: kotlin.String get() = value("f053")
        public val f054: kotlin.String get() = value("f054")
        public val f055: kotlin.String get() = value("f055")
        public val f056: kotlin.String get() = value("f056")
        public val f057: kotlin.String get() = value("f057")
        public val f058: kotlin.String get() = value("f058")
        public val f059: kotlin.String get() = value("f059")
        public val f060: kotlin.String get() = value("f060")
        public val f061: kotlin.String get() = value("f061")
        public val f062: kotlin.String get() = value("f062")
        public val f063: kotlin.String get() = value("f063")
        public val f064: kotlin.String get() = value("f064")
        public val f065: kotlin.String get() = value("f065")
        public val f066: kotlin.String get() = value("f066")
        public val f067: kotlin.String get() = value("f067")
        public val f068: kotlin.String get() = value("f068")
        public val f069: kotlin.String get() = value("f069")
        public val f070: kotlin.String get() = value("f070")
        public val f071: kotlin.String get() = value("f071")
        public val f072: kotlin.String get() = value("f072")
        public val f073: kotlin.String get() = value("f073")
        public val f074: kotlin.String get() = value("f074")
        public val f075: kotlin.String get() = value("f075")
        public val f076: kotlin.String get() = value("f076")
        public val f077: kotlin.String get() = value("f077")
        public val f078: kotlin.String get() = value("f078")
        public val f079: kotlin.String get() = value("f079")
        public val f080: kotlin.String get() = value("f080")
        public val f081: kotlin.String get() = value("f081")
        public val f082: kotlin.String get() = value("f082")
        public val f083: kotlin.String get() = value("f083")
        public val f084: kotlin.String get() = value("f084")
        public val f085: kotlin.String get() = value("f085")
        public val f086: kotlin.String get() = value("f086")
        public val f087: kotlin.String get() = value("f087")
        public val f088: kotlin.String get() = value("f088")
        public val f089: kotlin.String get() = value("f089")
        public val f090: kotlin.String get() = value("f090")
        public val f091: kotlin.String get() = value("f091")
        public val f092: kotlin.String get() = value("f092")
        public val f093: kotlin.String get() = value("f093")
        public val f094: kotlin.String get() = value("f094")
        public val f095: kotlin.String get() = value("f095")
        public val f096: kotlin.String get() = value("f096")
        public val f097: kotlin.String get() = value("f097")
        public val f098: kotlin.String get() = value("f098")
        public val f099: kotlin.String get() = value("f099")
        public val f100: kotlin.String get() = value("f100")
        public val f101: kotlin.String get() = value("f101")
        public val f102: kotlin.String get() = value("f102")
        public val f103: kotlin.String get() = value("f103")
        public val f104: kotlin.String get() = value("f104")
        public val f105: kotlin.String get() = value("f105")
        public val f106: kotlin.String get() = value("f106")
        public val f107: kotlin.String get() = value("f107")
        public val f108: kotlin.String get() = value("f108")
        public val f109: kotlin.String get() = value("f109")
        public val f110: kotlin.String get() = value("f110")
        public val f111: kotlin.String get() = value("f111")
        public val f112: kotlin.String get() = value("f112")
        public val f113: kotlin.String get() = value("f113")
        public val f114: kotlin.String get() = value("f114")
        public val f115: kotlin.String get() = value("f115")
        public val f116: kotlin.String get() = value("f116")
        public val f117: kotlin.String get() = value("f117")
        public val f118: kotlin.String get() = value("f118")
        public val f119: kotlin.String get() = value("f119")
        public val f120: kotlin.String get() = value("f120")
        public val f121: kotlin.String get() = value("f121")
        public val f122: kotlin.String get() = value("f122")
        public val f123: kotlin.String get() = value("f123")
        public val f124: kotlin.String get() = value("f124")
        public val f125: kotlin.String get() = value("f125")
        public val f126: kotlin.String get() = value("f126")
        public val f127: kotlin.String get() = value("f127")
        public val f128: kotlin.String get() = value("f128")
        public val f129: kotlin.String get() = value("f129")
        public val f130: kotlin.String get() = value("f130")
        public val f131: kotlin.String get() = value("f131")
        public val f132: kotlin.String get() = value("f132")
        public val f133: kotlin.String get() = value("f133")
        public val f134: kotlin.String get() = value("f134")
        public val f135: kotlin.String get() = value("f135")
        public val f136: kotlin.String get() = value("f136")
        public val f137: kotlin.String get() = value("f137")
        public val f138: kotlin.String get() = value("f138")
        public val f139: kotlin.String get() = value("f139")
        public val f140: kotlin.String get() = value("f140")
        public val f141: kotlin.String get() = value("f141")
        public val f142: kotlin.String get() = value("f142")
        public val f143: kotlin.String get() = value("f143")
        public val f144: kotlin.String get() = value("f144")
        public val f145: kotlin.String get() = value("f145")
        public val f146: kotlin.String get() = value("f146")
        public val f147: kotlin.String get() = value("f147")
        public val f148: kotlin.String get() = value("f148")
        public val f149: kotlin.String get() = value("f149")
        public val f150: kotlin.String get() = value("f150")
        public val f151: kotlin.String get() = value("f151")
        public val f152: kotlin.String get() = value("f152")
        public val f153: kotlin.String get() = value("f153")
        public val f154: kotlin.String get() = value("f154")
        public val f155: kotlin.String get() = value("f155")
        public val f156: kotlin.String get() = value("f156")
        public val f157: kotlin.String get() = value("f157")
        public val f158: kotlin.String get() = value("f158")
        public val f159: kotlin.String get() = value("f159")
        public val f160: kotlin.String get() = value("f160")
        public val f161: kotlin.String get() = value("f161")
        public val f162: kotlin.String get() = value("f162")
        public val f163: kotlin.String get() = value("f163")
        public val f164: kotlin.String get() = value("f164")
        public val f165: kotlin.String get() = value("f165")
        public val f166: kotlin.String get() = value("f166")
        public val f167: kotlin.String get() = value("f167")
        public val f168: kotlin.String get() = value("f168")
        public val f169: kotlin.String get() = value("f169")
        public val f170: kotlin.String get() = value("f170")
        public val f171: kotlin.String get() = value("f171")
        public val f172: kotlin.String get() = value("f172")
        public val f173: kotlin.String get() = value("f173")
        public val f174: kotlin.String get() = value("f174")
        public val f175: kotlin.String get() = value("f175")
        public val f176: kotlin.String get() = value("f176")
        public val f177: kotlin.String get() = value("f177")
        public val f178: kotlin.String get() = value("f178")
        public val f179: kotlin.String get() = value("f179")
        public val f180: kotlin.String get() = value("f180")
        public val f181: kotlin.String get() = value("f181")
        public val f182: kotlin.String get() = value("f182")
        public val f183: kotlin.String get() = value("f183")
        public val f184: kotlin.String get() = value("f184")
        public val f185: kotlin.String get() = value("f185")
        public val f186: kotlin.String get() = value("f186")
        public val f187: kotlin.String get() = value("f187")
        public val f188: kotlin.String get() = value("f188")
        public val f189: kotlin.String get() = value("f189")
        public val f190: kotlin.String get() = value("f190")
        public val f191: kotlin.String get() = value("f191")
        public val f192: kotlin.String get() = value("f192")
        public val f193: kotlin.String get() = value("f193")
        public val f194: kotlin.String get() = value("f194")
        public val f195: kotlin.String get() = value("f195")
        public val f196: kotlin.String get() = value("f196")
        public val f197: kotlin.String get() = value("f197")
        public val f198: kotlin.String get() = value("f198")
        public val f199: kotlin.String get() = value("f199")
        public val f200: kotlin.String get() = value("f200")
        public val f201: kotlin.String get() = value("f201")
        public val f202: kotlin.String get() = value("f202")
        public val f203: kotlin.String get() = value("f203")
        public val f204: kotlin.String get() = value("f204")
        public val f205: kotlin.String get() = value("f205")
        public val f206: kotlin.String get() = value("f206")
        public val f207: kotlin.String get() = value("f207")
        public val f208: kotlin.String get() = value("f208")
        public val f209: kotlin.String get() = value("f209")
        public val f210: kotlin.String get() = value("f210")
        public val f211: kotlin.String get() = value("f211")
        public val f212: kotlin.String get() = value("f212")
        public val f213: kotlin.String get() = value("f213")
        public val f214: kotlin.String get() = value("f214")
        public val f215: kotlin.String get() = value("f215")
        public val f216: kotlin.String get() = value("f216")
        public val f217: kotlin.String get() = value("f217")
        public val f218: kotlin.String get() = value("f218")
        public val f219: kotlin.String get() = value("f219")
        public val f220: kotlin.String get() = value("f220")
        public val f221: kotlin.String get() = value("f221")
        public val f222: kotlin.String get() = value("f222")
        public val f223: kotlin.String get() = value("f223")
        public val f224: kotlin.String get() = value("f224")
        public val f225: kotlin.String get() = value("f225")
        public val f226: kotlin.String get() = value("f226")
        public val f227: kotlin.String get() = value("f227")
        public val f228: kotlin.String get() = value("f228")
        public val f229: kotlin.String get() = value("f229")
        public val f230: kotlin.String get() = value("f230")
        public val f231: kotlin.String get() = value("f231")
        public val f232: kotlin.String get() = value("f232")
        public val f233: kotlin.String get() = value("f233")
        public val f234: kotlin.String get() = value("f234")
        public val f235: kotlin.String get() = value("f235")
        public val f236: kotlin.String get() = value("f236")
        public val f237: kotlin.String get() = value("f237")
        public val f238: kotlin.String get() = value("f238")
        public val f239: kotlin.String get() = value("f239")
        public val f240: kotlin.String get() = value("f240")
        public val f241: kotlin.String get() = value("f241")
        public val f242: kotlin.String get() = value("f242")
        public val f243: kotlin.String get() = value("f243")
        public val f244: kotlin.String get() = value("f244")
        public val f245: kotlin.String get() = value("f245")
        public val f246: kotlin.String get() = value("f246")
        public val f247: kotlin.String get() = value("f247")
        public val f248: kotlin.String get() = value("f248")
        public val f249: kotlin.String get() = value("f249")

        public class Builder internal constructor(from: Rows.StringsResult?) : com.convexgateway.client.types.WideObject.Builder(from, Rows.StringsResult.Type) {
            public var f000: kotlin.String
                get() = value("f000")
                set(value) = put("f000", value)
            public var f001: kotlin.String
                get() = value("f001")
                set(value) = put("f001", value)
            public var f002: kotlin.String
                get() = value("f002")
                set(value) = put("f002", value)
            public var f003: kotlin.String
                get() = value("f003")
                set(value) = put("f003", value)
            public var f004: kotlin.String
                get() = value("f004")
                set(value) = put("f004", value)
            public var f005: kotlin.String
                get() = value("f005")
                set(value) = put("f005", value)
            public var f006: kotlin.String
                get() = value("f006")
                set(value) = put("f006", value)
            public var f007: kotlin.String
                get() = value("f007")
                set(value) = put("f007", value)
            public var f008: kotlin.String
                get() = value("f008")
                set(value) = put("f008", value)
            public var f009: kotlin.String
                get() = value("f009")
                set(value) = put("f009", value)
            public var f010: kotlin.String
                get() = value("f010")
                set(value) = put("f010", value)
            public var f011: kotlin.String
                get() = value("f011")
                set(value) = put("f011", value)
            public var f012: kotlin.String
                get() = value("f012")
                set(value) = put("f012", value)
            public var f013: kotlin.String
                get() = value("f013")
                set(value) = put("f013", value)
            public var f014: kotlin.String
                get() = value("f014")
                set(value) = put("f014", value)
            public var f015: kotlin.String
                get() = value("f015")
                set(value) = put("f015", value)
            public var f016: kotlin.String
                get() = value("f016")
                set(value) = put("f016", value)
            public var f017: kotlin.String
                get() = value("f017")
                set(value) = put("f017", value)
            public var f018: kotlin.String
                get() = value("f018")
                set(value) = put("f018", value)
            public var f019: kotlin.String
                get() = value("f019")
                set(value) = put("f019", value)
            public var f020: kotlin.String
                get() = value("f020")
                set(value) = put("f020", value)
            public var f021: kotlin.String
                get() = value("f021")
                set(value) = put("f021", value)
            public var f022: kotlin.String
                get() = value("f022")
                set(value) = put("f022", value)
            public var f023: kotlin.String
                get() = value("f023")
                set(value) = put("f023", value)
            public var f024: kotlin.String
                get() = value("f024")
                set(value) = put("f024", value)
            public var f025: kotlin.String
                get() = value("f025")
                set(value) = put("f025", value)
            public var f026: kotlin.String
                get() = value("f026")
                set(value) = put("f026", value)
            public var f027: kotlin.String
                get() = value("f027")
                set(value) = put("f027", value)
            public var f028: kotlin.String
                get() = value("f028")
                set(value) = put("f028", value)
            public var f029: kotlin.String
                get() = value("f029")
                set(value) = put("f029", value)
            public var f030: kotlin.String
                get() = value("f030")
                set(value) = put("f030", value)
            public var f031: kotlin.String
                get() = value("f031")
                set(value) = put("f031", value)
            public var f032: kotlin.String
                get() = value("f032")
                set(value) = put("f032", value)
            public var f033: kotlin.String
                get() = value("f033")
                set(value) = put("f033", value)
            public var f034: kotlin.String
                get() = value("f034")
                set(value) = put("f034", value)
            public var f035: kotlin.String
                get() = value("f035")
                set(value) = put("f035", value)
            public var f036: kotlin.String
                get() = value("f036")
                set(value) = put("f036", value)
            public var f037: kotlin.String
                get() = value("f037")
                set(value) = put("f037", value)
            public var f038: kotlin.String
                get() = value("f038")
                set(value) = put("f038", value)
            public var f039: kotlin.String
                get() = value("f039")
                set(value) = put("f039", value)
            public var f040: kotlin.String
                get() = value("f040")
                set(value) = put("f040", value)
            public var f041: kotlin.String
                get() = value("f041")
                set(value) = put("f041", value)
            public var f042: kotlin.String
                get() = value("f042")
                set(value) = put("f042", value)
            public var f043: kotlin.String
                get() = value("f043")
                set(value) = put("f043", value)
            public var f044: kotlin.String
                get() = value("f044")
                set(value) = put("f044", value)
            public var f045: kotlin.String
                get() = value("f045")
                set(value) = put("f045", value)
            public var f046: kotlin.String
                get() = value("f046")
                set(value) = put("f046", value)
            public var f047: kotlin.String
                get() = value("f047")
                set(value) = put("f047", value)
            public var f048: kotlin.String
                get() = value("f048")
                set(value) = put("f048", value)
            public var f049: kotlin.String
                get() = value("f049")
                set(value) = put("f049", value)
            public var f050: kotlin.String
                get() = value("f050")
                set(value) = put("f050", value)
            public var f051: kotlin.String
                get() = value("f051")
                set(value) = put("f051", value)
            public var f052: kotlin.String
                get() = value("f052")
                set(value) = put("f052", value)
            public var f053: kotlin.String
                get() = value("f053")
                set(value) = put("f053", value)
            public var f054: kotlin.String
                get() = value("f054")
                set(value) = put("f054", value)
            public var f055: kotlin.String
                get() = value("f055")
                set(value) = put("f055", value)
            public var f056: kotlin.String
                get() = value("f056")
                set(value) = put("f056", value)
            public var f057: kotlin.String
                get() = value("f057")
                set(value) = put("f057", value)
            public var f058: kotlin.String
                get() = value("f058")
                set(value) = put("f058", value)
            public var f059: kotlin.String
                get() = value("f059")
                set(value) = put("f059", value)
            public var f060: kotlin.String
                get() = value("f060")
                set(value) = put("f060", value)
            public var f061: kotlin.String
                get() = value("f061")
                set(value) = put("f061", value)
            public var f062: kotlin.String
                get() = value("f062")
                set(value) = put("f062", value)
            public var f063: kotlin.String
                get() = value("f063")
                set(value) = put("f063", value)
            public var f064: kotlin.String
                get() = value("f064")
                set(value) = put("f064", value)
            public var f065: kotlin.String
                get() = value("f065")
                set(value) = put("f065", value)
            public var f066: kotlin.String
                get() = value("f066")
                set(value) = put("f066", value)
            public var f067: kotlin.String
                get() = value("f067")
                set(value) = put("f067", value)
            public var f068: kotlin.String
                get() = value("f068")
                set(value) = put("f068", value)
            public var f069: kotlin.String
                get() = value("f069")
                set(value) = put("f069", value)
            public var f070: kotlin.String
                get() = value("f070")
                set(value) = put("f070", value)
            public var f071: kotlin.String
                get() = value("f071")
                set(value) = put("f071", value)
            public var f072: kotlin.String
                get() = value("f072")
                set(value) = put("f072", value)
            public var f073: kotlin.String
                get() = value("f073")
                set(value) = put("f073", value)
            public var f074: kotlin.String
                get() = value("f074")
                set(value) = put("f074", value)
            public var f075: kotlin.String
                get() = value("f075")
                set(value) = put("f075", value)
            public var f076: kotlin.String
                get() = value("f076")
                set(value) = put("f076", value)
            public var f077: kotlin.String
                get() = value("f077")
                set(value) = put("f077", value)
            public var f078: kotlin.String
                get() = value("f078")
                set(value) = put("f078", value)
            public var f079: kotlin.String
                get() = value("f079")
                set(value) = put("f079", value)
            public var f080: kotlin.String
                get() = value("f080")
                set(value) = put("f080", value)
            public var f081: kotlin.String
                get() = value("f081")
                set(value) = put("f081", value)
            public var f082: kotlin.String
                get() = value("f082")
                set(value) = put("f082", value)
            public var f083: kotlin.String
                get() = value("f083")
                set(value) = put("f083", value)
            public var f084: kotlin.String
                get() = value("f084")
                set(value) = put("f084", value)
            public var f085: kotlin.String
                get() = value("f085")
                set(value) = put("f085", value)
            public var f086: kotlin.String
                get() = value("f086")
                set(value) = put("f086", value)
            public var f087: kotlin.String
                get() = value("f087")
                set(value) = put("f087", value)
            public var f088: kotlin.String
                get() = value("f088")
                set(value) = put("f088", value)
            public var f089: kotlin.String
                get() = value("f089")
                set(value) = put("f089", value)
            public var f090: kotlin.String
                get() = value("f090")
                set(value) = put("f090", value)
            public var f091: kotlin.String
                get() = value("f091")
                set(value) = put("f091", value)
            public var f092: kotlin.String
                get() = value("f092")
                set(value) = put("f092", value)
            public var f093: kotlin.String
                get() = value("f093")
                set(value) = put("f093", value)
            public var f094: kotlin.String
                get() = value("f094")
                set(value) = put("f094", value)
            public var f095: kotlin.String
                get() = value("f095")
                set(value) = put("f095", value)
            public var f096: kotlin.String
                get() = value("f096")
                set(value) = put("f096", value)
            public var f097: kotlin.String
                get() = value("f097")
                set(value) = put("f097", value)
            public var f098: kotlin.String
                get() = value("f098")
                set(value) = put("f098", value)
            public var f099: kotlin.String
                get() = value("f099")
                set(value) = put("f099", value)
            public var f100: kotlin.String
                get() = value("f100")
                set(value) = put("f100", value)
            public var f101: kotlin.String
                get() = value("f101")
                set(value) = put("f101", value)
            public var f102: kotlin.String
                get() = value("f102")
                set(value) = put("f102", value)
            public var f103: kotlin.String
                get() = value("f103")
                set(value) = put("f103", value)
            public var f104: kotlin.String
                get() = value("f104")
                set(value) = put("f104", value)
            public var f105: kotlin.String
                get() = value("f105")
                set(value) = put("f105", value)
            public var f106: kotlin.String
                get() = value("f106")
                set(value) = put("f106", value)
            public var f107: kotlin.String
                get() = value("f107")
                set(value) = put("f107", value)
            public var f108: kotlin.String
                get() = value("f108")
                set(value) = put("f108", value)
            public var f109: kotlin.String
                get() = value("f109")
                set(value) = put("f109", value)
            public var f110: kotlin.String
                get() = value("f110")
                set(value) = put("f110", value)
            public var f111: kotlin.String
                get() = value("f111")
                set(value) = put("f111", value)
            public var f112: kotlin.String
                get() = value("f112")
                set(value) = put("f112", value)
            public var f113: kotlin.String
                get() = value("f113")
                set(value) = put("f113", value)
            public var f114: kotlin.String
                get() = value("f114")
                set(value) = put("f114", value)
            public var f115: kotlin.String
                get() = value("f115")
                set(value) = put("f115", value)
            public var f116: kotlin.String
                get() = value("f116")
                set(value) = put("f116", value)
            public var f117: kotlin.String
                get() = value("f117")
                set(value) = put("f117", value)
            public var f118: kotlin.String
                get() = value("f118")
                set(value) = put("f118", value)
            public var f119: kotlin.String
                get() = value("f119")
                set(value) = put("f119", value)
            public var f120: kotlin.String
                get() = value("f120")
                set(value) = put("f120", value)
            public var f121: kotlin.String
                get() = value("f121")
                set(value) = put("f121", value)
            public var f122: kotlin.String
                get() = value("f122")
                set(value) = put("f122", value)
            public var f123: kotlin.String
                get() = value("f123")
                set(value) = put("f123", value)
            public var f124: kotlin.String
                get() = value("f124")
                set(value) = put("f124", value)
            public var f125: kotlin.String
                get() = value("f125")
                set(value) = put("f125", value)
            public var f126: kotlin.String
                get() = value("f126")
                set(value) = put("f126", value)
            public var f127: kotlin.String
                get() = value("f127")
                set(value) = put("f127", value)
            public var f128: kotlin.String
                get() = value("f128")
                set(value) = put("f128", value)
            public var f129: kotlin.String
                get() = value("f129")
                set(value) = put("f129", value)
            public var f130: kotlin.String
                get() = value("f130")
                set(value) = put("f130", value)
            public var f131: kotlin.String
                get() = value("f131")
                set(value) = put("f131", value)
            public var f132: kotlin.String
                get() = value("f132")
                set(value) = put("f132", value)
            public var f133: kotlin.String
                get() = value("f133")
                set(value) = put("f133", value)
            public var f134: kotlin.String
                get() = value("f134")
                set(value) = put("f134", value)
            public var f135: kotlin.String
                get() = value("f135")
                set(value) = put("f135", value)
            public var f136: kotlin.String
                get() = value("f136")
                set(value) = put("f136", value)
            public var f137: kotlin.String
                get() = value("f137")
                set(value) = put("f137", value)
            public var f138: kotlin.String
                get() = value("f138")
                set(value) = put("f138", value)
            public var f139: kotlin.String
                get() = value("f139")
                set(value) = put("f139", value)
            public var f140: kotlin.String
                get() = value("f140")
                set(value) = put("f140", value)
            public var f141: kotlin.String
                get() = value("f141")
                set(value) = put("f141", value)
            public var f142: kotlin.String
                get() = value("f142")
                set(value) = put("f142", value)
            public var f143: kotlin.String
                get() = value("f143")
                set(value) = put("f143", value)
            public var f144: kotlin.String
                get() = value("f144")
                set(value) = put("f144", value)
            public var f145: kotlin.String
                get() = value("f145")
                set(value) = put("f145", value)
            public var f146: kotlin.String
                get() = value("f146")
                set(value) = put("f146", value)
            public var f147: kotlin.String
                get() = value("f147")
                set(value) = put("f147", value)
            public var f148: kotlin.String
                get() = value("f148")
                set(value) = put("f148", value)
            public var f149: kotlin.String
                get() = value("f149")
                set(value) = put("f149", value)
            public var f150: kotlin.String
                get() = value("f150")
                set(value) = put("f150", value)
            public var f151: kotlin.String
                get() = value("f151")
                set(value) = put("f151", value)
            public var f152: kotlin.String
                get() = value("f152")
                set(value) = put("f152", value)
            public var f153: kotlin.String
                get() = value("f153")
                set(value) = put("f153", value)
            public var f154: kotlin.String
                get() = value("f154")
                set(value) = put("f154", value)
            public var f155: kotlin.String
                get() = value("f155")
                set(value) = put("f155", value)
            public var f156: kotlin.String
                get() = value("f156")
                set(value) = put("f156", value)
            public var f157: kotlin.String
                get() = value("f157")
                set(value) = put("f157", value)
            public var f158: kotlin.String
                get() = value("f158")
                set(value) = put("f158", value)
            public var f159: kotlin.String
                get() = value("f159")
                set(value) = put("f159", value)
            public var f160: kotlin.String
                get() = value("f160")
                set(value) = put("f160", value)
            public var f161: kotlin.String
                get() = value("f161")
                set(value) = put("f161", value)
            public var f162: kotlin.String
                get() = value("f162")
                set(value) = put("f162", value)
            public var f163: kotlin.String
                get() = value("f163")
                set(value) = put("f163", value)
            public var f164: kotlin.String
                get() = value("f164")
                set(value) = put("f164", value)
            public var f165: kotlin.String
                get() = value("f165")
                set(value) = put("f165", value)
            public var f166: kotlin.String
                get() = value("f166")
                set(value) = put("f166", value)
            public var f167: kotlin.String
                get() = value("f167")
                set(value) = put("f167", value)
            public var f168: kotlin.String
                get() = value("f168")
                set(value) = put("f168", value)
            public var f169: kotlin.String
                get() = value("f169")
                set(value) = put("f169", value)
            public var f170: kotlin.String
                get() = value("f170")
                set(value) = put("f170", value)
            public var f171: kotlin.String
                get() = value("f171")
                set(value) = put("f171", value)
            public var f172: kotlin.String
                get() = value("f172")
                set(value) = put("f172", value)
            public var f173: kotlin.String
                get() = value("f173")
                set(value) = put("f173", value)
            public var f174: kotlin.String
                get() = value("f174")
                set(value) = put("f174", value)
            public var f175: kotlin.String
                get() = value("f175")
                set(value) = put("f175", value)
            public var f176: kotlin.String
                get() = value("f176")
                set(value) = put("f176", value)
            public var f177: kotlin.String
                get() = value("f177")
                set(value) = put("f177", value)
            public var f178: kotlin.String
                get() = value("f178")
                set(value) = put("f178", value)
            public var f179: kotlin.String
                get() = value("f179")
                set(value) = put("f179", value)
            public var f180: kotlin.String
                get() = value("f180")
                set(value) = put("f180", value)
            public var f181: kotlin.String
                get() = value("f181")
                set(value) = put("f181", value)
            public var f182: kotlin.String
                get() = value("f182")
                set(value) = put("f182", value)
            public var f183: kotlin.String
                get() = value("f183")
                set(value) = put("f183", value)
            public var f184: kotlin.String
                get() = value("f184")
                set(value) = put("f184", value)
            public var f185: kotlin.String
                get() = value("f185")
                set(value) = put("f185", value)
            public var f186: kotlin.String
                get() = value("f186")
                set(value) = put("f186", value)
            public var f187: kotlin.String
                get() = value("f187")
                set(value) = put("f187", value)
            public var f188: kotlin.String
                get() = value("f188")
                set(value) = put("f188", value)
            public var f189: kotlin.String
                get() = value("f189")
                set(value) = put("f189", value)
            public var f190: kotlin.String
                get() = value("f190")
                set(value) = put("f190", value)
            public var f191: kotlin.String
                get() = value("f191")
                set(value) = put("f191", value)
            public var f192: kotlin.String
                get() = value("f192")
                set(value) = put("f192", value)
            public var f193: kotlin.String
                get() = value("f193")
                set(value) = put("f193", value)
            public var f194: kotlin.String
                get() = value("f194")
                set(value) = put("f194", value)
            public var f195: kotlin.String
                get() = value("f195")
                set(value) = put("f195", value)
            public var f196: kotlin.String
                get() = value("f196")
                set(value) = put("f196", value)
            public var f197: kotlin.String
                get() = value("f197")
                set(value) = put("f197", value)
            public var f198: kotlin.String
                get() = value("f198")
                set(value) = put("f198", value)
            public var f199: kotlin.String
                get() = value("f199")
                set(value) = put("f199", value)
            public var f200: kotlin.String
                get() = value("f200")
                set(value) = put("f200", value)
            public var f201: kotlin.String
                get() = value("f201")
                set(value) = put("f201", value)
            public var f202: kotlin.String
                get() = value("f202")
                set(value) = put("f202", value)
            public var f203: kotlin.String
                get() = value("f203")
                set(value) = put("f203", value)
            public var f204: kotlin.String
                get() = value("f204")
                set(value) = put("f204", value)
            public var f205: kotlin.String
                get() = value("f205")
                set(value) = put("f205", value)
            public var f206: kotlin.String
                get() = value("f206")
                set(value) = put("f206", value)
            public var f207: kotlin.String
                get() = value("f207")
                set(value) = put("f207", value)
            public var f208: kotlin.String
                get() = value("f208")
                set(value) = put("f208", value)
            public var f209: kotlin.String
                get() = value("f209")
                set(value) = put("f209", value)
            public var f210: kotlin.String
                get() = value("f210")
                set(value) = put("f210", value)
            public var f211: kotlin.String
                get() = value("f211")
                set(value) = put("f211", value)
            public var f212: kotlin.String
                get() = value("f212")
                set(value) = put("f212", value)
            public var f213: kotlin.String
                get() = value("f213")
                set(value) = put("f213", value)
            public var f214: kotlin.String
                get() = value("f214")
                set(value) = put("f214", value)
            public var f215: kotlin.String
                get() = value("f215")
                set(value) = put("f215", value)
            public var f216: kotlin.String
                get() = value("f216")
                set(value) = put("f216", value)
            public var f217: kotlin.String
                get() = value("f217")
                set(value) = put("f217", value)
            public var f218: kotlin.String
                get() = value("f218")
                set(value) = put("f218", value)
            public var f219: kotlin.String
                get() = value("f219")
                set(value) = put("f219", value)
            public var f220: kotlin.String
                get() = value("f220")
                set(value) = put("f220", value)
            public var f221: kotlin.String
                get() = value("f221")
                set(value) = put("f221", value)
            public var f222: kotlin.String
                get() = value("f222")
                set(value) = put("f222", value)
            public var f223: kotlin.String
                get() = value("f223")
                set(value) = put("f223", value)
            public var f224: kotlin.String
                get() = value("f224")
                set(value) = put("f224", value)
            public var f225: kotlin.String
                get() = value("f225")
                set(value) = put("f225", value)
            public var f226: kotlin.String
                get() = value("f226")
                set(value) = put("f226", value)
            public var f227: kotlin.String
                get() = value("f227")
                set(value) = put("f227", value)
            public var f228: kotlin.String
                get() = value("f228")
                set(value) = put("f228", value)
            public var f229: kotlin.String
                get() = value("f229")
                set(value) = put("f229", value)
            public var f230: kotlin.String
                get() = value("f230")
                set(value) = put("f230", value)
            public var f231: kotlin.String
                get() = value("f231")
                set(value) = put("f231", value)
            public var f232: kotlin.String
                get() = value("f232")
                set(value) = put("f232", value)
            public var f233: kotlin.String
                get() = value("f233")
                set(value) = put("f233", value)
            public var f234: kotlin.String
                get() = value("f234")
                set(value) = put("f234", value)
            public var f235: kotlin.String
                get() = value("f235")
                set(value) = put("f235", value)
            public var f236: kotlin.String
                get() = value("f236")
                set(value) = put("f236", value)
            public var f237: kotlin.String
                get() = value("f237")
                set(value) = put("f237", value)
            public var f238: kotlin.String
                get() = value("f238")
                set(value) = put("f238", value)
            public var f239: kotlin.String
                get() = value("f239")
                set(value) = put("f239", value)
            public var f240: kotlin.String
                get() = value("f240")
                set(value) = put("f240", value)
            public var f241: kotlin.String
                get() = value("f241")
                set(value) = put("f241", value)
            public var f242: kotlin.String
                get() = value("f242")
                set(value) = put("f242", value)
            public var f243: kotlin.String
                get() = value("f243")
                set(value) = put("f243", value)
            public var f244: kotlin.String
                get() = value("f244")
                set(value) = put("f244", value)
            public var f245: kotlin.String
                get() = value("f245")
                set(value) = put("f245", value)
            public var f246: kotlin.String
                get() = value("f246")
                set(value) = put("f246", value)
            public var f247: kotlin.String
                get() = value("f247")
                set(value) = put("f247", value)
            public var f248: kotlin.String
                get() = value("f248")
                set(value) = put("f248", value)
            public var f249: kotlin.String
                get() = value("f249")
                set(value) = put("f249", value)
        }

        public object Type : com.convexgateway.client.types.WideType<Rows.StringsResult>(
            "StringsResult",
            { Rows.StringsResult(it) },
            Types.required("f000", Types.string),
            Types.required("f001", Types.string),
            Types.required("f002", Types.string),
            Types.required("f003", Types.string),
            Types.required("f004", Types.string),
            Types.required("f005", Types.string),
            Types.required("f006", Types.string),
            Types.required("f007", Types.string),
            Types.required("f008", Types.string),
            Types.required("f009", Types.string),
            Types.required("f010", Types.string),
            Types.required("f011", Types.string),
            Types.required("f012", Types.string),
            Types.required("f013", Types.string),
            Types.required("f014", Types.string),
            Types.required("f015", Types.string),
            Types.required("f016", Types.string),
            Types.required("f017", Types.string),
            Types.required("f018", Types.string),
            Types.required("f019", Types.string),
            Types.required("f020", Types.string),
            Types.required("f021", Types.string),
            Types.required("f022", Types.string),
            Types.required("f023", Types.string),
            Types.required("f024", Types.string),
            Types.required("f025", Types.string),
            Types.required("f026", Types.string),
            Types.required("f027", Types.string),
            Types.required("f028", Types.string),
            Types.required("f029", Types.string),
            Types.required("f030", Types.string),
            Types.required("f031", Types.string),
            Types.required("f032", Types.string),
            Types.required("f033", Types.string),
            Types.required("f034", Types.string),
            Types.required("f035", Types.string),
            Types.required("f036", Types.string),
            Types.required("f037", Types.string),
            Types.required("f038", Types.string),
            Types.required("f039", Types.string),
            Types.required("f040", Types.string),
            Types.required("f041", Types.string),
            Types.required("f042", Types.string),
            Types.required("f043", Types.string),
            Types.required("f044", Types.string),
            Types.required("f045", Types.string),
            Types.required("f046", Types.string),
            Types.required("f047", Types.string),
            Types.required("f048", Types.string),
            Types.required("f049", Types.string),
            Types.required("f050", Types.string),
            Types.required("f051", Types.string),
            Types.required("f052", Types.string),
            Types.required("f053", Types.string),
            Types.required("f054", Types.string),
            Types.required("f055", Types.string),
            Types.required("f056", Types.string),
            Types.required("f057", Types.string),
            Types.required("f058", Types.string),
            Types.required("f059", Types.string),
            Types.required("f060", Types.string),
            Types.required("f061", Types.string),
            Types.required("f062", Types.string),
            Types.required("f063", Types.string),
            Types.required("f064", Types.string),
            Types.required("f065", Types.string),
            Types.required("f066", Types.string),
            Types.required("f067", Types.string),
            Types.required("f068", Types.string),
            Types.required("f069", Types.string),
            Types.required("f070", Types.string),
            Types.required("f071", Types.string),
            Types.required("f072", Types.string),
            Types.required("f073", Types.string),
            Types.required("f074", Types.string),
            Types.required("f075", Types.string),
            Types.required("f076", Types.string),
            Types.required("f077", Types.string),
            Types.required("f078", Types.string),
            Types.required("f079", Types.string),
            Types.required("f080", Types.string),
            Types.required("f081", Types.string),
            Types.required("f082", Types.string),
            Types.required("f083", Types.string),
            Types.required("f084", Types.string),
            Types.required("f085", Types.string),
            Types.required("f086", Types.string),
            Types.required("f087", Types.string),
            Types.required("f088", Types.string),
            Types.required("f089", Types.string),
            Types.required("f090", Types.string),
            Types.required("f091", Types.string),
            Types.required("f092", Types.string),
            Types.required("f093", Types.string),
            Types.required("f094", Types.string),
            Types.required("f095", Types.string),
            Types.required("f096", Types.string),
            Types.required("f097", Types.string),
            Types.required("f098", Types.string),
            Types.required("f099", Types.string),
            Types.required("f100", Types.string),
            Types.required("f101", Types.string),
            Types.required("f102", Types.string),
            Types.required("f103", Types.string),
            Types.required("f104", Types.string),
            Types.required("f105", Types.string),
            Types.required("f106", Types.string),
            Types.required("f107", Types.string),
            Types.required("f108", Types.string),
            Types.required("f109", Types.string),
            Types.required("f110", Types.string),
            Types.required("f111", Types.string),
            Types.required("f112", Types.string),
            Types.required("f113", Types.string),
            Types.required("f114", Types.string),
            Types.required("f115", Types.string),
            Types.required("f116", Types.string),
            Types.required("f117", Types.string),
            Types.required("f118", Types.string),
            Types.required("f119", Types.string),
            Types.required("f120", Types.string),
            Types.required("f121", Types.string),
            Types.required("f122", Types.string),
            Types.required("f123", Types.string),
            Types.required("f124", Types.string),
            Types.required("f125", Types.string),
            Types.required("f126", Types.string),
            Types.required("f127", Types.string),
            Types.required("f128", Types.string),
            Types.required("f129", Types.string),
            Types.required("f130", Types.string),
            Types.required("f131", Types.string),
            Types.required("f132", Types.string),
            Types.required("f133", Types.string),
            Types.required("f134", Types.string),
            Types.required("f135", Types.string),
            Types.required("f136", Types.string),
            Types.required("f137", Types.string),
            Types.required("f138", Types.string),
            Types.required("f139", Types.string),
            Types.required("f140", Types.string),
            Types.required("f141", Types.string),
            Types.required("f142", Types.string),
            Types.required("f143", Types.string),
            Types.required("f144", Types.string),
            Types.required("f145", Types.string),
            Types.required("f146", Types.string),
            Types.required("f147", Types.string),
            Types.required("f148", Types.string),
            Types.required("f149", Types.string),
            Types.required("f150", Types.string),
            Types.required("f151", Types.string),
            Types.required("f152", Types.string),
            Types.required("f153", Types.string),
            Types.required("f154", Types.string),
            Types.required("f155", Types.string),
            Types.required("f156", Types.string),
            Types.required("f157", Types.string),
            Types.required("f158", Types.string),
            Types.required("f159", Types.string),
            Types.required("f160", Types.string),
            Types.required("f161", Types.string),
            Types.required("f162", Types.string),
            Types.required("f163", Types.string),
            Types.required("f164", Types.string),
            Types.required("f165", Types.string),
            Types.required("f166", Types.string),
            Types.required("f167", Types.string),
            Types.required("f168", Types.string),
            Types.required("f169", Types.string),
            Types.required("f170", Types.string),
            Types.required("f171", Types.string),
            Types.required("f172", Types.string),
            Types.required("f173", Types.string),
            Types.required("f174", Types.string),
            Types.required("f175", Types.string),
            Types.required("f176", Types.string),
            Types.required("f177", Types.string),
            Types.required("f178", Types.string),
            Types.required("f179", Types.string),
            Types.required("f180", Types.string),
            Types.required("f181", Types.string),
            Types.required("f182", Types.string),
            Types.required("f183", Types.string),
            Types.required("f184", Types.string),
            Types.required("f185", Types.string),
            Types.required("f186", Types.string),
            Types.required("f187", Types.string),
            Types.required("f188", Types.string),
            Types.required("f189", Types.string),
            Types.required("f190", Types.string),
            Types.required("f191", Types.string),
            Types.required("f192", Types.string),
            Types.required("f193", Types.string),
            Types.required("f194", Types.string),
            Types.required("f195", Types.string),
            Types.required("f196", Types.string),
            Types.required("f197", Types.string),
            Types.required("f198", Types.string),
            Types.required("f199", Types.string),
            Types.required("f200", Types.string),
            Types.required("f201", Types.string),
            Types.required("f202", Types.string),
            Types.required("f203", Types.string),
            Types.required("f204", Types.string),
            Types.required("f205", Types.string),
            Types.required("f206", Types.string),
            Types.required("f207", Types.string),
            Types.required("f208", Types.string),
            Types.required("f209", Types.string),
            Types.required("f210", Types.string),
            Types.required("f211", Types.string),
            Types.required("f212", Types.string),
            Types.required("f213", Types.string),
            Types.required("f214", Types.string),
            Types.required("f215", Types.string),
            Types.required("f216", Types.string),
            Types.required("f217", Types.string),
            Types.required("f218", Types.string),
            Types.required("f219", Types.string),
            Types.required("f220", Types.string),
            Types.required("f221", Types.string),
            Types.required("f222", Types.string),
            Types.required("f223", Types.string),
            Types.required("f224", Types.string),
            Types.required("f225", Types.string),
            Types.required("f226", Types.string),
            Types.required("f227", Types.string),
            Types.required("f228", Types.string),
            Types.required("f229", Types.string),
            Types.required("f230", Types.string),
            Types.required("f231", Types.string),
            Types.required("f232", Types.string),
            Types.required("f233", Types.string),
            Types.required("f234", Types.string),
            Types.required("f235", Types.string),
            Types.required("f236", Types.string),
            Types.required("f237", Types.string),
            Types.required("f238", Types.string),
            Types.required("f239", Types.string),
            Types.required("f240", Types.string),
            Types.required("f241", Types.string),
            Types.required("f242", Types.string),
            Types.required("f243", Types.string),
            Types.required("f244", Types.string),
            Types.required("f245", Types.string),
            Types.required("f246", Types.string),
            Types.required("f247", Types.string),
            Types.required("f248", Types.string),
            Types.required("f249", Types.string),
        )
    }

    @kotlinx.serialization.Serializable(with = Rows.StringsRow.Type::class)
    public class StringsRow private constructor(values: kotlin.collections.Map<kotlin.String, kotlin.Any?>) : com.convexgateway.client.types.WideObject(values) {
        public constructor(set: Builder.() -> kotlin.Unit) : this(Builder(null).also { it.set() }.build())

        /** Another one with some fields set otherwise. */
        public fun copy(set: Builder.() -> kotlin.Unit): Rows.StringsRow = Rows.StringsRow(Builder(this).also { it.set() }.build())

        public val f000: kotlin.String get() = value("f000")
        public val f001: kotlin.String get() = value("f001")
        public val f002: kotlin.String get() = value("f002")
        public val f003: kotlin.String get() = value("f003")
        public val f004: kotlin.String get() = value("f004")
        public val f005: kotlin.String get() = value("f005")
        public val f006: kotlin.String get() = value("f006")
        public val f007: kotlin.String get() = value("f007")
        public val f008: kotlin.String get() = value("f008")
        public val f009: kotlin.String get() = value("f009")
        public val f010: kotlin.String get() = value("f010")
        public val f011: kotlin.String get() = value("f011")
        public val f012: kotlin.String get() = value("f012")
        public val f013: kotlin.String get() = value("f013")
        public val f014: kotlin.String get() = value("f014")
        public val f015: kotlin.String get() = value("f015")
        public val f016: kotlin.String get() = value("f016")
        public val f017: kotlin.String get() = value("f017")
        public val f018: kotlin.String get() = value("f018")
        public val f019: kotlin.String get() = value("f019")
        public val f020: kotlin.String get() = value("f020")
        public val f021: kotlin.String get() = value("f021")
        public val f022: kotlin.String get() = value("f022")
        public val f023: kotlin.String get() = value("f023")
        public val f024: kotlin.String get() = value("f024")
        public val f025: kotlin.String get() = value("f025")
        public val f026: kotlin.String get() = value("f026")
        public val f027: kotlin.String get() = value("f027")
        public val f028: kotlin.String get() = value("f028")
        public val f029: kotlin.String get() = value("f029")
        public val f030: kotlin.String get() = value("f030")
        public val f031: kotlin.String get() = value("f031")
        public val f032: kotlin.String get() = value("f032")
        public val f033: kotlin.String get() = value("f033")
        public val f034: kotlin.String get() = value("f034")
        public val f035: kotlin.String get() = value("f035")
        public val f036: kotlin.String get() = value("f036")
        public val f037: kotlin.String get() = value("f037")
        public val f038: kotlin.String get() = value("f038")
        public val f039: kotlin.String get() = value("f039")
        public val f040: kotlin.String get() = value("f040")
        public val f041: kotlin.String get() = value("f041")
        public val f042: kotlin.String get() = value("f042")
        public val f043: kotlin.String get() = value("f043")
        public val f044: kotlin.String get() = value("f044")
        public val f045: kotlin.String get() = value("f045")
        public val f046: kotlin.String get() = value("f046")
        public val f047: kotlin.String get() = value("f047")
        public val f048: kotlin.String get() = value("f048")
        public val f049: kotlin.String get() = value("f049")
        public val f050: kotlin.String get() = value("f050")
        public val f051: kotlin.String get() = value("f051")
        public val f052: kotlin.String get() = value("f052")
        public val f053: kotlin.String get() = value("f053")
        public val f054: kotlin.String get() = value("f054")
        public val f055: kotlin.String get() = value("f055")
        public val f056: kotlin.String get() = value("f056")
        public val f057: kotlin.String get() = value("f057")
        public val f058: kotlin.String get() = value("f058")
        public val f059: kotlin.String get() = value("f059")
        public val f060: kotlin.String get() = value("f060")
        public val f061: kotlin.String get() = value("f061")
        public val f062: kotlin.String get() = value("f062")
        public val f063: kotlin.String get() = value("f063")
        public val f064: kotlin.String get() = value("f064")
        public val f065: kotlin.String get() = value("f065")
        public val f066: kotlin.String get() = value("f066")
        public val f067: kotlin.String get() = value("f067")
        public val f068: kotlin.String get() = value("f068")
        public val f069: kotlin.String get() = value("f069")
        public val f070: kotlin.String get() = value("f070")
        public val f071: kotlin.String get() = value("f071")
        public val f072: kotlin.String get() = value("f072")
        public val f073: kotlin.String get() = value("f073")
        public val f074: kotlin.String get() = value("f074")
        public val f075: kotlin.String get() = value("f075")
        public val f076: kotlin.String get() = value("f076")
        public val f077: kotlin.String get() = value("f077")
        public val f078: kotlin.String get() = value("f078")
        public val f079: kotlin.String get() = value("f079")
        public val f080: kotlin.String get() = value("f080")
        public val f081: kotlin.String get() = value("f081")
        public val f082: kotlin.String get() = value("f082")
        public val f083: kotlin.String get() = value("f083")
        public val f084: kotlin.String get() = value("f084")
        public val f085: kotlin.String get() = value("f085")
        public val f086: kotlin.String get() = value("f086")
        public val f087: kotlin.String get() = value("f087")
        public val f088: kotlin.String get() = value("f088")
        public val f089: kotlin.String get() = value("f089")
        public val f090: kotlin.String get() = value("f090")
        public val f091: kotlin.String get() = value("f091")
        public val f092: kotlin.String get() = value("f092")
        public val f093: kotlin.String get() = value("f093")
        public val f094: kotlin.String get() = value("f094")
        public val f095: kotlin.String get() = value("f095")
        public val f096: kotlin.String get() = value("f096")
        public val f097: kotlin.String get() = value("f097")
        public val f098: kotlin.String get() = value("f098")
        public val f099: kotlin.String get() = value("f099")
        public val f100: kotlin.String get() = value("f100")
        public val f101: kotlin.String get() = value("f101")
        public val f102: kotlin.String get() = value("f102")
        public val f103: kotlin.String get() = value("f103")
        public val f104: kotlin.String get() = value("f104")
        public val f105: kotlin.String get() = value("f105")
        public val f106: kotlin.String get() = value("f106")
        public val f107: kotlin.String get() = value("f107")
        public val f108: kotlin.String get() = value("f108")
        public val f109: kotlin.String get() = value("f109")
        public val f110: kotlin.String get() = value("f110")
        public val f111: kotlin.String get() = value("f111")
        public val f112: kotlin.String get() = value("f112")
        public val f113: kotlin.String get() = value("f113")
        public val f114: kotlin.String get() = value("f114")
        public val f115: kotlin.String get() = value("f115")
        public val f116: kotlin.String get() = value("f116")
        public val f117: kotlin.String get() = value("f117")
        public val f118: kotlin.String get() = value("f118")
        public val f119: kotlin.String get() = value("f119")
        public val f120: kotlin.String get() = value("f120")
        public val f121: kotlin.String get() = value("f121")
        public val f122: kotlin.String get() = value("f122")
        public val f123: kotlin.String get() = value("f123")
        public val f124: kotlin.String get() = value("f124")
        public val f125: kotlin.String get() = value("f125")
        public val f126: kotlin.String get() = value("f126")
        public val f127: kotlin.String get() = value("f127")
        public val f128: kotlin.String get() = value("f128")
        public val f129: kotlin.String get() = value("f129")
        public val f130: kotlin.String get() = value("f130")
        public val f131: kotlin.String get() = value("f131")
        public val f132: kotlin.String get() = value("f132")
        public val f133: kotlin.String get() = value("f133")
        public val f134: kotlin.String get() = value("f134")
        public val f135: kotlin.String get() = value("f135")
        public val f136: kotlin.String get() = value("f136")
        public val f137: kotlin.String get() = value("f137")
        public val f138: kotlin.String get() = value("f138")
        public val f139: kotlin.String get() = value("f139")
        public val f140: kotlin.String get() = value("f140")
        public val f141: kotlin.String get() = value("f141")
        public val f142: kotlin.String get() = value("f142")
        public val f143: kotlin.String get() = value("f143")
        public val f144: kotlin.String get() = value("f144")
        public val f145: kotlin.String get() = value("f145")
        public val f146: kotlin.String get() = value("f146")
        public val f147: kotlin.String get() = value("f147")
        public val f148: kotlin.String get() = value("f148")
        public val f149: kotlin.String get() = value("f149")
        public val f150: kotlin.String get() = value("f150")
        public val f151: kotlin.String get() = value("f151")
        public val f152: kotlin.String get() = value("f152")
        public val f153: kotlin.String get() = value("f153")
        public val f154: kotlin.String get() = value("f154")
        public val f155: kotlin.String get() = value("f155")
        public val f156: kotlin.String get() = value("f156")
        public val f157: kotlin.String get() = value("f157")
        public val f158: kotlin.String get() = value("f158")
        public val f159: kotlin.String get() = value("f159")
        public val f160: kotlin.String get() = value("f160")
        public val f161: kotlin.String get() = value("f161")
        public val f162: kotlin.String get() = value("f162")
        public val f163: kotlin.String get() = value("f163")
        public val f164: kotlin.String get() = value("f164")
        public val f165: kotlin.String get() = value("f165")
        public val f166: kotlin.String get() = value("f166")
        public val f167: kotlin.String get() = value("f167")
        public val f168: kotlin.String get() = value("f168")
        public val f169: kotlin.String get() = value("f169")
        public val f170: kotlin.String get() = value("f170")
        public val f171: kotlin.String get() = value("f171")
        public val f172: kotlin.String get() = value("f172")
        public val f173: kotlin.String get() = value("f173")
        public val f174: kotlin.String get() = value("f174")
        public val f175: kotlin.String get() = value("f175")
        public val f176: kotlin.String get() = value("f176")
        public val f177: kotlin.String get() = value("f177")
        public val f178: kotlin.String get() = value("f178")
        public val f179: kotlin.String get() = value("f179")
        public val f180: kotlin.String get() = value("f180")
        public val f181: kotlin.String get() = value("f181")
        public val f182: kotlin.String get() = value("f182")
        public val f183: kotlin.String get() = value("f183")
        public val f184: kotlin.String get() = value("f184")
        public val f185: kotlin.String get() = value("f185")
        public val f186: kotlin.String get() = value("f186")
        public val f187: kotlin.String get() = value("f187")
        public val f188: kotlin.String get() = value("f188")
        public val f189: kotlin.String get() = value("f189")
        public val f190: kotlin.String get() = value("f190")
        public val f191: kotlin.String get() = value("f191")
        public val f192: kotlin.String get() = value("f192")
        public val f193: kotlin.String get() = value("f193")
        public val f194: kotlin.String get() = value("f194")
        public val f195: kotlin.String get() = value("f195")
        public val f196: kotlin.String get() = value("f196")
        public val f197: kotlin.String get() = value("f197")
        public val f198: kotlin.String get() = value("f198")
        public val f199: kotlin.String get() = value("f199")
        public val f200: kotlin.String get() = value("f200")
        public val f201: kotlin.String get() = value("f201")
        public val f202: kotlin.String get() = value("f202")
        public val f203: kotlin.String get() = value("f203")
        public val f204: kotlin.String get() = value("f204")
        public val f205: kotlin.String get() = value("f205")
        public val f206: kotlin.String get() = value("f206")
        public val f207: kotlin.String get() = value("f207")
        public val f208: kotlin.String get() = value("f208")
        public val f209: kotlin.String get() = value("f209")
        public val f210: kotlin.String get() = value("f210")
        public val f211: kotlin.String get() = value("f211")
        public val f212: kotlin.String get() = value("f212")
        public val f213: kotlin.String get() = value("f213")
        public val f214: kotlin.String get() = value("f214")
        public val f215: kotlin.String get() = value("f215")
        public val f216: kotlin.String get() = value("f216")
        public val f217: kotlin.String get() = value("f217")
        public val f218: kotlin.String get() = value("f218")
        public val f219: kotlin.String get() = value("f219")
        public val f220: kotlin.String get() = value("f220")
        public val f221: kotlin.String get() = value("f221")
        public val f222: kotlin.String get() = value("f222")
        public val f223: kotlin.String get() = value("f223")
        public val f224: kotlin.String get() = value("f224")
        public val f225: kotlin.String get() = value("f225")
        public val f226: kotlin.String get() = value("f226")
        public val f227: kotlin.String get() = value("f227")
        public val f228: kotlin.String get() = value("f228")
        public val f229: kotlin.String get() = value("f229")
        public val f230: kotlin.String get() = value("f230")
        public val f231: kotlin.String get() = value("f231")
        public val f232: kotlin.String get() = value("f232")
        public val f233: kotlin.String get() = value("f233")
        public val f234: kotlin.String get() = value("f234")
        public val f235: kotlin.String get() = value("f235")
        public val f236: kotlin.String get() = value("f236")
        public val f237: kotlin.String get() = value("f237")
        public val f238: kotlin.String get() = value("f238")
        public val f239: kotlin.String get() = value("f239")
        public val f240: kotlin.String get() = value("f240")
        public val f241: kotlin.String get() = value("f241")
        public val f242: kotlin.String get() = value("f242")
        public val f243: kotlin.String get() = value("f243")
        public val f244: kotlin.String get() = value("f244")
        public val f245: kotlin.String get() = value("f245")
        public val f246: kotlin.String get() = value("f246")
        public val f247: kotlin.String get() = value("f247")
        public val f248: kotlin.String get() = value("f248")
        public val f249: kotlin.String get() = value("f249")

        public class Builder internal constructor(from: Rows.StringsRow?) : com.convexgateway.client.types.WideObject.Builder(from, Rows.StringsRow.Type) {
            public var f000: kotlin.String
                get() = value("f000")
                set(value) = put("f000", value)
            public var f001: kotlin.String
                get() = value("f001")
                set(value) = put("f001", value)
            public var f002: kotlin.String
                get() = value("f002")
                set(value) = put("f002", value)
            public var f003: kotlin.String
                get() = value("f003")
                set(value) = put("f003", value)
            public var f004: kotlin.String
                get() = value("f004")
                set(value) = put("f004", value)
            public var f005: kotlin.String
                get() = value("f005")
                set(value) = put("f005", value)
            public var f006: kotlin.String
                get() = value("f006")
                set(value) = put("f006", value)
            public var f007: kotlin.String
                get() = value("f007")
                set(value) = put("f007", value)
            public var f008: kotlin.String
                get() = value("f008")
                set(value) = put("f008", value)
            public var f009: kotlin.String
                get() = value("f009")
                set(value) = put("f009", value)
            public var f010: kotlin.String
                get() = value("f010")
                set(value) = put("f010", value)
            public var f011: kotlin.String
                get() = value("f011")
                set(value) = put("f011", value)
            public var f012: kotlin.String
                get() = value("f012")
                set(value) = put("f012", value)
            public var f013: kotlin.String
                get() = value("f013")
                set(value) = put("f013", value)
            public var f014: kotlin.String
                get() = value("f014")
                set(value) = put("f014", value)
            public var f015: kotlin.String
                get() = value("f015")
                set(value) = put("f015", value)
            public var f016: kotlin.String
                get() = value("f016")
                set(value) = put("f016", value)
            public var f017: kotlin.String
                get() = value("f017")
                set(value) = put("f017", value)
            public var f018: kotlin.String
                get() = value("f018")
                set(value) = put("f018", value)
            public var f019: kotlin.String
                get() = value("f019")
                set(value) = put("f019", value)
            public var f020: kotlin.String
                get() = value("f020")
                set(value) = put("f020", value)
            public var f021: kotlin.String
                get() = value("f021")
                set(value) = put("f021", value)
            public var f022: kotlin.String
                get() = value("f022")
                set(value) = put("f022", value)
            public var f023: kotlin.String
                get() = value("f023")
                set(value) = put("f023", value)
            public var f024: kotlin.String
                get() = value("f024")
                set(value) = put("f024", value)
            public var f025: kotlin.String
                get() = value("f025")
                set(value) = put("f025", value)
            public var f026: kotlin.String
                get() = value("f026")
                set(value) = put("f026", value)
            public var f027: kotlin.String
                get() = value("f027")
                set(value) = put("f027", value)
            public var f028: kotlin.String
                get() = value("f028")
                set(value) = put("f028", value)
            public var f029: kotlin.String
                get() = value("f029")
                set(value) = put("f029", value)
            public var f030: kotlin.String
                get() = value("f030")
                set(value) = put("f030", value)
            public var f031: kotlin.String
                get() = value("f031")
                set(value) = put("f031", value)
            public var f032: kotlin.String
                get() = value("f032")
                set(value) = put("f032", value)
            public var f033: kotlin.String
                get() = value("f033")
                set(value) = put("f033", value)
            public var f034: kotlin.String
                get() = value("f034")
                set(value) = put("f034", value)
            public var f035: kotlin.String
                get() = value("f035")
                set(value) = put("f035", value)
            public var f036: kotlin.String
                get() = value("f036")
                set(value) = put("f036", value)
            public var f037: kotlin.String
                get() = value("f037")
                set(value) = put("f037", value)
            public var f038: kotlin.String
                get() = value("f038")
                set(value) = put("f038", value)
            public var f039: kotlin.String
                get() = value("f039")
                set(value) = put("f039", value)
            public var f040: kotlin.String
                get() = value("f040")
                set(value) = put("f040", value)
            public var f041: kotlin.String
                get() = value("f041")
                set(value) = put("f041", value)
            public var f042: kotlin.String
                get() = value("f042")
                set(value) = put("f042", value)
            public var f043: kotlin.String
                get() = value("f043")
                set(value) = put("f043", value)
            public var f044: kotlin.String
                get() = value("f044")
                set(value) = put("f044", value)
            public var f045: kotlin.String
                get() = value("f045")
                set(value) = put("f045", value)
            public var f046: kotlin.String
                get() = value("f046")
                set(value) = put("f046", value)
            public var f047: kotlin.String
                get() = value("f047")
                set(value) = put("f047", value)
            public var f048: kotlin.String
                get() = value("f048")
                set(value) = put("f048", value)
            public var f049: kotlin.String
                get() = value("f049")
                set(value) = put("f049", value)
            public var f050: kotlin.String
                get() = value("f050")
                set(value) = put("f050", value)
            public var f051: kotlin.String
                get() = value("f051")
                set(value) = put("f051", value)
            public var f052: kotlin.String
                get() = value("f052")
                set(value) = put("f052", value)
            public var f053: kotlin.String
                get() = value("f053")
                set(value) = put("f053", value)
            public var f054: kotlin.String
                get() = value("f054")
                set(value) = put("f054", value)
            public var f055: kotlin.String
                get() = value("f055")
                set(value) = put("f055", value)
            public var f056: kotlin.String
                get() = value("f056")
                set(value) = put("f056", value)
            public var f057: kotlin.String
                get() = value("f057")
                set(value) = put("f057", value)
            public var f058: kotlin.String
                get() = value("f058")
                set(value) = put("f058", value)
            public var f059: kotlin.String
                get() = value("f059")
                set(value) = put("f059", value)
            public var f060: kotlin.String
                get() = value("f060")
                set(value) = put("f060", value)
            public var f061: kotlin.String
                get() = value("f061")
                set(value) = put("f061", value)
            public var f062: kotlin.String
                get() = value("f062")
                set(value) = put("f062", value)
            public var f063: kotlin.String
                get() = value("f063")
                set(value) = put("f063", value)
            public var f064: kotlin.String
                get() = value("f064")
                set(value) = put("f064", value)
            public var f065: kotlin.String
                get() = value("f065")
                set(value) = put("f065", value)
            public var f066: kotlin.String
                get() = value("f066")
                set(value) = put("f066", value)
            public var f067: kotlin.String
                get() = value("f067")
                set(value) = put("f067", value)
            public var f068: kotlin.String
                get() = value("f068")
                set(value) = put("f068", value)
            public var f069: kotlin.String
                get() = value("f069")
                set(value) = put("f069", value)
            public var f070: kotlin.String
                get() = value("f070")
                set(value) = put("f070", value)
            public var f071: kotlin.String
                get() = value("f071")
                set(value) = put("f071", value)
            public var f072: kotlin.String
                get() = value("f072")
                set(value) = put("f072", value)
            public var f073: kotlin.String
                get() = value("f073")
                set(value) = put("f073", value)
            public var f074: kotlin.String
                get() = value("f074")
                set(value) = put("f074", value)
            public var f075: kotlin.String
                get() = value("f075")
                set(value) = put("f075", value)
            public var f076: kotlin.String
                get() = value("f076")
                set(value) = put("f076", value)
            public var f077: kotlin.String
                get() = value("f077")
                set(value) = put("f077", value)
            public var f078: kotlin.String
                get() = value("f078")
                set(value) = put("f078", value)
            public var f079: kotlin.String
                get() = value("f079")
                set(value) = put("f079", value)
            public var f080: kotlin.String
                get() = value("f080")
                set(value) = put("f080", value)
            public var f081: kotlin.String
                get() = value("f081")
                set(value) = put("f081", value)
            public var f082: kotlin.String
                get() = value("f082")
                set(value) = put("f082", value)
            public var f083: kotlin.String
                get() = value("f083")
                set(value) = put("f083", value)
            public var f084: kotlin.String
                get() = value("f084")
                set(value) = put("f084", value)
            public var f085: kotlin.String
                get() = value("f085")
                set(value) = put("f085", value)
            public var f086: kotlin.String
                get() = value("f086")
                set(value) = put("f086", value)
            public var f087: kotlin.String
                get() = value("f087")
                set(value) = put("f087", value)
            public var f088: kotlin.String
                get() = value("f088")
                set(value) = put("f088", value)
            public var f089: kotlin.String
                get() = value("f089")
                set(value) = put("f089", value)
            public var f090: kotlin.String
                get() = value("f090")
                set(value) = put("f090", value)
            public var f091: kotlin.String
                get() = value("f091")
                set(value) = put("f091", value)
            public var f092: kotlin.String
                get() = value("f092")
                set(value) = put("f092", value)
            public var f093: kotlin.String
                get() = value("f093")
                set(value) = put("f093", value)
            public var f094: kotlin.String
                get() = value("f094")
                set(value) = put("f094", value)
            public var f095: kotlin.String
                get() = value("f095")
                set(value) = put("f095", value)
            public var f096: kotlin.String
                get() = value("f096")
                set(value) = put("f096", value)
            public var f097: kotlin.String
                get() = value("f097")
                set(value) = put("f097", value)
            public var f098: kotlin.String
                get() = value("f098")
                set(value) = put("f098", value)
            public var f099: kotlin.String
                get() = value("f099")
                set(value) = put("f099", value)
            public var f100: kotlin.String
                get() = value("f100")
                set(value) = put("f100", value)
            public var f101: kotlin.String
                get() = value("f101")
                set(value) = put("f101", value)
            public var f102: kotlin.String
                get() = value("f102")
                set(value) = put("f102", value)
            public var f103: kotlin.String
                get() = value("f103")
                set(value) = put("f103", value)
            public var f104: kotlin.String
                get() = value("f104")
                set(value) = put("f104", value)
            public var f105: kotlin.String
                get() = value("f105")
                set(value) = put("f105", value)
            public var f106: kotlin.String
                get() = value("f106")
                set(value) = put("f106", value)
            public var f107: kotlin.String
                get() = value("f107")
                set(value) = put("f107", value)
            public var f108: kotlin.String
                get() = value("f108")
                set(value) = put("f108", value)
            public var f109: kotlin.String
                get() = value("f109")
                set(value) = put("f109", value)
            public var f110: kotlin.String
                get() = value("f110")
                set(value) = put("f110", value)
            public var f111: kotlin.String
                get() = value("f111")
                set(value) = put("f111", value)
            public var f112: kotlin.String
                get() = value("f112")
                set(value) = put("f112", value)
            public var f113: kotlin.String
                get() = value("f113")
                set(value) = put("f113", value)
            public var f114: kotlin.String
                get() = value("f114")
                set(value) = put("f114", value)
            public var f115: kotlin.String
                get() = value("f115")
                set(value) = put("f115", value)
            public var f116: kotlin.String
                get() = value("f116")
                set(value) = put("f116", value)
            public var f117: kotlin.String
                get() = value("f117")
                set(value) = put("f117", value)
            public var f118: kotlin.String
                get() = value("f118")
                set(value) = put("f118", value)
            public var f119: kotlin.String
                get() = value("f119")
                set(value) = put("f119", value)
            public var f120: kotlin.String
                get() = value("f120")
                set(value) = put("f120", value)
            public var f121: kotlin.String
                get() = value("f121")
                set(value) = put("f121", value)
            public var f122: kotlin.String
                get() = value("f122")
                set(value) = put("f122", value)
            public var f123: kotlin.String
                get() = value("f123")
                set(value) = put("f123", value)
            public var f124: kotlin.String
                get() = value("f124")
                set(value) = put("f124", value)
            public var f125: kotlin.String
                get() = value("f125")
                set(value) = put("f125", value)
            public var f126: kotlin.String
                get() = value("f126")
                set(value) = put("f126", value)
            public var f127: kotlin.String
                get() = value("f127")
                set(value) = put("f127", value)
            public var f128: kotlin.String
                get() = value("f128")
                set(value) = put("f128", value)
            public var f129: kotlin.String
                get() = value("f129")
                set(value) = put("f129", value)
            public var f130: kotlin.String
                get() = value("f130")
                set(value) = put("f130", value)
            public var f131: kotlin.String
                get() = value("f131")
                set(value) = put("f131", value)
            public var f132: kotlin.String
                get() = value("f132")
                set(value) = put("f132", value)
            public var f133: kotlin.String
                get() = value("f133")
                set(value) = put("f133", value)
            public var f134: kotlin.String
                get() = value("f134")
                set(value) = put("f134", value)
            public var f135: kotlin.String
                get() = value("f135")
                set(value) = put("f135", value)
            public var f136: kotlin.String
                get() = value("f136")
                set(value) = put("f136", value)
            public var f137: kotlin.String
                get() = value("f137")
                set(value) = put("f137", value)
            public var f138: kotlin.String
                get() = value("f138")
                set(value) = put("f138", value)
            public var f139: kotlin.String
                get() = value("f139")
                set(value) = put("f139", value)
            public var f140: kotlin.String
                get() = value("f140")
                set(value) = put("f140", value)
            public var f141: kotlin.String
                get() = value("f141")
                set(value) = put("f141", value)
            public var f142: kotlin.String
                get() = value("f142")
                set(value) = put("f142", value)
            public var f143: kotlin.String
                get() = value("f143")
                set(value) = put("f143", value)
            public var f144: kotlin.String
                get() = value("f144")
                set(value) = put("f144", value)
            public var f145: kotlin.String
                get() = value("f145")
                set(value) = put("f145", value)
            public var f146: kotlin.String
                get() = value("f146")
                set(value) = put("f146", value)
            public var f147: kotlin.String
                get() = value("f147")
                set(value) = put("f147", value)
            public var f148: kotlin.String
                get() = value("f148")
                set(value) = put("f148", value)
            public var f149: kotlin.String
                get() = value("f149")
                set(value) = put("f149", value)
            public var f150: kotlin.String
                get() = value("f150")
                set(value) = put("f150", value)
            public var f151: kotlin.String
                get() = value("f151")
                set(value) = put("f151", value)
            public var f152: kotlin.String
                get() = value("f152")
                set(value) = put("f152", value)
            public var f153: kotlin.String
                get() = value("f153")
                set(value) = put("f153", value)
            public var f154: kotlin.String
                get() = value("f154")
                set(value) = put("f154", value)
            public var f155: kotlin.String
                get() = value("f155")
                set(value) = put("f155", value)
            public var f156: kotlin.String
                get() = value("f156")
                set(value) = put("f156", value)
            public var f157: kotlin.String
                get() = value("f157")
                set(value) = put("f157", value)
            public var f158: kotlin.String
                get() = value("f158")
                set(value) = put("f158", value)
            public var f159: kotlin.String
                get() = value("f159")
                set(value) = put("f159", value)
            public var f160: kotlin.String
                get() = value("f160")
                set(value) = put("f160", value)
            public var f161: kotlin.String
                get() = value("f161")
                set(value) = put("f161", value)
            public var f162: kotlin.String
                get() = value("f162")
                set(value) = put("f162", value)
            public var f163: kotlin.String
                get() = value("f163")
                set(value) = put("f163", value)
            public var f164: kotlin.String
                get() = value("f164")
                set(value) = put("f164", value)
            public var f165: kotlin.String
                get() = value("f165")
                set(value) = put("f165", value)
            public var f166: kotlin.String
                get() = value("f166")
                set(value) = put("f166", value)
            public var f167: kotlin.String
                get() = value("f167")
                set(value) = put("f167", value)
            public var f168: kotlin.String
                get() = value("f168")
                set(value) = put("f168", value)
            public var f169: kotlin.String
                get() = value("f169")
                set(value) = put("f169", value)
            public var f170: kotlin.String
                get() = value("f170")
                set(value) = put("f170", value)
            public var f171: kotlin.String
                get() = value("f171")
                set(value) = put("f171", value)
            public var f172: kotlin.String
                get() = value("f172")
                set(value) = put("f172", value)
            public var f173: kotlin.String
                get() = value("f173")
                set(value) = put("f173", value)
            public var f174: kotlin.String
                get() = value("f174")
                set(value) = put("f174", value)
            public var f175: kotlin.String
                get() = value("f175")
                set(value) = put("f175", value)
            public var f176: kotlin.String
                get() = value("f176")
                set(value) = put("f176", value)
            public var f177: kotlin.String
                get() = value("f177")
                set(value) = put("f177", value)
            public var f178: kotlin.String
                get() = value("f178")
                set(value) = put("f178", value)
            public var f179: kotlin.String
                get() = value("f179")
                set(value) = put("f179", value)
            public var f180: kotlin.String
                get() = value("f180")
                set(value) = put("f180", value)
            public var f181: kotlin.String
                get() = value("f181")
                set(value) = put("f181", value)
            public var f182: kotlin.String
                get() = value("f182")
                set(value) = put("f182", value)
            public var f183: kotlin.String
                get() = value("f183")
                set(value) = put("f183", value)
            public var f184: kotlin.String
                get() = value("f184")
                set(value) = put("f184", value)
            public var f185: kotlin.String
                get() = value("f185")
                set(value) = put("f185", value)
            public var f186: kotlin.String
                get() = value("f186")
                set(value) = put("f186", value)
            public var f187: kotlin.String
                get() = value("f187")
                set(value) = put("f187", value)
            public var f188: kotlin.String
                get() = value("f188")
                set(value) = put("f188", value)
            public var f189: kotlin.String
                get() = value("f189")
                set(value) = put("f189", value)
            public var f190: kotlin.String
                get() = value("f190")
                set(value) = put("f190", value)
            public var f191: kotlin.String
                get() = value("f191")
                set(value) = put("f191", value)
            public var f192: kotlin.String
                get() = value("f192")
                set(value) = put("f192", value)
            public var f193: kotlin.String
                get() = value("f193")
                set(value) = put("f193", value)
            public var f194: kotlin.String
                get() = value("f194")
                set(value) = put("f194", value)
            public var f195: kotlin.String
                get() = value("f195")
                set(value) = put("f195", value)
            public var f196: kotlin.String
                get() = value("f196")
                set(value) = put("f196", value)
            public var f197: kotlin.String
                get() = value("f197")
                set(value) = put("f197", value)
            public var f198: kotlin.String
                get() = value("f198")
                set(value) = put("f198", value)
            public var f199: kotlin.String
                get() = value("f199")
                set(value) = put("f199", value)
            public var f200: kotlin.String
                get() = value("f200")
                set(value) = put("f200", value)
            public var f201: kotlin.String
                get() = value("f201")
                set(value) = put("f201", value)
            public var f202: kotlin.String
                get() = value("f202")
                set(value) = put("f202", value)
            public var f203: kotlin.String
                get() = value("f203")
                set(value) = put("f203", value)
            public var f204: kotlin.String
                get() = value("f204")
                set(value) = put("f204", value)
            public var f205: kotlin.String
                get() = value("f205")
                set(value) = put("f205", value)
            public var f206: kotlin.String
                get() = value("f206")
                set(value) = put("f206", value)
            public var f207: kotlin.String
                get() = value("f207")
                set(value) = put("f207", value)
            public var f208: kotlin.String
                get() = value("f208")
                set(value) = put("f208", value)
            public var f209: kotlin.String
                get() = value("f209")
                set(value) = put("f209", value)
            public var f210: kotlin.String
                get() = value("f210")
                set(value) = put("f210", value)
            public var f211: kotlin.String
                get() = value("f211")
                set(value) = put("f211", value)
            public var f212: kotlin.String
                get() = value("f212")
                set(value) = put("f212", value)
            public var f213: kotlin.String
                get() = value("f213")
                set(value) = put("f213", value)
            public var f214: kotlin.String
                get() = value("f214")
                set(value) = put("f214", value)
            public var f215: kotlin.String
                get() = value("f215")
                set(value) = put("f215", value)
            public var f216: kotlin.String
                get() = value("f216")
                set(value) = put("f216", value)
            public var f217: kotlin.String
                get() = value("f217")
                set(value) = put("f217", value)
            public var f218: kotlin.String
                get() = value("f218")
                set(value) = put("f218", value)
            public var f219: kotlin.String
                get() = value("f219")
                set(value) = put("f219", value)
            public var f220: kotlin.String
                get() = value("f220")
                set(value) = put("f220", value)
            public var f221: kotlin.String
                get() = value("f221")
                set(value) = put("f221", value)
            public var f222: kotlin.String
                get() = value("f222")
                set(value) = put("f222", value)
            public var f223: kotlin.String
                get() = value("f223")
                set(value) = put("f223", value)
            public var f224: kotlin.String
                get() = value("f224")
                set(value) = put("f224", value)
            public var f225: kotlin.String
                get() = value("f225")
                set(value) = put("f225", value)
            public var f226: kotlin.String
                get() = value("f226")
                set(value) = put("f226", value)
            public var f227: kotlin.String
                get() = value("f227")
                set(value) = put("f227", value)
            public var f228: kotlin.String
                get() = value("f228")
                set(value) = put("f228", value)
            public var f229: kotlin.String
                get() = value("f229")
                set(value) = put("f229", value)
            public var f230: kotlin.String
                get() = value("f230")
                set(value) = put("f230", value)
            public var f231: kotlin.String
                get() = value("f231")
                set(value) = put("f231", value)
            public var f232: kotlin.String
                get() = value("f232")
                set(value) = put("f232", value)
            public var f233: kotlin.String
                get() = value("f233")
                set(value) = put("f233", value)
            public var f234: kotlin.String
                get() = value("f234")
                set(value) = put("f234", value)
            public var f235: kotlin.String
                get() = value("f235")
                set(value) = put("f235", value)
            public var f236: kotlin.String
                get() = value("f236")
                set(value) = put("f236", value)
            public var f237: kotlin.String
                get() = value("f237")
                set(value) = put("f237", value)
            public var f238: kotlin.String
                get() = value("f238")
                set(value) = put("f238", value)
            public var f239: kotlin.String
                get() = value("f239")
                set(value) = put("f239", value)
            public var f240: kotlin.String
                get() = value("f240")
                set(value) = put("f240", value)
            public var f241: kotlin.String
                get() = value("f241")
                set(value) = put("f241", value)
            public var f242: kotlin.String
                get() = value("f242")
                set(value) = put("f242", value)
            public var f243: kotlin.String
                get() = value("f243")
                set(value) = put("f243", value)
            public var f244: kotlin.String
                get() = value("f244")
                set(value) = put("f244", value)
            public var f245: kotlin.String
                get() = value("f245")
                set(value) = put("f245", value)
            public var f246: kotlin.String
                get() = value("f246")
                set(value) = put("f246", value)
            public var f247: kotlin.String
                get() = value("f247")
                set(value) = put("f247", value)
            public var f248: kotlin.String
                get() = value("f248")
                set(value) = put("f248", value)
            public var f249: kotlin.String
                get() = value("f249")
                set(value) = put("f249", value)
        }

        public object Type : com.convexgateway.client.types.WideType<Rows.StringsRow>(
            "StringsRow",
            { Rows.StringsRow(it) },
            Types.required("f000", Types.string),
            Types.required("f001", Types.string),
            Types.required("f002", Types.string),
            Types.required("f003", Types.string),
            Types.required("f004", Types.string),
            Types.required("f005", Types.string),
            Types.required("f006", Types.string),
            Types.required("f007", Types.string),
            Types.required("f008", Types.string),
            Types.required("f009", Types.string),
            Types.required("f010", Types.string),
            Types.required("f011", Types.string),
            Types.required("f012", Types.string),
            Types.required("f013", Types.string),
            Types.required("f014", Types.string),
            Types.required("f015", Types.string),
            Types.required("f016", Types.string),
            Types.required("f017", Types.string),
            Types.required("f018", Types.string),
            Types.required("f019", Types.string),
            Types.required("f020", Types.string),
            Types.required("f021", Types.string),
            Types.required("f022", Types.string),
            Types.required("f023", Types.string),
            Types.required("f024", Types.string),
            Types.required("f025", Types.string),
            Types.required("f026", Types.string),
            Types.required("f027", Types.string),
            Types.required("f028", Types.string),
            Types.required("f029", Types.string),
            Types.required("f030", Types.string),
            Types.required("f031", Types.string),
            Types.required("f032", Types.string),
            Types.required("f033", Types.string),
            Types.required("f034", Types.string),
            Types.required("f035", Types.string),
            Types.required("f036", Types.string),
            Types.required("f037", Types.string),
            Types.required("f038", Types.string),
            Types.required("f039", Types.string),
            Types.required("f040", Types.string),
            Types.required("f041", Types.string),
            Types.required("f042", Types.string),
            Types.required("f043", Types.string),
            Types.required("f044", Types.string),
            Types.required("f045", Types.string),
            Types.required("f046", Types.string),
            Types.required("f047", Types.string),
            Types.required("f048", Types.string),
            Types.required("f049", Types.string),
            Types.required("f050", Types.string),
            Types.required("f051", Types.string),
            Types.required("f052", Types.string),
            Types.required("f053", Types.string),
            Types.required("f054", Types.string),
            Types.required("f055", Types.string),
            Types.required("f056", Types.string),
            Types.required("f057", Types.string),
            Types.required("f058", Types.string),
            Types.required("f059", Types.string),
            Types.required("f060", Types.string),
            Types.required("f061", Types.string),
            Types.required("f062", Types.string),
            Types.required("f063", Types.string),
            Types.required("f064", Types.string),
            Types.required("f065", Types.string),
            Types.required("f066", Types.string),
            Types.required("f067", Types.string),
            Types.required("f068", Types.string),
            Types.required("f069", Types.string),
            Types.required("f070", Types.string),
            Types.required("f071", Types.string),
            Types.required("f072", Types.string),
            Types.required("f073", Types.string),
            Types.required("f074", Types.string),
            Types.required("f075", Types.string),
            Types.required("f076", Types.string),
            Types.required("f077", Types.string),
            Types.required("f078", Types.string),
            Types.required("f079", Types.string),
            Types.required("f080", Types.string),
            Types.required("f081", Types.string),
            Types.required("f082", Types.string),
            Types.required("f083", Types.string),
            Types.required("f084", Types.string),
            Types.required("f085", Types.string),
            Types.required("f086", Types.string),
            Types.required("f087", Types.string),
            Types.required("f088", Types.string),
            Types.required("f089", Types.string),
            Types.required("f090", Types.string),
            Types.required("f091", Types.string),
            Types.required("f092", Types.string),
            Types.required("f093", Types.string),
            Types.required("f094", Types.string),
            Types.required("f095", Types.string),
            Types.required("f096", Types.string),
            Types.required("f097", Types.string),
            Types.required("f098", Types.string),
            Types.required("f099", Types.string),
            Types.required("f100", Types.string),
            Types.required("f101", Types.string),
            Types.required("f102", Types.string),
            Types.required("f103", Types.string),
            Types.required("f104", Types.string),
            Types.required("f105", Types.string),
            Types.required("f106", Types.string),
            Types.required("f107", Types.string),
            Types.required("f108", Types.string),
            Types.required("f109", Types.string),
            Types.required("f110", Types.string),
            Types.required("f111", Types.string),
            Types.required("f112", Types.string),
            Types.required("f113", Types.string),
            Types.required("f114", Types.string),
            Types.required("f115", Types.string),
            Types.required("f116", Types.string),
            Types.required("f117", Types.string),
            Types.required("f118", Types.string),
            Types.required("f119", Types.string),
            Types.required("f120", Types.string),
            Types.required("f121", Types.string),
            Types.required("f122", Types.string),
            Types.required("f123", Types.string),
            Types.required("f124", Types.string),
            Types.required("f125", Types.string),
            Types.required("f126", Types.string),
            Types.required("f127", Types.string),
            Types.required("f128", Types.string),
            Types.required("f129", Types.string),
            Types.required("f130", Types.string),
            Types.required("f131", Types.string),
            Types.required("f132", Types.string),
            Types.required("f133", Types.string),
            Types.required("f134", Types.string),
            Types.required("f135", Types.string),
            Types.required("f136", Types.string),
            Types.required("f137", Types.string),
            Types.required("f138", Types.string),
            Types.required("f139", Types.string),
            Types.required("f140", Types.string),
            Types.required("f141", Types.string),
            Types.required("f142", Types.string),
            Types.required("f143", Types.string),
            Types.required("f144", Types.string),
            Types.required("f145", Types.string),
            Types.required("f146", Types.string),
            Types.required("f147", Types.string),
            Types.required("f148", Types.string),
            Types.required("f149", Types.string),
            Types.required("f150", Types.string),
            Types.required("f151", Types.string),
            Types.required("f152", Types.string),
            Types.required("f153", Types.string),
            Types.required("f154", Types.string),
            Types.required("f155", Types.string),
            Types.required("f156", Types.string),
            Types.required("f157", Types.string),
            Types.required("f158", Types.string),
            Types.required("f159", Types.string),
            Types.required("f160", Types.string),
            Types.required("f161", Types.string),
            Types.required("f162", Types.string),
            Types.required("f163", Types.string),
            Types.required("f164", Types.string),
            Types.required("f165", Types.string),
            Types.required("f166", Types.string),
            Types.required("f167", Types.string),
            Types.required("f168", Types.string),
            Types.required("f169", Types.string),
            Types.required("f170", Types.string),
            Types.required("f171", Types.string),
            Types.required("f172", Types.string),
            Types.required("f173", Types.string),
            Types.required("f174", Types.string),
            Types.required("f175", Types.string),
            Types.required("f176", Types.string),
            Types.required("f177", Types.string),
            Types.required("f178", Types.string),
            Types.required("f179", Types.string),
            Types.required("f180", Types.string),
            Types.required("f181", Types.string),
            Types.required("f182", Types.string),
            Types.required("f183", Types.string),
            Types.required("f184", Types.string),
            Types.required("f185", Types.string),
            Types.required("f186", Types.string),
            Types.required("f187", Types.string),
            Types.required("f188", Types.string),
            Types.required("f189", Types.string),
            Types.required("f190", Types.string),
            Types.required("f191", Types.string),
            Types.required("f192", Types.string),
            Types.required("f193", Types.string),
            Types.required("f194", Types.string),
            Types.required("f195", Types.string),
            Types.required("f196", Types.string),
            Types.required("f197", Types.string),
            Types.required("f198", Types.string),
            Types.required("f199", Types.string),
            Types.required("f200", Types.string),
            Types.required("f201", Types.string),
            Types.required("f202", Types.string),
            Types.required("f203", Types.string),
            Types.required("f204", Types.string),
            Types.required("f205", Types.string),
            Types.required("f206", Types.string),
            Types.required("f207", Types.string),
            Types.required("f208", Types.string),
            Types.required("f209", Types.string),
            Types.required("f210", Types.string),
            Types.required("f211", Types.string),
            Types.required("f212", Types.string),
            Types.required("f213", Types.string),
            Types.required("f214", Types.string),
            Types.required("f215", Types.string),
            Types.required("f216", Types.string),
            Types.required("f217", Types.string),
            Types.required("f218", Types.string),
            Types.required("f219", Types.string),
            Types.required("f220", Types.string),
            Types.required("f221", Types.string),
            Types.required("f222", Types.string),
            Types.required("f223", Types.string),
            Types.required("f224", Types.string),
            Types.required("f225", Types.string),
            Types.required("f226", Types.string),
            Types.required("f227", Types.string),
            Types.required("f228", Types.string),
            Types.required("f229", Types.string),
            Types.required("f230", Types.string),
            Types.required("f231", Types.string),
            Types.required("f232", Types.string),
            Types.required("f233", Types.string),
            Types.required("f234", Types.string),
            Types.required("f235", Types.string),
            Types.required("f236", Types.string),
            Types.required("f237", Types.string),
            Types.required("f238", Types.string),
            Types.required("f239", Types.string),
            Types.required("f240", Types.string),
            Types.required("f241", Types.string),
            Types.required("f242", Types.string),
            Types.required("f243", Types.string),
            Types.required("f244", Types.string),
            Types.required("f245", Types.string),
            Types.required("f246", Types.string),
            Types.required("f247", Types.string),
            Types.required("f248", Types.string),
            Types.required("f249", Types.string),
        )
    }

    @kotlinx.serialization.Serializable(with = Rows.StringsArgs.Type::class)
    public data class StringsArgs(
        public val row: Rows.StringsRow,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Rows.StringsArgs>("StringsArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Rows.StringsArgs = Rows.StringsArgs(
                from.required("row", Rows.StringsRow.Type),
            )

            override fun write(value: Rows.StringsArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("row", value.row, Rows.StringsRow.Type)
            }
        }
    }

    /** The mutation `rows:union`, for fakes. */
    public val union: com.convexgateway.client.MutationFunction<Rows.UnionArgs, Rows.UnionResult>
        get() = Types.mutation("rows:union", Rows.UnionArgs.Type, Rows.UnionResult.Type)

    /** A call of the mutation `rows:union`. */
    public fun union(row: Rows.UnionRow): com.convexgateway.client.Mutation<Rows.UnionResult> =
        this.union.invoke(UnionArgs(row))

    @kotlinx.serialization.Serializable(with = Rows.UnionResultRow.Type::class)
    public sealed interface UnionResultRow {
        @kotlinx.serialization.Serializable(with = Rows.UnionResultRow.None.Type::class)
        public data object None : Rows.UnionResultRow {
            public object Type : com.convexgateway.client.types.ObjectType<Rows.UnionResultRow.None>("None") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Rows.UnionResultRow.None = Rows.UnionResultRow.None

                override fun write(value: Rows.UnionResultRow.None, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "none")
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Rows.UnionResultRow.Wide.Type::class)
        public class Wide private constructor(values: kotlin.collections.Map<kotlin.String, kotlin.Any?>) : com.convexgateway.client.types.WideObject(values), Rows.UnionResultRow {
            public constructor(set: Builder.() -> kotlin.Unit) : this(Builder(null).also { it.set() }.build())

            /** Another one with some fields set otherwise. */
            public fun copy(set: Builder.() -> kotlin.Unit): Rows.UnionResultRow.Wide = Rows.UnionResultRow.Wide(Builder(this).also { it.set() }.build())

            public val f000: kotlin.Double get() = value("f000")
            public val f001: kotlin.Double get() = value("f001")
            public val f002: kotlin.Double get() = value("f002")
            public val f003: kotlin.Double get() = value("f003")
            public val f004: kotlin.Double get() = value("f004")
            public val f005: kotlin.Double get() = value("f005")
            public val f006: kotlin.Double get() = value("f006")
            public val f007: kotlin.Double get() = value("f007")
            public val f008: kotlin.Double get() = value("f008")
            public val f009: kotlin.Double get() = value("f009")
            public val f010: kotlin.Double get() = value("f010")
            public val f011: kotlin.Double get() = value("f011")
            public val f012: kotlin.Double get() = value("f012")
            public val f013: kotlin.Double get() = value("f013")
            public val f014: kotlin.Double get() = value("f014")
            public val f015: kotlin.Double get() = value("f015")
            public val f016: kotlin.Double get() = value("f016")
            public val f017: kotlin.Double get() = value("f017")
            public val f018: kotlin.Double get() = value("f018")
            public val f019: kotlin.Double get() = value("f019")
            public val f020: kotlin.Double get() = value("f020")
            public val f021: kotlin.Double get() = value("f021")
            public val f022: kotlin.Double get() = value("f022")
            public val f023: kotlin.Double get() = value("f023")
            public val f024: kotlin.Double get() = value("f024")
            public val f025: kotlin.Double get() = value("f025")
            public val f026: kotlin.Double get() = value("f026")
            public val f027: kotlin.Double get() = value("f027")
            public val f028: kotlin.Double get() = value("f028")
            public val f029: kotlin.Double get() = value("f029")
            public val f030: kotlin.Double get() = value("f030")
            public val f031: kotlin.Double get() = value("f031")
            public val f032: kotlin.Double get() = value("f032")
            public val f033: kotlin.Double get() = value("f033")
            public val f034: kotlin.Double get() = value("f034")
            public val f035: kotlin.Double get() = value("f035")
            public val f036: kotlin.Double get() = value("f036")
            public val f037: kotlin.Double get() = value("f037")
            public val f038: kotlin.Double get() = value("f038")
            public val f039: kotlin.Double get() = value("f039")
            public val f040: kotlin.Double get() = value("f040")
            public val f041: kotlin.Double get() = value("f041")
            public val f042: kotlin.Double get() = value("f042")
            public val f043: kotlin.Double get() = value("f043")
            public val f044: kotlin.Double get() = value("f044")
            public val f045: kotlin.Double get() = value("f045")
            public val f046: kotlin.Double get() = value("f046")
            public val f047: kotlin.Double get() = value("f047")
            public val f048: kotlin.Double get() = value("f048")
            public val f049: kotlin.Double get() = value("f049")
            public val f050: kotlin.Double get() = value("f050")
            public val f051: kotlin.Double get() = value("f051")
            public val f052: kotlin.Double get() = value("f052")
            public val f053: kotlin.Double get() = value("f053")
            public val f054: kotlin.Double get() = value("f054")
            public val f055: kotlin.Double get() = value("f055")
            public val f056: kotlin.Double get() = value("f056")
            public val f057: kotlin.Double get() = value("f057")
            public val f058: kotlin.Double get() = value("f058")
            public val f059: kotlin.Double get() = value("f059")
            public val f060: kotlin.Double get() = value("f060")
            public val f061: kotlin.Double get() = value("f061")
            public val f062: kotlin.Double get() = value("f062")
            public val f063: kotlin.Double get() = value("f063")
            public val f064: kotlin.Double get() = value("f064")
            public val f065: kotlin.Double get() = value("f065")
            public val f066: kotlin.Double get() = value("f066")
            public val f067: kotlin.Double get() = value("f067")
            public val f068: kotlin.Double get() = value("f068")
            public val f069: kotlin.Double get() = value("f069")
            public val f070: kotlin.Double get() = value("f070")
            public val f071: kotlin.Double get() = value("f071")
            public val f072: kotlin.Double get() = value("f072")
            public val f073: kotlin.Double get() = value("f073")
            public val f074: kotlin.Double get() = value("f074")
            public val f075: kotlin.Double get() = value("f075")
            public val f076: kotlin.Double get() = value("f076")
            public val f077: kotlin.Double get() = value("f077")
            public val f078: kotlin.Double get() = value("f078")
            public val f079: kotlin.Double get() = value("f079")
            public val f080: kotlin.Double get() = value("f080")
            public val f081: kotlin.Double get() = value("f081")
            public val f082: kotlin.Double get() = value("f082")
            public val f083: kotlin.Double get() = value("f083")
            public val f084: kotlin.Double get() = value("f084")
            public val f085: kotlin.Double get() = value("f085")
            public val f086: kotlin.Double get() = value("f086")
            public val f087: kotlin.Double get() = value("f087")
            public val f088: kotlin.Double get() = value("f088")
            public val f089: kotlin.Double get() = value("f089")
            public val f090: kotlin.Double get() = value("f090")
            public val f091: kotlin.Double get() = value("f091")
            public val f092: kotlin.Double get() = value("f092")
            public val f093: kotlin.Double get() = value("f093")
            public val f094: kotlin.Double get() = value("f094")
            public val f095: kotlin.Double get() = value("f095")
            public val f096: kotlin.Double get() = value("f096")
            public val f097: kotlin.Double get() = value("f097")
            public val f098: kotlin.Double get() = value("f098")
            public val f099: kotlin.Double get() = value("f099")
            public val f100: kotlin.Double get() = value("f100")
            public val f101: kotlin.Double get() = value("f101")
            public val f102: kotlin.Double get() = value("f102")
            public val f103: kotlin.Double get() = value("f103")
            public val f104: kotlin.Double get() = value("f104")
            public val f105: kotlin.Double get() = value("f105")
            public val f106: kotlin.Double get() = value("f106")
            public val f107: kotlin.Double get() = value("f107")
            public val f108: kotlin.Double get() = value("f108")
            public val f109: kotlin.Double get() = value("f109")
            public val f110: kotlin.Double get() = value("f110")
            public val f111: kotlin.Double get() = value("f111")
            public val f112: kotlin.Double get() = value("f112")
            public val f113: kotlin.Double get() = value("f113")
            public val f114: kotlin.Double get() = value("f114")
            public val f115: kotlin.Double get() = value("f115")
            public val f116: kotlin.Double get() = value("f116")
            public val f117: kotlin.Double get() = value("f117")
            public val f118: kotlin.Double get() = value("f118")
            public val f119: kotlin.Double get() = value("f119")
            public val f120: kotlin.Double get() = value("f120")
            public val f121: kotlin.Double get() = value("f121")
            public val f122: kotlin.Double get() = value("f122")
            public val f123: kotlin.Double get() = value("f123")
            public val f124: kotlin.Double get() = value("f124")
            public val f125: kotlin.Double get() = value("f125")
            public val f126: kotlin.Double get() = value("f126")
            public val f127: kotlin.Double get() = value("f127")
            public val f128: kotlin.Double get() = value("f128")
            public val f129: kotlin.Double get() = value("f129")

            public class Builder internal constructor(from: Rows.UnionResultRow.Wide?) : com.convexgateway.client.types.WideObject.Builder(from, Rows.UnionResultRow.Wide.Type) {
                public var f000: kotlin.Double
                    get() = value("f000")
                    set(value) = put("f000", value)
                public var f001: kotlin.Double
                    get() = value("f001")
                    set(value) = put("f001", value)
                public var f002: kotlin.Double
                    get() = value("f002")
                    set(value) = put("f002", value)
                public var f003: kotlin.Double
                    get() = value("f003")
                    set(value) = put("f003", value)
                public var f004: kotlin.Double
                    get() = value("f004")
                    set(value) = put("f004", value)
                public var f005: kotlin.Double
                    get() = value("f005")
                    set(value) = put("f005", value)
                public var f006: kotlin.Double
                    get() = value("f006")
                    set(value) = put("f006", value)
                public var f007: kotlin.Double
                    get() = value("f007")
                    set(value) = put("f007", value)
                public var f008: kotlin.Double
                    get() = value("f008")
                    set(value) = put("f008", value)
                public var f009: kotlin.Double
                    get() = value("f009")
                    set(value) = put("f009", value)
                public var f010: kotlin.Double
                    get() = value("f010")
                    set(value) = put("f010", value)
                public var f011: kotlin.Double
                    get() = value("f011")
                    set(value) = put("f011", value)
                public var f012: kotlin.Double
                    get() = value("f012")
                    set(value) = put("f012", value)
                public var f013: kotlin.Double
                    get() = value("f013")
                    set(value) = put("f013", value)
                public var f014: kotlin.Double
                    get() = value("f014")
                    set(value) = put("f014", value)
                public var f015: kotlin.Double
                    get() = value("f015")
                    set(value) = put("f015", value)
                public var f016: kotlin.Double
                    get() = value("f016")
                    set(value) = put("f016", value)
                public var f017: kotlin.Double
                    get() = value("f017")
                    set(value) = put("f017", value)
                public var f018: kotlin.Double
                    get() = value("f018")
                    set(value) = put("f018", value)
                public var f019: kotlin.Double
                    get() = value("f019")
                    set(value) = put("f019", value)
                public var f020: kotlin.Double
                    get() = value("f020")
                    set(value) = put("f020", value)
                public var f021: kotlin.Double
                    get() = value("f021")
                    set(value) = put("f021", value)
                public var f022: kotlin.Double
                    get() = value("f022")
                    set(value) = put("f022", value)
                public var f023: kotlin.Double
                    get() = value("f023")
                    set(value) = put("f023", value)
                public var f024: kotlin.Double
                    get() = value("f024")
                    set(value) = put("f024", value)
                public var f025: kotlin.Double
                    get() = value("f025")
                    set(value) = put("f025", value)
                public var f026: kotlin.Double
                    get() = value("f026")
                    set(value) = put("f026", value)
                public var f027: kotlin.Double
                    get() = value("f027")
                    set(value) = put("f027", value)
                public var f028: kotlin.Double
                    get() = value("f028")
                    set(value) = put("f028", value)
                public var f029: kotlin.Double
                    get() = value("f029")
                    set(value) = put("f029", value)
                public var f030: kotlin.Double
                    get() = value("f030")
                    set(value) = put("f030", value)
                public var f031: kotlin.Double
                    get() = value("f031")
                    set(value) = put("f031", value)
                public var f032: kotlin.Double
                    get() = value("f032")
                    set(value) = put("f032", value)
                public var f033: kotlin.Double
                    get() = value("f033")
                    set(value) = put("f033", value)
                public var f034: kotlin.Double
                    get() = value("f034")
                    set(value) = put("f034", value)
                public var f035: kotlin.Double
                    get() = value("f035")
                    set(value) = put("f035", value)
                public var f036: kotlin.Double
                    get() = value("f036")
                    set(value) = put("f036", value)
                public var f037: kotlin.Double
                    get() = value("f037")
                    set(value) = put("f037", value)
                public var f038: kotlin.Double
                    get() = value("f038")
                    set(value) = put("f038", value)
                public var f039: kotlin.Double
                    get() = value("f039")
                    set(value) = put("f039", value)
                public var f040: kotlin.Double
                    get() = value("f040")
                    set(value) = put("f040", value)
                public var f041: kotlin.Double
                    get() = value("f041")
                    set(value) = put("f041", value)
                public var f042: kotlin.Double
                    get() = value("f042")
                    set(value) = put("f042", value)
                public var f043: kotlin.Double
                    get() = value("f043")
                    set(value) = put("f043", value)
                public var f044: kotlin.Double
                    get() = value("f044")
                    set(value) = put("f044", value)
                public var f045: kotlin.Double
                    get() = value("f045")
                    set(value) = put("f045", value)
                public var f046: kotlin.Double
                    get() = value("f046")
                    set(value) = put("f046", value)
                public var f047: kotlin.Double
                    get() = value("f047")
                    set(value) = put("f047", value)
                public var f048: kotlin.Double
                    get() = value("f048")
                    set(value) = put("f048", value)
                public var f049: kotlin.Double
                    get() = value("f049")
                    set(value) = put("f049", value)
                public var f050: kotlin.Double
                    get() = value("f050")
                    set(value) = put("f050", value)
                public var f051: kotlin.Double
                    get() = value("f051")
                    set(value) = put("f051", value)
                public var f052: kotlin.Double
                    get() = value("f052")
                    set(value) = put("f052", value)
                public var f053: kotlin.Double
                    get() = value("f053")
                    set(value) = put("f053", value)
                public var f054: kotlin.Double
                    get() = value("f054")
                    set(value) = put("f054", value)
                public var f055: kotlin.Double
                    get() = value("f055")
                    set(value) = put("f055", value)
                public var f056: kotlin.Double
                    get() = value("f056")
                    set(value) = put("f056", value)
                public var f057: kotlin.Double
                    get() = value("f057")
                    set(value) = put("f057", value)
                public var f058: kotlin.Double
                    get() = value("f058")
                    set(value) = put("f058", value)
                public var f059: kotlin.Double
                    get() = value("f059")
                    set(value) = put("f059", value)
                public var f060: kotlin.Double
                    get() = value("f060")
                    set(value) = put("f060", value)
                public var f061: kotlin.Double
                    get() = value("f061")
                    set(value) = put("f061", value)
                public var f062: kotlin.Double
                    get() = value("f062")
                    set(value) = put("f062", value)
                public var f063: kotlin.Double
                    get() = value("f063")
                    set(value) = put("f063", value)
                public var f064: kotlin.Double
                    get() = value("f064")
                    set(value) = put("f064", value)
                public var f065: kotlin.Double
                    get() = value("f065")
                    set(value) = put("f065", value)
                public var f066: kotlin.Double
                    get() = value("f066")
                    set(value) = put("f066", value)
                public var f067: kotlin.Double
                    get() = value("f067")
                    set(value) = put("f067", value)
                public var f068: kotlin.Double
                    get() = value("f068")
                    set(value) = put("f068", value)
                public var f069: kotlin.Double
                    get() = value("f069")
                    set(value) = put("f069", value)
                public var f070: kotlin.Double
                    get() = value("f070")
                    set(value) = put("f070", value)
                public var f071: kotlin.Double
                    get() = value("f071")
                    set(value) = put("f071", value)
                public var f072: kotlin.Double
                    get() = value("f072")
                    set(value) = put("f072", value)
                public var f073: kotlin.Double
                    get() = value("f073")
                    set(value) = put("f073", value)
                public var f074: kotlin.Double
                    get() = value("f074")
                    set(value) = put("f074", value)
                public var f075: kotlin.Double
                    get() = value("f075")
                    set(value) = put("f075", value)
                public var f076: kotlin.Double
                    get() = value("f076")
                    set(value) = put("f076", value)
                public var f077: kotlin.Double
                    get() = value("f077")
                    set(value) = put("f077", value)
                public var f078: kotlin.Double
                    get() = value("f078")
                    set(value) = put("f078", value)
                public var f079: kotlin.Double
                    get() = value("f079")
                    set(value) = put("f079", value)
                public var f080: kotlin.Double
                    get() = value("f080")
                    set(value) = put("f080", value)
                public var f081: kotlin.Double
                    get() = value("f081")
                    set(value) = put("f081", value)
                public var f082: kotlin.Double
                    get() = value("f082")
                    set(value) = put("f082", value)
                public var f083: kotlin.Double
                    get() = value("f083")
                    set(value) = put("f083", value)
                public var f084: kotlin.Double
                    get() = value("f084")
                    set(value) = put("f084", value)
                public var f085: kotlin.Double
                    get() = value("f085")
                    set(value) = put("f085", value)
                public var f086: kotlin.Double
                    get() = value("f086")
                    set(value) = put("f086", value)
                public var f087: kotlin.Double
                    get() = value("f087")
                    set(value) = put("f087", value)
                public var f088: kotlin.Double
                    get() = value("f088")
                    set(value) = put("f088", value)
                public var f089: kotlin.Double
                    get() = value("f089")
                    set(value) = put("f089", value)
                public var f090: kotlin.Double
                    get() = value("f090")
                    set(value) = put("f090", value)
                public var f091: kotlin.Double
                    get() = value("f091")
                    set(value) = put("f091", value)
                public var f092: kotlin.Double
                    get() = value("f092")
                    set(value) = put("f092", value)
                public var f093: kotlin.Double
                    get() = value("f093")
                    set(value) = put("f093", value)
                public var f094: kotlin.Double
                    get() = value("f094")
                    set(value) = put("f094", value)
                public var f095: kotlin.Double
                    get() = value("f095")
                    set(value) = put("f095", value)
                public var f096: kotlin.Double
                    get() = value("f096")
                    set(value) = put("f096", value)
                public var f097: kotlin.Double
                    get() = value("f097")
                    set(value) = put("f097", value)
                public var f098: kotlin.Double
                    get() = value("f098")
                    set(value) = put("f098", value)
                public var f099: kotlin.Double
                    get() = value("f099")
                    set(value) = put("f099", value)
                public var f100: kotlin.Double
                    get() = value("f100")
                    set(value) = put("f100", value)
                public var f101: kotlin.Double
                    get() = value("f101")
                    set(value) = put("f101", value)
                public var f102: kotlin.Double
                    get() = value("f102")
                    set(value) = put("f102", value)
                public var f103: kotlin.Double
                    get() = value("f103")
                    set(value) = put("f103", value)
                public var f104: kotlin.Double
                    get() = value("f104")
                    set(value) = put("f104", value)
                public var f105: kotlin.Double
                    get() = value("f105")
                    set(value) = put("f105", value)
                public var f106: kotlin.Double
                    get() = value("f106")
                    set(value) = put("f106", value)
                public var f107: kotlin.Double
                    get() = value("f107")
                    set(value) = put("f107", value)
                public var f108: kotlin.Double
                    get() = value("f108")
                    set(value) = put("f108", value)
                public var f109: kotlin.Double
                    get() = value("f109")
                    set(value) = put("f109", value)
                public var f110: kotlin.Double
                    get() = value("f110")
                    set(value) = put("f110", value)
                public var f111: kotlin.Double
                    get() = value("f111")
                    set(value) = put("f111", value)
                public var f112: kotlin.Double
                    get() = value("f112")
                    set(value) = put("f112", value)
                public var f113: kotlin.Double
                    get() = value("f113")
                    set(value) = put("f113", value)
                public var f114: kotlin.Double
                    get() = value("f114")
                    set(value) = put("f114", value)
                public var f115: kotlin.Double
                    get() = value("f115")
                    set(value) = put("f115", value)
                public var f116: kotlin.Double
                    get() = value("f116")
                    set(value) = put("f116", value)
                public var f117: kotlin.Double
                    get() = value("f117")
                    set(value) = put("f117", value)
                public var f118: kotlin.Double
                    get() = value("f118")
                    set(value) = put("f118", value)
                public var f119: kotlin.Double
                    get() = value("f119")
                    set(value) = put("f119", value)
                public var f120: kotlin.Double
                    get() = value("f120")
                    set(value) = put("f120", value)
                public var f121: kotlin.Double
                    get() = value("f121")
                    set(value) = put("f121", value)
                public var f122: kotlin.Double
                    get() = value("f122")
                    set(value) = put("f122", value)
                public var f123: kotlin.Double
                    get() = value("f123")
                    set(value) = put("f123", value)
                public var f124: kotlin.Double
                    get() = value("f124")
                    set(value) = put("f124", value)
                public var f125: kotlin.Double
                    get() = value("f125")
                    set(value) = put("f125", value)
                public var f126: kotlin.Double
                    get() = value("f126")
                    set(value) = put("f126", value)
                public var f127: kotlin.Double
                    get() = value("f127")
                    set(value) = put("f127", value)
                public var f128: kotlin.Double
                    get() = value("f128")
                    set(value) = put("f128", value)
                public var f129: kotlin.Double
                    get() = value("f129")
                    set(value) = put("f129", value)
            }

            public object Type : com.convexgateway.client.types.WideType<Rows.UnionResultRow.Wide>(
                "Wide",
                { Rows.UnionResultRow.Wide(it) },
                Types.literal("kind", "wide"),
                Types.required("f000", Types.number),
                Types.required("f001", Types.number),
                Types.required("f002", Types.number),
                Types.required("f003", Types.number),
                Types.required("f004", Types.number),
                Types.required("f005", Types.number),
                Types.required("f006", Types.number),
                Types.required("f007", Types.number),
                Types.required("f008", Types.number),
                Types.required("f009", Types.number),
                Types.required("f010", Types.number),
                Types.required("f011", Types.number),
                Types.required("f012", Types.number),
                Types.required("f013", Types.number),
                Types.required("f014", Types.number),
                Types.required("f015", Types.number),
                Types.required("f016", Types.number),
                Types.required("f017", Types.number),
                Types.required("f018", Types.number),
                Types.required("f019", Types.number),
                Types.required("f020", Types.number),
                Types.required("f021", Types.number),
                Types.required("f022", Types.number),
                Types.required("f023", Types.number),
                Types.required("f024", Types.number),
                Types.required("f025", Types.number),
                Types.required("f026", Types.number),
                Types.required("f027", Types.number),
                Types.required("f028", Types.number),
                Types.required("f029", Types.number),
                Types.required("f030", Types.number),
                Types.required("f031", Types.number),
                Types.required("f032", Types.number),
                Types.required("f033", Types.number),
                Types.required("f034", Types.number),
                Types.required("f035", Types.number),
                Types.required("f036", Types.number),
                Types.required("f037", Types.number),
                Types.required("f038", Types.number),
                Types.required("f039", Types.number),
                Types.required("f040", Types.number),
                Types.required("f041", Types.number),
                Types.required("f042", Types.number),
                Types.required("f043", Types.number),
                Types.required("f044", Types.number),
                Types.required("f045", Types.number),
                Types.required("f046", Types.number),
                Types.required("f047", Types.number),
                Types.required("f048", Types.number),
                Types.required("f049", Types.number),
                Types.required("f050", Types.number),
                Types.required("f051", Types.number),
                Types.required("f052", Types.number),
                Types.required("f053", Types.number),
                Types.required("f054", Types.number),
                Types.required("f055", Types.number),
                Types.required("f056", Types.number),
                Types.required("f057", Types.number),
                Types.required("f058", Types.number),
                Types.required("f059", Types.number),
                Types.required("f060", Types.number),
                Types.required("f061", Types.number),
                Types.required("f062", Types.number),
                Types.required("f063", Types.number),
                Types.required("f064", Types.number),
                Types.required("f065", Types.number),
                Types.required("f066", Types.number),
                Types.required("f067", Types.number),
                Types.required("f068", Types.number),
                Types.required("f069", Types.number),
                Types.required("f070", Types.number),
                Types.required("f071", Types.number),
                Types.required("f072", Types.number),
                Types.required("f073", Types.number),
                Types.required("f074", Types.number),
                Types.required("f075", Types.number),
                Types.required("f076", Types.number),
                Types.required("f077", Types.number),
                Types.required("f078", Types.number),
                Types.required("f079", Types.number),
                Types.required("f080", Types.number),
                Types.required("f081", Types.number),
                Types.required("f082", Types.number),
                Types.required("f083", Types.number),
                Types.required("f084", Types.number),
                Types.required("f085", Types.number),
                Types.required("f086", Types.number),
                Types.required("f087", Types.number),
                Types.required("f088", Types.number),
                Types.required("f089", Types.number),
                Types.required("f090", Types.number),
                Types.required("f091", Types.number),
                Types.required("f092", Types.number),
                Types.required("f093", Types.number),
                Types.required("f094", Types.number),
                Types.required("f095", Types.number),
                Types.required("f096", Types.number),
                Types.required("f097", Types.number),
                Types.required("f098", Types.number),
                Types.required("f099", Types.number),
                Types.required("f100", Types.number),
                Types.required("f101", Types.number),
                Types.required("f102", Types.number),
                Types.required("f103", Types.number),
                Types.required("f104", Types.number),
                Types.required("f105", Types.number),
                Types.required("f106", Types.number),
                Types.required("f107", Types.number),
                Types.required("f108", Types.number),
                Types.required("f109", Types.number),
                Types.required("f110", Types.number),
                Types.required("f111", Types.number),
                Types.required("f112", Types.number),
                Types.required("f113", Types.number),
                Types.required("f114", Types.number),
                Types.required("f115", Types.number),
                Types.required("f116", Types.number),
                Types.required("f117", Types.number),
                Types.required("f118", Types.number),
                Types.required("f119", Types.number),
                Types.required("f120", Types.number),
                Types.required("f121", Types.number),
                Types.required("f122", Types.number),
                Types.required("f123", Types.number),
                Types.required("f124", Types.number),
                Types.required("f125", Types.number),
                Types.required("f126", Types.number),
                Types.required("f127", Types.number),
                Types.required("f128", Types.number),
                Types.required("f129", Types.number),
            )
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Rows.UnionResultRow

        public object Type : com.convexgateway.client.types.ConvexType<Rows.UnionResultRow>("UnionResultRow") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Rows.UnionResultRow = when {
                Types.has(json, "kind", "none") -> Rows.UnionResultRow.None.Type.read(json)
                Types.has(json, "kind", "wide") -> Rows.UnionResultRow.Wide.Type.read(json)
                else -> Rows.UnionResultRow.Unknown(json)
            }

            override fun write(value: Rows.UnionResultRow): kotlinx.serialization.json.JsonElement = when (value) {
                is Rows.UnionResultRow.None -> Rows.UnionResultRow.None.Type.write(value)
                is Rows.UnionResultRow.Wide -> Rows.UnionResultRow.Wide.Type.write(value)
                is Rows.UnionResultRow.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Rows.UnionResult.Type::class)
    public data class UnionResult(
        public val row: Rows.UnionResultRow,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Rows.UnionResult>("UnionResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Rows.UnionResult = Rows.UnionResult(
                from.required("row", Rows.UnionResultRow.Type),
            )

            override fun write(value: Rows.UnionResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("row", value.row, Rows.UnionResultRow.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Rows.UnionRow.Type::class)
    public sealed interface UnionRow {
        @kotlinx.serialization.Serializable(with = Rows.UnionRow.None.Type::class)
        public data object None : Rows.UnionRow {
            public object Type : com.convexgateway.client.types.ObjectType<Rows.UnionRow.None>("None") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Rows.UnionRow.None = Rows.UnionRow.None

                override fun write(value: Rows.UnionRow.None, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "none")
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Rows.UnionRow.Wide.Type::class)
        public class Wide private constructor(values: kotlin.collections.Map<kotlin.String, kotlin.Any?>) : com.convexgateway.client.types.WideObject(values), Rows.UnionRow {
            public constructor(set: Builder.() -> kotlin.Unit) : this(Builder(null).also { it.set() }.build())

            /** Another one with some fields set otherwise. */
            public fun copy(set: Builder.() -> kotlin.Unit): Rows.UnionRow.Wide = Rows.UnionRow.Wide(Builder(this).also { it.set() }.build())

            public val f000: kotlin.Double get() = value("f000")
            public val f001: kotlin.Double get() = value("f001")
            public val f002: kotlin.Double get() = value("f002")
            public val f003: kotlin.Double get() = value("f003")
            public val f004: kotlin.Double get() = value("f004")
            public val f005: kotlin.Double get() = value("f005")
            public val f006: kotlin.Double get() = value("f006")
            public val f007: kotlin.Double get() = value("f007")
            public val f008: kotlin.Double get() = value("f008")
            public val f009: kotlin.Double get() = value("f009")
            public val f010: kotlin.Double get() = value("f010")
            public val f011: kotlin.Double get() = value("f011")
            public val f012: kotlin.Double get() = value("f012")
            public val f013: kotlin.Double get() = value("f013")
            public val f014: kotlin.Double get() = value("f014")
            public val f015: kotlin.Double get() = value("f015")
            public val f016: kotlin.Double get() = value("f016")
            public val f017: kotlin.Double get() = value("f017")
            public val f018: kotlin.Double get() = value("f018")
            public val f019: kotlin.Double get() = value("f019")
            public val f020: kotlin.Double get() = value("f020")
            public val f021: kotlin.Double get() = value("f021")
            public val f022: kotlin.Double get() = value("f022")
            public val f023: kotlin.Double get() = value("f023")
            public val f024: kotlin.Double get() = value("f024")
            public val f025: kotlin.Double get() = value("f025")
            public val f026: kotlin.Double get() = value("f026")
            public val f027: kotlin.Double get() = value("f027")
            public val f028: kotlin.Double get() = value("f028")
            public val f029: kotlin.Double get() = value("f029")
            public val f030: kotlin.Double get() = value("f030")
            public val f031: kotlin.Double get() = value("f031")
            public val f032: kotlin.Double get() = value("f032")
            public val f033: kotlin.Double get() = value("f033")
            public val f034: kotlin.Double get() = value("f034")
            public val f035: kotlin.Double get() = value("f035")
            public val f036: kotlin.Double get() = value("f036")
            public val f037: kotlin.Double get() = value("f037")
            public val f038: kotlin.Double get() = value("f038")
            public val f039: kotlin.Double get() = value("f039")
            public val f040: kotlin.Double get() = value("f040")
            public val f041: kotlin.Double get() = value("f041")
            public val f042: kotlin.Double get() = value("f042")
            public val f043: kotlin.Double get() = value("f043")
            public val f044: kotlin.Double get() = value("f044")
            public val f045: kotlin.Double get() = value("f045")
            public val f046: kotlin.Double get() = value("f046")
            public val f047: kotlin.Double get() = value("f047")
            public val f048: kotlin.Double get() = value("f048")
            public val f049: kotlin.Double get() = value("f049")
            public val f050: kotlin.Double get() = value("f050")
            public val f051: kotlin.Double get() = value("f051")
            public val f052: kotlin.Double get() = value("f052")
            public val f053: kotlin.Double get() = value("f053")
            public val f054: kotlin.Double get() = value("f054")
            public val f055: kotlin.Double get() = value("f055")
            public val f056: kotlin.Double get() = value("f056")
            public val f057: kotlin.Double get() = value("f057")
            public val f058: kotlin.Double get() = value("f058")
            public val f059: kotlin.Double get() = value("f059")
            public val f060: kotlin.Double get() = value("f060")
            public val f061: kotlin.Double get() = value("f061")
            public val f062: kotlin.Double get() = value("f062")
            public val f063: kotlin.Double get() = value("f063")
            public val f064: kotlin.Double get() = value("f064")
            public val f065: kotlin.Double get() = value("f065")
            public val f066: kotlin.Double get() = value("f066")
            public val f067: kotlin.Double get() = value("f067")
            public val f068: kotlin.Double get() = value("f068")
            public val f069: kotlin.Double get() = value("f069")
            public val f070: kotlin.Double get() = value("f070")
            public val f071: kotlin.Double get() = value("f071")
            public val f072: kotlin.Double get() = value("f072")
            public val f073: kotlin.Double get() = value("f073")
            public val f074: kotlin.Double get() = value("f074")
            public val f075: kotlin.Double get() = value("f075")
            public val f076: kotlin.Double get() = value("f076")
            public val f077: kotlin.Double get() = value("f077")
            public val f078: kotlin.Double get() = value("f078")
            public val f079: kotlin.Double get() = value("f079")
            public val f080: kotlin.Double get() = value("f080")
            public val f081: kotlin.Double get() = value("f081")
            public val f082: kotlin.Double get() = value("f082")
            public val f083: kotlin.Double get() = value("f083")
            public val f084: kotlin.Double get() = value("f084")
            public val f085: kotlin.Double get() = value("f085")
            public val f086: kotlin.Double get() = value("f086")
            public val f087: kotlin.Double get() = value("f087")
            public val f088: kotlin.Double get() = value("f088")
            public val f089: kotlin.Double get() = value("f089")
            public val f090: kotlin.Double get() = value("f090")
            public val f091: kotlin.Double get() = value("f091")
            public val f092: kotlin.Double get() = value("f092")
            public val f093: kotlin.Double get() = value("f093")
            public val f094: kotlin.Double get() = value("f094")
            public val f095: kotlin.Double get() = value("f095")
            public val f096: kotlin.Double get() = value("f096")
            public val f097: kotlin.Double get() = value("f097")
            public val f098: kotlin.Double get() = value("f098")
            public val f099: kotlin.Double get() = value("f099")
            public val f100: kotlin.Double get() = value("f100")
            public val f101: kotlin.Double get() = value("f101")
            public val f102: kotlin.Double get() = value("f102")
            public val f103: kotlin.Double get() = value("f103")
            public val f104: kotlin.Double get() = value("f104")
            public val f105: kotlin.Double get() = value("f105")
            public val f106: kotlin.Double get() = value("f106")
            public val f107: kotlin.Double get() = value("f107")
            public val f108: kotlin.Double get() = value("f108")
            public val f109: kotlin.Double get() = value("f109")
            public val f110: kotlin.Double get() = value("f110")
            public val f111: kotlin.Double get() = value("f111")
            public val f112: kotlin.Double get() = value("f112")
            public val f113: kotlin.Double get() = value("f113")
            public val f114: kotlin.Double get() = value("f114")
            public val f115: kotlin.Double get() = value("f115")
            public val f116: kotlin.Double get() = value("f116")
            public val f117: kotlin.Double get() = value("f117")
            public val f118: kotlin.Double get() = value("f118")
            public val f119: kotlin.Double get() = value("f119")
            public val f120: kotlin.Double get() = value("f120")
            public val f121: kotlin.Double get() = value("f121")
            public val f122: kotlin.Double get() = value("f122")
            public val f123: kotlin.Double get() = value("f123")
            public val f124: kotlin.Double get() = value("f124")
            public val f125: kotlin.Double get() = value("f125")
            public val f126: kotlin.Double get() = value("f126")
            public val f127: kotlin.Double get() = value("f127")
            public val f128: kotlin.Double get() = value("f128")
            public val f129: kotlin.Double get() = value("f129")

            public class Builder internal constructor(from: Rows.UnionRow.Wide?) : com.convexgateway.client.types.WideObject.Builder(from, Rows.UnionRow.Wide.Type) {
                public var f000: kotlin.Double
                    get() = value("f000")
                    set(value) = put("f000", value)
                public var f001: kotlin.Double
                    get() = value("f001")
                    set(value) = put("f001", value)
                public var f002: kotlin.Double
                    get() = value("f002")
                    set(value) = put("f002", value)
                public var f003: kotlin.Double
                    get() = value("f003")
                    set(value) = put("f003", value)
                public var f004: kotlin.Double
                    get() = value("f004")
                    set(value) = put("f004", value)
                public var f005: kotlin.Double
                    get() = value("f005")
                    set(value) = put("f005", value)
                public var f006: kotlin.Double
                    get() = value("f006")
                    set(value) = put("f006", value)
                public var f007: kotlin.Double
                    get() = value("f007")
                    set(value) = put("f007", value)
                public var f008: kotlin.Double
                    get() = value("f008")
                    set(value) = put("f008", value)
                public var f009: kotlin.Double
                    get() = value("f009")
                    set(value) = put("f009", value)
                public var f010: kotlin.Double
                    get() = value("f010")
                    set(value) = put("f010", value)
                public var f011: kotlin.Double
                    get() = value("f011")
                    set(value) = put("f011", value)
                public var f012: kotlin.Double
                    get() = value("f012")
                    set(value) = put("f012", value)
                public var f013: kotlin.Double
                    get() = value("f013")
                    set(value) = put("f013", value)
                public var f014: kotlin.Double
                    get() = value("f014")
                    set(value) = put("f014", value)
                public var f015: kotlin.Double
                    get() = value("f015")
                    set(value) = put("f015", value)
                public var f016: kotlin.Double
                    get() = value("f016")
                    set(value) = put("f016", value)
                public var f017: kotlin.Double
                    get() = value("f017")
                    set(value) = put("f017", value)
                public var f018: kotlin.Double
                    get() = value("f018")
                    set(value) = put("f018", value)
                public var f019: kotlin.Double
                    get() = value("f019")
                    set(value) = put("f019", value)
                public var f020: kotlin.Double
                    get() = value("f020")
                    set(value) = put("f020", value)
                public var f021: kotlin.Double
                    get() = value("f021")
                    set(value) = put("f021", value)
                public var f022: kotlin.Double
                    get() = value("f022")
                    set(value) = put("f022", value)
                public var f023: kotlin.Double
                    get() = value("f023")
                    set(value) = put("f023", value)
                public var f024: kotlin.Double
                    get() = value("f024")
                    set(value) = put("f024", value)
                public var f025: kotlin.Double
                    get() = value("f025")
                    set(value) = put("f025", value)
                public var f026: kotlin.Double
                    get() = value("f026")
                    set(value) = put("f026", value)
                public var f027: kotlin.Double
                    get() = value("f027")
                    set(value) = put("f027", value)
                public var f028: kotlin.Double
                    get() = value("f028")
                    set(value) = put("f028", value)
                public var f029: kotlin.Double
                    get() = value("f029")
                    set(value) = put("f029", value)
                public var f030: kotlin.Double
                    get() = value("f030")
                    set(value) = put("f030", value)
                public var f031: kotlin.Double
                    get() = value("f031")
                    set(value) = put("f031", value)
                public var f032: kotlin.Double
                    get() = value("f032")
                    set(value) = put("f032", value)
                public var f033: kotlin.Double
                    get() = value("f033")
                    set(value) = put("f033", value)
                public var f034: kotlin.Double
                    get() = value("f034")
                    set(value) = put("f034", value)
                public var f035: kotlin.Double
                    get() = value("f035")
                    set(value) = put("f035", value)
                public var f036: kotlin.Double
                    get() = value("f036")
                    set(value) = put("f036", value)
                public var f037: kotlin.Double
                    get() = value("f037")
                    set(value) = put("f037", value)
                public var f038: kotlin.Double
                    get() = value("f038")
                    set(value) = put("f038", value)
                public var f039: kotlin.Double
                    get() = value("f039")
                    set(value) = put("f039", value)
                public var f040: kotlin.Double
                    get() = value("f040")
                    set(value) = put("f040", value)
                public var f041: kotlin.Double
                    get() = value("f041")
                    set(value) = put("f041", value)
                public var f042: kotlin.Double
                    get() = value("f042")
                    set(value) = put("f042", value)
                public var f043: kotlin.Double
                    get() = value("f043")
                    set(value) = put("f043", value)
                public var f044: kotlin.Double
                    get() = value("f044")
                    set(value) = put("f044", value)
                public var f045: kotlin.Double
                    get() = value("f045")
                    set(value) = put("f045", value)
                public var f046: kotlin.Double
                    get() = value("f046")
                    set(value) = put("f046", value)
                public var f047: kotlin.Double
                    get() = value("f047")
                    set(value) = put("f047", value)
                public var f048: kotlin.Double
                    get() = value("f048")
                    set(value) = put("f048", value)
                public var f049: kotlin.Double
                    get() = value("f049")
                    set(value) = put("f049", value)
                public var f050: kotlin.Double
                    get() = value("f050")
                    set(value) = put("f050", value)
                public var f051: kotlin.Double
                    get() = value("f051")
                    set(value) = put("f051", value)
                public var f052: kotlin.Double
                    get() = value("f052")
                    set(value) = put("f052", value)
                public var f053: kotlin.Double
                    get() = value("f053")
                    set(value) = put("f053", value)
                public var f054: kotlin.Double
                    get() = value("f054")
                    set(value) = put("f054", value)
                public var f055: kotlin.Double
                    get() = value("f055")
                    set(value) = put("f055", value)
                public var f056: kotlin.Double
                    get() = value("f056")
                    set(value) = put("f056", value)
                public var f057: kotlin.Double
                    get() = value("f057")
                    set(value) = put("f057", value)
                public var f058: kotlin.Double
                    get() = value("f058")
                    set(value) = put("f058", value)
                public var f059: kotlin.Double
                    get() = value("f059")
                    set(value) = put("f059", value)
                public var f060: kotlin.Double
                    get() = value("f060")
                    set(value) = put("f060", value)
                public var f061: kotlin.Double
                    get() = value("f061")
                    set(value) = put("f061", value)
                public var f062: kotlin.Double
                    get() = value("f062")
                    set(value) = put("f062", value)
                public var f063: kotlin.Double
                    get() = value("f063")
                    set(value) = put("f063", value)
                public var f064: kotlin.Double
                    get() = value("f064")
                    set(value) = put("f064", value)
                public var f065: kotlin.Double
                    get() = value("f065")
                    set(value) = put("f065", value)
                public var f066: kotlin.Double
                    get() = value("f066")
                    set(value) = put("f066", value)
                public var f067: kotlin.Double
                    get() = value("f067")
                    set(value) = put("f067", value)
                public var f068: kotlin.Double
                    get() = value("f068")
                    set(value) = put("f068", value)
                public var f069: kotlin.Double
                    get() = value("f069")
                    set(value) = put("f069", value)
                public var f070: kotlin.Double
                    get() = value("f070")
                    set(value) = put("f070", value)
                public var f071: kotlin.Double
                    get() = value("f071")
                    set(value) = put("f071", value)
                public var f072: kotlin.Double
                    get() = value("f072")
                    set(value) = put("f072", value)
                public var f073: kotlin.Double
                    get() = value("f073")
                    set(value) = put("f073", value)
                public var f074: kotlin.Double
                    get() = value("f074")
                    set(value) = put("f074", value)
                public var f075: kotlin.Double
                    get() = value("f075")
                    set(value) = put("f075", value)
                public var f076: kotlin.Double
                    get() = value("f076")
                    set(value) = put("f076", value)
                public var f077: kotlin.Double
                    get() = value("f077")
                    set(value) = put("f077", value)
                public var f078: kotlin.Double
                    get() = value("f078")
                    set(value) = put("f078", value)
                public var f079: kotlin.Double
                    get() = value("f079")
                    set(value) = put("f079", value)
                public var f080: kotlin.Double
                    get() = value("f080")
                    set(value) = put("f080", value)
                public var f081: kotlin.Double
                    get() = value("f081")
                    set(value) = put("f081", value)
                public var f082: kotlin.Double
                    get() = value("f082")
                    set(value) = put("f082", value)
                public var f083: kotlin.Double
                    get() = value("f083")
                    set(value) = put("f083", value)
                public var f084: kotlin.Double
                    get() = value("f084")
                    set(value) = put("f084", value)
                public var f085: kotlin.Double
                    get() = value("f085")
                    set(value) = put("f085", value)
                public var f086: kotlin.Double
                    get() = value("f086")
                    set(value) = put("f086", value)
                public var f087: kotlin.Double
                    get() = value("f087")
                    set(value) = put("f087", value)
                public var f088: kotlin.Double
                    get() = value("f088")
                    set(value) = put("f088", value)
                public var f089: kotlin.Double
                    get() = value("f089")
                    set(value) = put("f089", value)
                public var f090: kotlin.Double
                    get() = value("f090")
                    set(value) = put("f090", value)
                public var f091: kotlin.Double
                    get() = value("f091")
                    set(value) = put("f091", value)
                public var f092: kotlin.Double
                    get() = value("f092")
                    set(value) = put("f092", value)
                public var f093: kotlin.Double
                    get() = value("f093")
                    set(value) = put("f093", value)
                public var f094: kotlin.Double
                    get() = value("f094")
                    set(value) = put("f094", value)
                public var f095: kotlin.Double
                    get() = value("f095")
                    set(value) = put("f095", value)
                public var f096: kotlin.Double
                    get() = value("f096")
                    set(value) = put("f096", value)
                public var f097: kotlin.Double
                    get() = value("f097")
                    set(value) = put("f097", value)
                public var f098: kotlin.Double
                    get() = value("f098")
                    set(value) = put("f098", value)
                public var f099: kotlin.Double
                    get() = value("f099")
                    set(value) = put("f099", value)
                public var f100: kotlin.Double
                    get() = value("f100")
                    set(value) = put("f100", value)
                public var f101: kotlin.Double
                    get() = value("f101")
                    set(value) = put("f101", value)
                public var f102: kotlin.Double
                    get() = value("f102")
                    set(value) = put("f102", value)
                public var f103: kotlin.Double
                    get() = value("f103")
                    set(value) = put("f103", value)
                public var f104: kotlin.Double
                    get() = value("f104")
                    set(value) = put("f104", value)
                public var f105: kotlin.Double
                    get() = value("f105")
                    set(value) = put("f105", value)
                public var f106: kotlin.Double
                    get() = value("f106")
                    set(value) = put("f106", value)
                public var f107: kotlin.Double
                    get() = value("f107")
                    set(value) = put("f107", value)
                public var f108: kotlin.Double
                    get() = value("f108")
                    set(value) = put("f108", value)
                public var f109: kotlin.Double
                    get() = value("f109")
                    set(value) = put("f109", value)
                public var f110: kotlin.Double
                    get() = value("f110")
                    set(value) = put("f110", value)
                public var f111: kotlin.Double
                    get() = value("f111")
                    set(value) = put("f111", value)
                public var f112: kotlin.Double
                    get() = value("f112")
                    set(value) = put("f112", value)
                public var f113: kotlin.Double
                    get() = value("f113")
                    set(value) = put("f113", value)
                public var f114: kotlin.Double
                    get() = value("f114")
                    set(value) = put("f114", value)
                public var f115: kotlin.Double
                    get() = value("f115")
                    set(value) = put("f115", value)
                public var f116: kotlin.Double
                    get() = value("f116")
                    set(value) = put("f116", value)
                public var f117: kotlin.Double
                    get() = value("f117")
                    set(value) = put("f117", value)
                public var f118: kotlin.Double
                    get() = value("f118")
                    set(value) = put("f118", value)
                public var f119: kotlin.Double
                    get() = value("f119")
                    set(value) = put("f119", value)
                public var f120: kotlin.Double
                    get() = value("f120")
                    set(value) = put("f120", value)
                public var f121: kotlin.Double
                    get() = value("f121")
                    set(value) = put("f121", value)
                public var f122: kotlin.Double
                    get() = value("f122")
                    set(value) = put("f122", value)
                public var f123: kotlin.Double
                    get() = value("f123")
                    set(value) = put("f123", value)
                public var f124: kotlin.Double
                    get() = value("f124")
                    set(value) = put("f124", value)
                public var f125: kotlin.Double
                    get() = value("f125")
                    set(value) = put("f125", value)
                public var f126: kotlin.Double
                    get() = value("f126")
                    set(value) = put("f126", value)
                public var f127: kotlin.Double
                    get() = value("f127")
                    set(value) = put("f127", value)
                public var f128: kotlin.Double
                    get() = value("f128")
                    set(value) = put("f128", value)
                public var f129: kotlin.Double
                    get() = value("f129")
                    set(value) = put("f129", value)
            }

            public object Type : com.convexgateway.client.types.WideType<Rows.UnionRow.Wide>(
                "Wide",
                { Rows.UnionRow.Wide(it) },
                Types.literal("kind", "wide"),
                Types.required("f000", Types.number),
                Types.required("f001", Types.number),
                Types.required("f002", Types.number),
                Types.required("f003", Types.number),
                Types.required("f004", Types.number),
                Types.required("f005", Types.number),
                Types.required("f006", Types.number),
                Types.required("f007", Types.number),
                Types.required("f008", Types.number),
                Types.required("f009", Types.number),
                Types.required("f010", Types.number),
                Types.required("f011", Types.number),
                Types.required("f012", Types.number),
                Types.required("f013", Types.number),
                Types.required("f014", Types.number),
                Types.required("f015", Types.number),
                Types.required("f016", Types.number),
                Types.required("f017", Types.number),
                Types.required("f018", Types.number),
                Types.required("f019", Types.number),
                Types.required("f020", Types.number),
                Types.required("f021", Types.number),
                Types.required("f022", Types.number),
                Types.required("f023", Types.number),
                Types.required("f024", Types.number),
                Types.required("f025", Types.number),
                Types.required("f026", Types.number),
                Types.required("f027", Types.number),
                Types.required("f028", Types.number),
                Types.required("f029", Types.number),
                Types.required("f030", Types.number),
                Types.required("f031", Types.number),
                Types.required("f032", Types.number),
                Types.required("f033", Types.number),
                Types.required("f034", Types.number),
                Types.required("f035", Types.number),
                Types.required("f036", Types.number),
                Types.required("f037", Types.number),
                Types.required("f038", Types.number),
                Types.required("f039", Types.number),
                Types.required("f040", Types.number),
                Types.required("f041", Types.number),
                Types.required("f042", Types.number),
                Types.required("f043", Types.number),
                Types.required("f044", Types.number),
                Types.required("f045", Types.number),
                Types.required("f046", Types.number),
                Types.required("f047", Types.number),
                Types.required("f048", Types.number),
                Types.required("f049", Types.number),
                Types.required("f050", Types.number),
                Types.required("f051", Types.number),
                Types.required("f052", Types.number),
                Types.required("f053", Types.number),
                Types.required("f054", Types.number),
                Types.required("f055", Types.number),
                Types.required("f056", Types.number),
                Types.required("f057", Types.number),
                Types.required("f058", Types.number),
                Types.required("f059", Types.number),
                Types.required("f060", Types.number),
                Types.required("f061", Types.number),
                Types.required("f062", Types.number),
                Types.required("f063", Types.number),
                Types.required("f064", Types.number),
                Types.required("f065", Types.number),
                Types.required("f066", Types.number),
                Types.required("f067", Types.number),
                Types.required("f068", Types.number),
                Types.required("f069", Types.number),
                Types.required("f070", Types.number),
                Types.required("f071", Types.number),
                Types.required("f072", Types.number),
                Types.required("f073", Types.number),
                Types.required("f074", Types.number),
                Types.required("f075", Types.number),
                Types.required("f076", Types.number),
                Types.required("f077", Types.number),
                Types.required("f078", Types.number),
                Types.required("f079", Types.number),
                Types.required("f080", Types.number),
                Types.required("f081", Types.number),
                Types.required("f082", Types.number),
                Types.required("f083", Types.number),
                Types.required("f084", Types.number),
                Types.required("f085", Types.number),
                Types.required("f086", Types.number),
                Types.required("f087", Types.number),
                Types.required("f088", Types.number),
                Types.required("f089", Types.number),
                Types.required("f090", Types.number),
                Types.required("f091", Types.number),
                Types.required("f092", Types.number),
                Types.required("f093", Types.number),
                Types.required("f094", Types.number),
                Types.required("f095", Types.number),
                Types.required("f096", Types.number),
                Types.required("f097", Types.number),
                Types.required("f098", Types.number),
                Types.required("f099", Types.number),
                Types.required("f100", Types.number),
                Types.required("f101", Types.number),
                Types.required("f102", Types.number),
                Types.required("f103", Types.number),
                Types.required("f104", Types.number),
                Types.required("f105", Types.number),
                Types.required("f106", Types.number),
                Types.required("f107", Types.number),
                Types.required("f108", Types.number),
                Types.required("f109", Types.number),
                Types.required("f110", Types.number),
                Types.required("f111", Types.number),
                Types.required("f112", Types.number),
                Types.required("f113", Types.number),
                Types.required("f114", Types.number),
                Types.required("f115", Types.number),
                Types.required("f116", Types.number),
                Types.required("f117", Types.number),
                Types.required("f118", Types.number),
                Types.required("f119", Types.number),
                Types.required("f120", Types.number),
                Types.required("f121", Types.number),
                Types.required("f122", Types.number),
                Types.required("f123", Types.number),
                Types.required("f124", Types.number),
                Types.required("f125", Types.number),
                Types.required("f126", Types.number),
                Types.required("f127", Types.number),
                Types.required("f128", Types.number),
                Types.required("f129", Types.number),
            )
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Rows.UnionRow

        public object Type : com.convexgateway.client.types.ConvexType<Rows.UnionRow>("UnionRow") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Rows.UnionRow = when {
                Types.has(json, "kind", "none") -> Rows.UnionRow.None.Type.read(json)
                Types.has(json, "kind", "wide") -> Rows.UnionRow.Wide.Type.read(json)
                else -> Rows.UnionRow.Unknown(json)
            }

            override fun write(value: Rows.UnionRow): kotlinx.serialization.json.JsonElement = when (value) {
                is Rows.UnionRow.None -> Rows.UnionRow.None.Type.write(value)
                is Rows.UnionRow.Wide -> Rows.UnionRow.Wide.Type.write(value)
                is Rows.UnionRow.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Rows.UnionArgs.Type::class)
    public data class UnionArgs(
        public val row: Rows.UnionRow,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Rows.UnionArgs>("UnionArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Rows.UnionArgs = Rows.UnionArgs(
                from.required("row", Rows.UnionRow.Type),
            )

            override fun write(value: Rows.UnionArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("row", value.row, Rows.UnionRow.Type)
            }
        }
    }
}

package com.convexgateway.api

import java.io.File
import java.util.jar.JarFile
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlinx.validation.api.dump
import kotlinx.validation.api.filterOutNonPublic
import kotlinx.validation.api.loadApiFromJvmClasses

/**
 * The public API of each library is the one that is checked in beside this module's POM. After a change on purpose, `-Dapi.write`
 * writes it again: `mvn -pl api -am test -Dapi.write -Dtest=ApiTest -Dsurefire.failIfNoSpecifiedTests=false`.
 */
class ApiTest {
    private val classpath = System.getProperty("surefire.test.class.path").split(File.pathSeparator).map(::File)

    /** Of a jar, or of classes that were not packed yet; without the stubs of the contract, which are not the API. */
    private fun dumpOf(module: String, artifact: String): String {
        val place = classpath.single { it.path.endsWith("/$module/target/classes") || it.name.startsWith("$artifact-") }
        val classes = if (place.isDirectory) {
            place.walk().filter { it.extension == "class" }.map { it.inputStream() }.loadApiFromJvmClasses()
        } else {
            JarFile(place).use { it.loadApiFromJvmClasses() }
        }
        val own = classes.filterOutNonPublic(nonPublicPackages = listOf("com.convexgateway.v1"))
        check(own.isNotEmpty()) { "no classes in $place" }
        return StringBuilder().also { own.dump(it) }.toString()
    }

    private fun check(module: String, artifact: String) {
        val dump = dumpOf(module, artifact)
        assertNull(dump.lineSequence().firstOrNull { hidden in it }, "it is no part of the public API")
        val file = File("$artifact.api")
        if (System.getProperty("api.write") != null) file.writeText(dump)
        assertEquals(file.takeIf { it.exists() }?.readText(), dump, "the API is another one than in api/$file")
    }

    private val hidden = Regex("io/grpc/|com/convexgateway/v1/|com/google/protobuf/|okio/")

    private operator fun Regex.contains(line: String) = containsMatchIn(line)

    @Test
    fun `the client`() = check("core", "convexgateway-client")

    @Test
    fun `the bridge to Clerk`() = check("clerk", "convexgateway-clerk")

    @Test
    fun `the library for Android`() = check("android", "convexgateway-android")

    @Test
    fun `the client for tests`() = check("testing", "convexgateway-testing")
}

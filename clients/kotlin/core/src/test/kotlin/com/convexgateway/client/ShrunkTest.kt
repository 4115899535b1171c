package com.convexgateway.client

import java.io.File
import java.nio.file.Path
import java.util.jar.JarFile
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream
import kotlin.test.Test
import kotlin.test.assertEquals
import org.junit.jupiter.api.io.TempDir

/** The shrinking rules in the library and its dependencies are sufficient for R8 in full mode. */
class ShrunkTest {
    @TempDir
    lateinit var folder: Path

    private val classpath = System.getProperty("surefire.test.class.path").split(File.pathSeparator).map(::File)
    private val r8 = classpath.single { it.name.startsWith("r8-") }
    private val notOfApps = Regex("^(r8|junit|opentest4j|apiguardian|kotlin-test|kotlinx-coroutines-test)-.*")

    /** Without the optimizer: its output for the JVM, which phones do not run, does not always pass the JVM's verifier. */
    private val ofApp = """
        -keep class com.convexgateway.shrunk.ShrunkAppKt { public static void main(java.lang.String[]); }
        -dontoptimize
    """

    @Test
    fun `an app works after R8 has shrunk it`() {
        val app = zip(File("target/test-classes"), "app.jar") { it.startsWith("com/convexgateway/shrunk/") || it.startsWith("com/example/") }
        val library = zip(File("target/classes"), "library.jar") { true }
        val jars = classpath.filter { it.isFile && !notOfApps.matches(it.name) } + library + app
        val rules = jars.flatMap(::rules) + file("app.pro", ofApp)
        val shrunk = folder.resolve("shrunk.jar").toString()
        java(
            "-cp", r8.path, "com.android.tools.r8.R8", "--classfile", "--release", "--lib", System.getProperty("java.home"),
            *rules.flatMap { listOf("--pg-conf", it.path) }.toTypedArray(), "--output", shrunk,
            *jars.map { it.path }.toTypedArray(),
        )
        val dev = DevGateway.shared
        val said = java("-cp", shrunk, "com.convexgateway.shrunk.ShrunkAppKt", dev.target, dev.token("shrunk"))
        assertEquals("all of it works", said.trim())
    }

    private fun java(vararg arguments: String): String {
        val output = folder.resolve("output").toFile()
        val process = ProcessBuilder(File(System.getProperty("java.home"), "bin/java").path, *arguments)
            .redirectErrorStream(true).redirectOutput(output).start()
        check(process.waitFor() == 0) { output.readText() }
        return output.readText()
    }

    /** The rules in a jar, selected as by Android's build: those for R8 if there are some. */
    private fun rules(jar: File): List<File> = JarFile(jar).use { content ->
        val all = content.entries().asSequence().filter { !it.isDirectory }.toList()
        fun within(place: String) = all.filter { it.name.startsWith(place) }
        within("META-INF/com.android.tools/r8").ifEmpty { within("META-INF/proguard/") }.map {
            file("${jar.name}-${it.name.replace('/', '_')}", content.getInputStream(it).reader().readText())
        }
    }

    private fun zip(classes: File, name: String, fits: (String) -> Boolean): File {
        val target = folder.resolve(name).toFile()
        ZipOutputStream(target.outputStream()).use { zip ->
            for (file in classes.walk().filter { it.isFile && fits(it.relativeTo(classes).invariantSeparatorsPath) }) {
                zip.putNextEntry(ZipEntry(file.relativeTo(classes).invariantSeparatorsPath))
                file.inputStream().use { it.copyTo(zip) }
            }
        }
        return target
    }

    private fun file(name: String, text: String): File = folder.resolve(name).toFile().apply { writeText(text) }
}

package com.convexgateway.client

import kotlinx.serialization.KSerializer

/**
 * A function of a deployment with the types of its arguments and its result. It makes calls from arguments, and fakes decode
 * the arguments with it:
 *
 *     val list = QueryFunction("messages:list", ListArgs.serializer(), ListSerializer(Message.serializer()))
 *     client.subscribe(list(ListArgs(channel = "general")))
 *
 * @property path of the function, `messages:list`
 * @property argsType encodes and decodes the arguments, a class whose fields are the arguments
 * @property resultType encodes and decodes the result
 */
public sealed class FunctionReference<A, T>(
    public val path: String,
    public val argsType: KSerializer<A>,
    public val resultType: KSerializer<T>,
)

/** A query. */
public open class QueryFunction<A, T>(path: String, argsType: KSerializer<A>, resultType: KSerializer<T>) :
    FunctionReference<A, T>(path, argsType, resultType) {
    /** The call with [args]. */
    public operator fun invoke(args: A): Query<T> = Query(path, argsOf(args, argsType), resultType)
}

/** A mutation. */
public open class MutationFunction<A, T>(path: String, argsType: KSerializer<A>, resultType: KSerializer<T>) :
    FunctionReference<A, T>(path, argsType, resultType) {
    /** The call with [args]. For [requestId], see [Mutation.requestId]. */
    public operator fun invoke(args: A, requestId: String? = null): Mutation<T> =
        Mutation(path, argsOf(args, argsType), resultType, requestId)
}

/** An action. */
public open class ActionFunction<A, T>(path: String, argsType: KSerializer<A>, resultType: KSerializer<T>) :
    FunctionReference<A, T>(path, argsType, resultType) {
    /** The call with [args]. */
    public operator fun invoke(args: A): Action<T> = Action(path, argsOf(args, argsType), resultType)
}

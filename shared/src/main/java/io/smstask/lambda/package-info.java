/**
 * Lambda's border: a function's handler and its invocations, the HTTP events of API Gateway and function URLs in and out,
 * the task as JSON, and the log. The event types are AWS's; they are filled and written here, since the runtime's own
 * binding costs more than the rest of a call.
 */
@NullMarked
package io.smstask.lambda;

import org.jspecify.annotations.NullMarked;

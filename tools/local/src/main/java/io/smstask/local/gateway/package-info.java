/** API Gateway and Lambda on 127.0.0.1: real HTTP in, real event JSON to the real handlers. */
@NullMarked
package io.smstask.local.gateway;

import org.jspecify.annotations.NullMarked;

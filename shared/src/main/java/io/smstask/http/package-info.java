/** HTTP over aws-crt: one TLS context for all hosts, attempts to connect that race, connections that are kept. */
@NullMarked
package io.smstask.http;

import org.jspecify.annotations.NullMarked;

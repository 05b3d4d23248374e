/**
 * The stack on one machine: the real handlers behind an HTTP gateway that reads its routes from template.yaml, DynamoDB
 * Local, a Twilio simulator and small AWS endpoints, all on 127.0.0.1.
 */
@NullMarked
package io.smstask.local;

import org.jspecify.annotations.NullMarked;

/** Twilio's credentials: the caller's own, or the stack's from Secrets Manager. */
@NullMarked
package io.smstask.credentials;

import org.jspecify.annotations.NullMarked;

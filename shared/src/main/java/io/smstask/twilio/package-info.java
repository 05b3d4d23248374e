/**
 * What the functions need to know of Twilio's side: the account's credentials, from the caller or from Secrets Manager, the
 * callback key and URL, with the caller's AuthToken sealed with that key, and what Twilio says of a message.
 */
@NullMarked
package io.smstask.twilio;

import org.jspecify.annotations.NullMarked;

/** The AWS services that the functions use, on 127.0.0.1. */
@NullMarked
package io.smstask.local.aws;

import org.jspecify.annotations.NullMarked;

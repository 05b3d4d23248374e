/**
 * Reads {@code template.yaml}, so that the local stack has the routes, handlers, environment, table and indexes of the
 * deployed one.
 */
@NullMarked
package io.smstask.local.template;

import org.jspecify.annotations.NullMarked;

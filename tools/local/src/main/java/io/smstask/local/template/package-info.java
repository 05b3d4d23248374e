/**
 * Reads {@code template.yaml}, so that what runs on one machine has the routes, handlers, environment, table and
 * indexes of what is deployed.
 */
@NullMarked
package io.smstask.local.template;

import org.jspecify.annotations.NullMarked;

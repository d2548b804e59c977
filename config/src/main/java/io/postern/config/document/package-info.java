/**
 * What did the operator write, and what is wrong with it? YAML with the place of every value, held against a JSON
 * Schema that also carries the defaults.
 * Knows {@code grammar} for values with units; is known by the readers of settings and policy.
 */
@NullMarked
package io.postern.config.document;

import org.jspecify.annotations.NullMarked;
